// What many emergency accesses show together: reasons that are chosen without being read, rights
// that are missing, people who need it again and again. Pure.

import type { PatternsShown } from '@wardkey/protocol/admin/break-glass'
import type { PersonId } from '@wardkey/protocol/ids'

export interface PatternGrant {
  readonly personId: PersonId
  readonly witnessId: PersonId | null
  readonly zoneId: string
  readonly reason: string
  readonly otherwise: string
  readonly tookMs: number
  readonly position: number
}

/** Whoever had it once shows no pattern. */
const repeatedMin = 2
const repeatedMax = 50

export function patternsOf(grants: readonly PatternGrant[]): Omit<PatternsShown, 'days'> {
  return {
    reasons: groups(grants, ({ reason }) => reason).map(([reason, of]) => ({
      reason,
      ...habit(of),
    })),
    zones: groups(grants, ({ zoneId }) => zoneId).map(([zoneId, of]) => ({ zoneId, ...habit(of) })),
    otherwise: groups(grants, (grant) => grant.otherwise).map(([otherwise, of]) => ({
      otherwise,
      count: of.length,
    })),
    people: repeated(grants.map(({ personId }) => personId)),
    witnesses: repeated(grants.flatMap(({ witnessId }) => witnessId ?? [])),
  }
}

function habit(of: readonly PatternGrant[]) {
  const firsts = of.filter(({ position }) => position === 0).length
  return {
    count: of.length,
    medianTookMs: median(of.map(({ tookMs }) => tookMs)),
    firstShare: Math.round((firsts / of.length) * 1000) / 1000,
  }
}

/** The lower one of two middles: a whole number that somebody really took. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0
}

function repeated(people: readonly PersonId[]) {
  return groups(people, (id) => id)
    .map(([personId, of]) => ({ personId, count: of.length }))
    .filter(({ count }) => count >= repeatedMin)
    .slice(0, repeatedMax)
}

/** The largest first. */
function groups<Item, Key extends string>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): readonly (readonly [Key, readonly Item[]])[] {
  const all = new Map<Key, Item[]>()
  for (const item of items) {
    const group = all.get(keyOf(item))
    if (group) group.push(item)
    else all.set(keyOf(item), [item])
  }
  return [...all].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
}
