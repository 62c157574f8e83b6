// Promise 5 in the books: no two open screens of a person in one slot, and no more of them than a
// zone allows in which she has one.

import { zoneSettings } from '@wardkey/broker/policy/zone-settings'
import type { Store } from '@wardkey/broker/store/store'

export async function checkScreens(
  open: readonly { person_id: string; workstation_id: string; slot: number }[],
  store: Store,
): Promise<void> {
  expectDistinct(
    open.map((session) => `${session.person_id} ${String(session.slot)}`),
    'a person has two open screens in one slot',
  )
  const places = await store.read
    .selectFrom('workstation')
    .innerJoin('zone', 'zone.id', 'workstation.zone_id')
    .select(['workstation.id', 'zone.settings'])
    .execute()
  const allowed = new Map(
    places.map(({ id, settings }) => [id, zoneSettings.parse(JSON.parse(settings)).screensMax]),
  )
  for (const person of new Set(open.map((session) => session.person_id))) {
    const hers = open.filter((session) => session.person_id === person)
    const most = Math.max(...hers.map((session) => allowed.get(session.workstation_id) ?? 1))
    if (hers.length > most) throw new Error('a person has more open screens than she may have')
  }
}

export function expectDistinct(values: readonly string[], otherwise: string): void {
  if (new Set(values).size !== values.length) throw new Error(otherwise)
}
