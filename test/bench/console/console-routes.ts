// What each page of the console asks for, as it asks: of somebody else each turn, so that no answer
// is one that was just given.

import { tapId } from '@wardkey/protocol/ids'
import { quoteOf } from '@wardkey/protocol/workstation/quote-of'
import type { LargeHouse } from './large-house.ts'

export interface AskedRoute {
  readonly name: string
  readonly path: (turn: number) => string
  /** What it answers; 200 where nothing else is said. */
  readonly status?: number
}

const dayMs = 86_400_000

/** A week before the end, by thirty visits a day at each of the workstations. */
const weekOfVisits = 7 * 30 * 200

export function consoleRoutes(house: LargeHouse): readonly AskedRoute[] {
  const { people, workstations, zones, toMs, facts } = house
  const pick = <Id>(ids: readonly Id[], turn: number): Id | undefined =>
    ids[(turn * 17) % ids.length]
  const span = (turn: number, days: number): string => {
    const fromMs = toMs - days * dayMs - ((turn * 7) % 10) * dayMs
    return `fromMs=${String(fromMs)}&toMs=${String(fromMs + days * dayMs)}`
  }
  const timeline = (about: string, ids: readonly string[], days: number) => (turn: number) =>
    `/timeline?${about}=${pick(ids, turn) ?? ''}&${span(turn, days)}`
  const tapOf = (turn: number): string => house.tapBefore(weekOfVisits + turn * 211)
  const from = (turn: number): string => String(Math.floor((facts * ((turn * 37) % 100)) / 100))
  return [
    { name: 'Now: /house', path: () => '/house' },
    { name: 'People: a page of 500', path: () => '/people?limit=500' },
    { name: 'People: one person', path: (turn) => `/people/${pick(people, turn) ?? ''}` },
    { name: 'Workstations', path: () => '/workstations' },
    { name: 'One workstation', path: (turn) => `/workstations/${pick(workstations, turn) ?? ''}` },
    { name: 'Alerts: standing', path: () => '/alerts?closed=false&limit=500' },
    { name: 'Alerts: closed', path: () => '/alerts?closed=true&limit=500' },
    { name: 'Reviews: open', path: () => '/break-glass?open=true&limit=500' },
    { name: 'Reviews: all', path: () => '/break-glass?limit=500' },
    { name: 'Reviews: patterns', path: () => '/break-glass/patterns?days=90' },
    { name: 'Time line: a person’s day', path: timeline('personId', people, 1) },
    { name: 'Time line: a workstation’s day', path: timeline('workstationId', workstations, 1) },
    { name: 'Time line: a zone’s day', path: timeline('zoneId', zones, 1) },
    { name: 'Time line: a zone’s week', path: timeline('zoneId', zones, 7) },
    { name: 'Why: a tap of a week ago', path: (turn) => `/why/${tapOf(turn)}` },
    {
      name: 'Why: a code of a week ago',
      path: (turn) => `/why/${quoteOf(tapId.parse(tapOf(turn)))}`,
    },
    { name: 'Why: a code that nobody has', path: () => '/why/AAA-AAA', status: 404 },
    { name: 'Record: its head', path: () => '/record' },
    { name: 'Record: a page', path: (turn) => `/record/facts?limit=100&from=${from(turn)}` },
    {
      name: 'Record: of a code',
      path: (turn) => `/record/facts?limit=100&code=SES-003&from=${from(turn)}`,
    },
    {
      name: 'Record: of a code that is rare',
      path: (turn) => `/record/facts?limit=100&code=ADM-006&from=${from(turn)}`,
    },
    {
      name: 'Record: of a person',
      path: (turn) => `/record/facts?limit=100&personId=${pick(people, turn) ?? ''}&from=0`,
    },
    {
      name: 'Record: of a workstation, from its middle',
      path: (turn) =>
        `/record/facts?limit=100&workstationId=${pick(workstations, turn) ?? ''}&from=${from(turn)}`,
    },
    { name: 'Speed', path: () => `/speed?fromMs=${String(toMs - 7 * dayMs)}&toMs=${String(toMs)}` },
    { name: 'Wrong locks, a week', path: (turn) => `/locks?${span(turn, 7)}` },
    { name: 'Figures', path: () => '/figures?months=12' },
  ]
}
