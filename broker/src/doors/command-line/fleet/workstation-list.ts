// The list of workstations: which of them are picked, and how each line reads. Pure.

import type { WorkstationShown } from '@wardkey/protocol/admin/workstations'
import { updateWords } from '@wardkey/protocol/admin/updates/update-words'
import { wholeNumber } from '../whole-number.ts'
import { textTable, textTime } from '../text-table.ts'

export interface ListOptions {
  readonly zone?: string
  /** True where it is said without a number. */
  readonly stale?: string | true
  readonly unhealthy?: boolean
  readonly version?: string
  readonly csv?: boolean
}

const dayMs = 86_400_000
const staleDays = 7
const staleDaysMax = 3650

/** Those that all of the options fit. Refuses days that are no number. */
export function picker(
  { zone, stale, unhealthy, version }: ListOptions,
  nowMs: number,
): (one: WorkstationShown) => boolean {
  const days = typeof stale === 'string' ? wholeNumber(stale, '--stale', staleDaysMax) : staleDays
  return (one) => {
    const seenMs = one.seenMs ?? one.enrolledMs
    const isStale = one.status === 'active' && nowMs - seenMs > days * dayMs
    return (
      (zone === undefined || one.zoneId === zone) &&
      (stale === undefined || isStale) &&
      (unhealthy !== true || one.troubles.length > 0) &&
      (version === undefined || versionOf(one) === version)
    )
  }
}

const heads = ['ID', 'PLACE', 'ZONE', 'STATE', 'WRONG', 'READER', 'SYSTEM', 'AGENT', 'SEEN (UTC)']

export function tableOf(workstations: readonly WorkstationShown[]): string {
  const rows = workstations.map((one) => [...rowOf(one), updateOf(one)])
  return textTable([...heads, 'UPDATE'], rows)
}

/** Fields that a spreadsheet would take for a formula begin with a quote. */
export function csvOf(workstations: readonly WorkstationShown[]): string {
  const rows = workstations.map((one) => [
    ...rowOf(one),
    one.assetTag ?? '',
    new Date(one.certificateEndsMs).toISOString(),
    updateOf(one),
  ])
  const all = [[...heads, 'ASSET', 'CERTIFICATE UNTIL', 'UPDATE'], ...rows]
  return all.map((row) => `${row.map(fieldOf).join(',')}\r\n`).join('')
}

function fieldOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

function rowOf(one: WorkstationShown): string[] {
  const { madeOf, connection, status } = one
  const state = status === 'revoked' ? 'revoked' : connection ? 'connected' : 'away'
  return [
    one.workstationId,
    one.place,
    one.zoneId,
    state,
    one.troubles.join(' '),
    madeOf?.readers.map(({ model }) => model).join(', ') ?? '',
    madeOf ? `${madeOf.system.platform} ${madeOf.system.release}` : '',
    versionOf(one) ?? '',
    one.seenMs === undefined ? 'never' : textTime(one.seenMs),
  ]
}

function updateOf(one: WorkstationShown): string {
  return updateWords(one.madeOf?.updates, versionOf(one)) ?? ''
}

function versionOf({ connection, madeOf }: WorkstationShown): string | undefined {
  return connection?.agentVersion ?? madeOf?.agentVersion
}
