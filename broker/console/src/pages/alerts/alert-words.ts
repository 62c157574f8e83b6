// Words of alerts as the page writes them. Pure.

import type { AlertClosing, AlertSummary } from '@wardkey/protocol/admin/alerts/alerts'
import { nameText } from '../../parts/names.ts'

const states: Readonly<Record<AlertSummary['state'], string>> = {
  open: 'open',
  acknowledged: 'acknowledged',
  assigned: 'assigned',
  closed: 'closed',
}
export const alertStateText = ({ state }: Pick<AlertSummary, 'state'>): string => states[state]

const outcomes: Readonly<Record<AlertClosing['outcome'], string>> = {
  explained: 'explained',
  confirmed: 'confirmed',
  'false-alarm': 'false alarm',
}
export const alertOutcomeText = (outcome: AlertClosing['outcome']): string => outcomes[outcome]

/** Of very many the first few: the panel has all of them. */
const namedMax = 3

export function aboutText({ people }: Pick<AlertSummary, 'people'>): string {
  const named = people.slice(0, namedMax).map(nameText).join(', ')
  const more = people.length - namedMax
  return more > 0 ? `${named} and ${String(more)} more` : named
}

/** Where none is named: unknown cards are somebody's all the same. */
export const nobodyText = (kind: AlertSummary['kind']): string =>
  kind === 'people' ? 'nobody whom a badge names' : 'machines, nobody'

export const whereText = ({ place, zoneId }: Pick<AlertSummary, 'place' | 'zoneId'>): string =>
  place ?? zoneId ?? ''
