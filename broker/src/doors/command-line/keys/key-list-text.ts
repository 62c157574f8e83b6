// The list of keys in words, as a table for people and as CSV for a spreadsheet. Pure.

import type { KeyList, KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { keyWords } from '@wardkey/protocol/admin/keys/key-words'
import { textTable, textTime } from '../text-table.ts'

const dayMs = 86_400_000
/** A certificate's fingerprint is long: its beginning tells two apart. The CSV has it whole. */
const idCharsMax = 16
const heads = ['KEY', 'STATE', 'SINCE (UTC)', 'AGE', 'NEXT CHANGE (UTC)', 'ID']
const csvHeads = ['KEY', 'FOR', 'STATE', 'SINCE', 'DAYS', 'NEXT CHANGE', 'ENDS', 'COMMAND', 'ID']

const stateWords: Readonly<Record<KeyShown['state'], string>> = {
  'in-force': 'in force',
  prepared: 'prepared',
  shown: 'shown, not signing yet',
  ending: 'shown until its end',
  ended: 'ended',
}

export function tableOf({ atMs, keys }: KeyList): string {
  const rows = keys.map((key) => [
    ...[titleOf(key), stateOf(key), sinceOf(key, textTime), ageOf(key, atMs)],
    ...[nextOf(key, textTime), idsOf(key)],
  ])
  return textTable(heads, rows) + commandsOf(keys) + withoutOf(keys) + warningsOf(keys)
}

/** Nothing in it is a word of anybody's but the name of a downtime view: quoted, and no formula. */
export function csvOf({ atMs, keys }: KeyList): string {
  const iso = (ms: number): string => new Date(ms).toISOString()
  const rows = keys.map((key) => [
    ...[titleOf(key), keyWords[key.kind].what, stateOf(key)],
    key.sinceMs === undefined ? '' : iso(key.sinceMs),
    key.sinceMs === undefined ? '' : String(Math.floor((atMs - key.sinceMs) / dayMs)),
    nextOf(key, iso),
    key.endsMs === undefined ? '' : iso(key.endsMs),
    ...[key.command ?? '', key.id ?? ''],
  ])
  return [csvHeads, ...rows].map((row) => `${row.map(fieldOf).join(',')}\r\n`).join('')
}

function fieldOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

const titleOf = ({ kind, name }: KeyShown): string =>
  name === undefined ? keyWords[kind].title : `${keyWords[kind].title}: ${name}`

function stateOf({ state, reason, warning }: KeyShown): string {
  const words = reason === 'compromised' ? `${stateWords[state]}, compromised` : stateWords[state]
  if (warning === 'ends-soon') return `${words}, ENDS SOON`
  return warning === 'not-here' ? `${words}, NOT IN THIS KEY FOLDER` : words
}

type Write = (ms: number) => string

const sinceOf = ({ sinceMs, isOlder }: KeyShown, write: Write): string =>
  sinceMs === undefined ? 'not known' : `${write(sinceMs)}${isOlder ? ' or earlier' : ''}`

function ageOf({ sinceMs, isOlder }: KeyShown, atMs: number): string {
  if (sinceMs === undefined) return ''
  const days = String(Math.max(0, Math.floor((atMs - sinceMs) / dayMs)))
  return isOlder ? `${days} d or more` : `${days} d`
}

function nextOf({ state, nextMs, endsMs, rotation, command }: KeyShown, write: Write): string {
  if (state === 'ended') return ''
  if (state === 'prepared') return 'when it is ordered'
  if (nextMs !== undefined) return write(nextMs)
  if (endsMs !== undefined) return `ends ${write(endsMs)}`
  if (rotation === 'file') return 'by another file'
  return command === undefined ? 'cannot be changed yet' : 'by command'
}

/** An authority's is compared with what a workstation sees, so it is there whole. */
const idsOf = ({ kind, id = '' }: KeyShown): string => (kind === 'authority' ? id : shortened(id))

const shortened = (id: string): string =>
  id
    .split(' ')
    .map((one) => one.slice(0, idCharsMax))
    .join(' ')

function commandsOf(keys: readonly KeyShown[]): string {
  const commands = [...new Set(keys.flatMap(({ command }) => command ?? []))]
  return `\nTo change one: ${commands.join('; ')}.\n`
}

function withoutOf(keys: readonly KeyShown[]): string {
  const next = keys.find((key) => key.without !== undefined)
  if (next?.without === undefined) return ''
  const { without, workstations } = next
  const told = workstations
    ? `Active workstations that believe the next authority: ${String(workstations.told)} of ${String(workstations.active)}.\n`
    : ''
  return `${told}Active workstations without a certificate of the next authority: ${String(without)}.\n`
}

function warningsOf(keys: readonly KeyShown[]): string {
  const ends = keys.find(({ warning }) => warning === 'ends-soon')
  if (ends?.endsMs === undefined) return ''
  const when = textTime(ends.endsMs)
  return (
    `\nThe certificate of the workstation authority ends ${when}: from then on no workstation\n` +
    'connects. Another one takes its place within weeks: wardkey-broker keys prepare authority.\n'
  )
}
