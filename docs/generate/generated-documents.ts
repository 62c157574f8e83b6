// What is made from the code, as text: pages of docs/, and what policies are set with, in
// installers/. It reads tables and writes nothing.

import { managedPreferences } from '@wardkey/agent/platform/policy/plist-layer'
import { installerKey, policyKey } from '@wardkey/agent/platform/policy/registry-layer'
import { settingsTable as agentSettings } from '@wardkey/agent/platform/settings-table'
import { technologies } from '@wardkey/broker/identity/badge-technology'
import { settingsTable as brokerSettings } from '@wardkey/broker/platform/settings-table'
import { adminRefusalCodes, faultCodes, invalidCodes, refusalCodes } from '@wardkey/protocol/codes'
import type { Code } from '@wardkey/protocol/codes'
import { enrolRefusals } from '@wardkey/protocol/refusals/fleet-refusals'
import { factCodes } from '@wardkey/protocol/fact-codes'
import { doctorDocument } from './doctor-document.ts'
import { evidenceDocument } from './evidence-document.ts'
import { groupPolicyTemplate, groupPolicyWords } from './group-policy.ts'
import { linuxFile } from './linux-file.ts'
import { macProfile } from './mac-profile.ts'
import { machineDocument } from './machine-document.ts'
import { retentionDocument } from './retention-document.ts'

interface Setting {
  readonly key: string
  readonly type: string
  readonly defaultText: string
  readonly secret: boolean
  readonly sentence: string
  readonly env?: string
}

/** The path of a file, from the repository's folder, to what it has to say. */
export function generatedDocuments(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/settings.md', settingsDocument()],
    ['docs/codes.md', codesDocument()],
    ['docs/doctor.md', doctorDocument(notice, table)],
    ['docs/evidence.md', evidenceDocument(notice, table)],
    ['docs/machine.md', machineDocument(notice)],
    ['docs/retention-classes.md', retentionDocument(notice, table)],
    ['installers/windows/policy/wardkey.admx', groupPolicyTemplate(notice)],
    ['installers/windows/policy/en-US/wardkey.adml', groupPolicyWords(notice)],
    ['installers/macos/wardkey-agent.mobileconfig', macProfile(noticeOfCopies)],
    ['installers/linux/agent.yaml', linuxFile(noticeOfCopies)],
  ])
}

const noticeOfCopies = 'Made from the code by `npm run docs`; a test holds it to it.'
const notice = `${noticeOfCopies} Do not edit.`

function settingsDocument(): string {
  return `# Settings

${notice}

Both programs read a YAML file and the environment. A setting that is not known, or does not parse,
is named and nothing starts. A point in a name is a level of the file: \`broker.addresses\` may be
written as \`broker:\` with \`addresses:\` below it.

## The agent

A setting has one name everywhere, and comes from the first of these that says it
([decision 0044](decisions/0044-policy-comes-first-and-is-locked.md)):

${table(
  ['', 'Windows', 'macOS', 'Linux'],
  [
    [
      '1. policy',
      code(`HKLM\\${policyKey}`),
      code(managedPreferences),
      code('/etc/wardkey/agent.d/*.yaml'),
    ],
    ['2. command line', code('--set key=value'), 'the same', 'the same'],
    ['3. environment', 'the variable below', 'the same', 'the same'],
    [
      '4. file',
      code('%ProgramData%\\Wardkey\\agent.yaml'),
      code('/Library/Application Support/Wardkey/agent.yaml'),
      code('/etc/wardkey/agent.yaml'),
    ],
    ['5. installer', code(`HKLM\\${installerKey}`), '', ''],
    ['6. default', '“unless set” below', 'the same', 'the same'],
  ],
)}

What policy says is locked: the command line and the environment are passed over, and the command
says so. \`--settings FILE\` stands in place of the machine’s own file, never of policy. Policy and
machine files that others than administrators can write are refused, and nothing starts. A name that
is not known is passed over in policy, which reaches machines ahead of a release, and said.

\`wardkey-agent settings\` lists every setting with its value and where it comes from; of \`programs\`
it says only whether it is set, since arguments may hold a password.

To set them: \`installers/windows/policy\` (ADMX and ADML, for group policy and Intune; the registry
holds a list or a map as text with commas, \`programs\` as JSON, yes and no as 1 and 0),
\`installers/macos/wardkey-agent.mobileconfig\` (a profile to fill in) and
\`installers/linux/agent.yaml\`.

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

## Refusals to a computer that enrols

${codeRows(enrolRefusals)}

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
