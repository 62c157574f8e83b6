// Words of legal holds as the page writes them. Pure.

import type { HoldShown } from '@wardkey/protocol/admin/forget/holds'
import { utcText } from '../../../parts/time/time-text.ts'

const states: Readonly<Record<HoldShown['state'], string>> = {
  holds: 'holds',
  'lift-asked': 'holds; its end is asked for',
  lifted: 'lifted',
}
export const holdStateText = ({ state }: Pick<HoldShown, 'state'>): string => states[state]

export interface Named {
  readonly person: (id: string) => string
  readonly place: (id: string) => string
}

/** `Rosa Testcase at 4 West 2`, `everybody at 4 West 2`, `everybody, everywhere`. */
export function coversText(
  { personId, workstationId }: Pick<HoldShown, 'personId' | 'workstationId'>,
  named: Named,
): string {
  const whom = personId === undefined ? 'everybody' : named.person(personId)
  return workstationId === undefined
    ? `${whom}, everywhere`
    : `${whom} at ${named.place(workstationId)}`
}

export function spanText({ fromMs, untilMs }: Pick<HoldShown, 'fromMs' | 'untilMs'>): string {
  if (fromMs === undefined && untilMs === undefined) return 'all of it'
  const from = fromMs === undefined ? 'the beginning' : utcText(fromMs)
  const until = untilMs === undefined ? 'now and later' : utcText(untilMs)
  return `${from} to ${until}`
}

/** Those whose end waits first, then those that stand; what is over comes last. */
export const inTheirOrder = (holds: readonly HoldShown[]): readonly HoldShown[] =>
  (['lift-asked', 'holds', 'lifted'] as const).flatMap((state) =>
    holds.filter((hold) => hold.state === state),
  )
