// Words of exceptions as the page writes them. Pure.

import type { ExceptionShown } from '@wardkey/protocol/admin/exceptions/exceptions'

const states: Readonly<Record<ExceptionShown['state'], string>> = {
  proposed: 'waits for a word',
  holds: 'holds',
  rejected: 'turned down',
  ended: 'over',
}
export const exceptionStateText = ({ state }: Pick<ExceptionShown, 'state'>): string =>
  states[state]

/** `role charge-nurse`, `zone 4-west`. */
export const whatText = ({ kind, what }: Pick<ExceptionShown, 'kind' | 'what'>): string =>
  `${kind} ${what}`

/** What waits first, then what holds; the newest first among equals. */
const ranks: Readonly<Record<ExceptionShown['state'], number>> = {
  proposed: 0,
  holds: 1,
  rejected: 2,
  ended: 2,
}
export const inTheirOrder = (all: readonly ExceptionShown[]): readonly ExceptionShown[] =>
  all.toSorted((a, b) => ranks[a.state] - ranks[b.state] || b.proposed.atMs - a.proposed.atMs)
