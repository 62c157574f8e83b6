// Locks by zone and reason beside the waits of the zone, as rows: what its idle seconds are tuned
// by. Pure.

import type { LocksCounted, LocksShown } from '@wardkey/protocol/admin/speed/locks'
import type { ZoneShown } from '@wardkey/protocol/admin/workstations'
import { counted } from '../../parts/names.ts'

export interface LockRow {
  readonly zoneId: string
  readonly label: string
  /** Nothing where nothing locked there. */
  readonly reason: string | undefined
  readonly locks: number
  readonly saidWrong: number
  /** In milliseconds; nothing where this broker's zones do not have it. */
  readonly waits: Readonly<Record<WaitName, number | undefined>>
}

export const waitNames = ['idleMs', 'fadeMs', 'presentIdleMs', 'awayIdleMs'] as const
export type WaitName = (typeof waitNames)[number]

/** Every zone once at least; those with most wrong locks first. */
export function lockRows(
  { counts }: Pick<LocksShown, 'counts'>,
  zones: readonly ZoneShown[],
): readonly LockRow[] {
  const known = zones.flatMap((zone) => {
    const own = counts.filter(({ zoneId }) => zoneId === zone.zoneId)
    return own.length === 0 ? [rowOf(zone, undefined)] : own.map((count) => rowOf(zone, count))
  })
  return [...known].sort((a, b) => b.saidWrong - a.saidWrong || b.locks - a.locks)
}

function rowOf({ zoneId, label, rules }: ZoneShown, count: LocksCounted | undefined): LockRow {
  const wait = (name: WaitName): number | undefined => {
    const ms = rules[name]
    return typeof ms === 'number' ? ms : undefined
  }
  const { reason, locks = 0, saidWrong = 0 } = count ?? {}
  const waits = Object.fromEntries(waitNames.map((name) => [name, wait(name)]))
  return { zoneId, label, reason, locks, saidWrong, waits: waits as LockRow['waits'] }
}

/** Of a hundred locks; a dash where there were none. Somebody may say so of a lock of before. */
export function shareText({ locks, saidWrong }: Pick<LockRow, 'locks' | 'saidWrong'>): string {
  if (locks === 0) return saidWrong === 0 ? '–' : '100'
  const share = Math.min(100, (100 * saidWrong) / locks)
  return share > 0 && share < 1 ? share.toFixed(1) : String(Math.round(share))
}

/** The answer above the fold. */
export function sentenceOf(rows: readonly LockRow[]): string {
  const locks = rows.reduce((sum, row) => sum + row.locks, 0)
  const wrong = rows.reduce((sum, row) => sum + row.saidWrong, 0)
  const most = rows.find(({ saidWrong }) => saidWrong > 0)
  const said = `${counted(wrong, 'lock')} of ${String(locks)} said to be wrong`
  if (!most) return `${said}.`
  return `${said}, most of them in ${most.label}.`
}
