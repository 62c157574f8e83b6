// The documents that are made from the code, as text: docs/settings.md, docs/codes.md and
// docs/machine.md. It reads tables and writes nothing.

import { settingsTable as agentSettings } from '@wardkey/agent/platform/settings-table'
import { technologies } from '@wardkey/broker/identity/badge-technology'
import { settingsTable as brokerSettings } from '@wardkey/broker/platform/settings-table'
import { adminRefusalCodes, faultCodes, invalidCodes, refusalCodes } from '@wardkey/protocol/codes'
import type { Code } from '@wardkey/protocol/codes'
import { factCodes } from '@wardkey/protocol/fact-codes'
import { machineDocument } from './machine-document.ts'

interface Setting {
  readonly key: string
  readonly type: string
  readonly defaultText: string
  readonly secret: boolean
  readonly sentence: string
  readonly env?: string
}

/** File name in docs/ to what it has to say. */
export function generatedDocuments(): ReadonlyMap<string, string> {
  return new Map([
    ['settings.md', settingsDocument()],
    ['codes.md', codesDocument()],
    ['machine.md', machineDocument(notice)],
  ])
}

const notice = 'Made from the code by `npm run docs`; a test holds it to it. Do not edit.'

function settingsDocument(): string {
  return `# Settings

${notice}

Both programs read one YAML file, then the environment. A setting that is not known, or does not
parse, is named and nothing starts. A point in a name is a level of the file: \`broker.addresses\`
may be written as \`broker:\` with \`addresses:\` below it.

## The agent

The command line comes before the environment, the environment before the file.

${settingsRows(agentSettings)}

## The broker

\`[]\` stands for each entry of a list. What has no variable can be set in the file only.

${settingsRows(brokerSettings)}
`
}

function settingsRows(settings: readonly Setting[]): string {
  const rows = settings.map(({ key, type, defaultText, secret, sentence, env }) => [
    code(key),
    type,
    defaultText,
    sentence + (secret ? ' **Secret.**' : ''),
    env === undefined ? '' : code(env),
  ])
  return table(['setting', 'type', 'unless set', 'what it does', 'environment'], rows)
}

function codesDocument(): string {
  return `# Codes

${notice}

What people read on a screen is the screen's own wording; these are the operator's words. A code
keeps its meaning for ever: it is not renamed and not used again for something else.

## Refusals

An expected no, given as an answer. It is always in the record.

${codeRows(refusalCodes)}

## Refusals to an administrator

${codeRows(adminRefusalCodes)}

## Not understood

Something came that does not parse. Its sender is told; the log says where.

${codeRows(invalidCodes)}

## Faults

Something that Wardkey leans on failed.

${codeRows(faultCodes)}

## Facts

What the record can hold. Numbers from 101 to 199 are refusals and failures.

${table(
  ['fact', 'means'],
  Object.entries(factCodes).map(([name, { sentence }]) => [code(name), sentence]),
)}

## Card technologies

What a badge of each counts for, from 0 (a bar code) to 5 (a key with a PIN of its own). A number
that is read without a proof can be copied, and is worth 1 however good the card is.

${table(
  ['technology', 'assurance', 'read as'],
  Object.entries(technologies).map(([name, { assurance, from }]) => [
    code(name),
    String(assurance),
    from === 'csn' ? 'the card’s own number' : 'a Wiegand number',
  ]),
)}
`
}

function codeRows(codes: Readonly<Record<string, Code>>): string {
  const rows = Object.entries(codes).map(([name, { sentence, next }]) => [
    code(name),
    sentence,
    next,
  ])
  return table(['code', 'means', 'what to do'], rows)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const code = (text: string): string => `\`${text}\``
