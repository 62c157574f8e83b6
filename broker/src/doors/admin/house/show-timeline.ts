// A time line as it is shown: with what its people and places are called. Names are opened with
// each person's own key; whoever was forgotten has none.

import type { z } from 'zod'
import { personId, workstationId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Timeline, TimelineFact, timelineQuery } from '@wardkey/protocol/console/timeline'
import type { AdminRefused } from '../../../flows/person-flow.ts'
import { askTimeline } from '../../../flows/timeline/ask-timeline.ts'
import type { Drawn, TimelineAsked } from '../../../flows/timeline/ask-timeline.ts'
import { readPlaces } from '../../../flows/timeline/places.ts'
import type { Places } from '../../../flows/timeline/places.ts'
import { nameText } from '../../../identity/person-name.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { namesOf } from './names-of.ts'

type Query = z.output<typeof timelineQuery>
type ShowNeeds = Pick<AdminNeeds, 'db' | 'nowMs' | 'personKeys' | 'head'>

const forgotten = 'A person whose name was forgotten'

export async function showTimeline(
  query: Query,
  needs: ShowNeeds,
): Promise<{ readonly kind: 'shown'; readonly shown: Timeline } | AdminRefused> {
  const places = await readPlaces(needs.db)
  const label = await labelOf(query, places, needs)
  if (typeof label === 'object') return label
  const asked = askedOf(query, places)
  const drawn = await askTimeline(asked, { ...needs, places, sealed: needs.head()?.size ?? 0 })
  const { people, ...rest } = drawn
  const named = await namesOf([...people], needs)
  const mentioned = mentionedIn(drawn.facts)
  const others = await namesOf(mentioned, needs)
  const shown = {
    ...{ fromMs: query.fromMs, toMs: query.toMs, label },
    people: [...named.values()],
    workstations: placesOf(subjectsIn(drawn), places),
    mentioned: { people: [...others.values()], workstations: placesOf(mentioned, places) },
    ...rest,
  }
  return { kind: 'shown', shown }
}

/** What it is called, or that there is none. */
async function labelOf(
  { personId: person, workstationId: workstation, zoneId: zone }: Query,
  places: Places,
  needs: ShowNeeds,
): Promise<string | AdminRefused> {
  if (person) {
    const known = (await namesOf([person], needs)).get(person)
    if (!known) return { kind: 'refused', code: 'person-unknown' }
    return known.name ? nameText(known.name) : forgotten
  }
  if (workstation) {
    const known = places.rulesOf(workstation)
    return known?.place ?? { kind: 'refused', code: 'workstation-unknown' }
  }
  const row = await needs.db
    .selectFrom('zone')
    .select('label')
    .where('id', '=', zone ?? '')
    .executeTakeFirst()
  return row?.label ?? { kind: 'refused', code: 'zone-unknown' }
}

function askedOf(query: Query, places: Places): TimelineAsked {
  const { personId: person, workstationId: workstation, zoneId: zone = '', fromMs, toMs } = query
  const subject = person
    ? ({ column: 'person_id', ids: [person] } as const)
    : ({
        column: 'workstation_id',
        ids: workstation ? [workstation] : places.inZone(zone),
      } as const)
  return { subject, fromMs, toMs }
}

const subjectsIn = ({ spans, facts }: Drawn): readonly string[] =>
  [...spans, ...facts].flatMap(({ workstationId }) => workstationId ?? [])

function placesOf(ids: readonly string[], places: Places): Timeline['workstations'] {
  return [...new Set(ids)].flatMap((text) => {
    const id = workstationId.safeParse(text)
    const known = id.success ? places.rulesOf(id.data) : undefined
    return id.success && known
      ? [{ workstationId: id.data, place: known.place, zoneId: known.zoneId }]
      : []
  })
}

const ids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const mentionedMax = 500

/** Ids in a fact's fields: of whoever spoke for her, of where she came from. */
function mentionedIn(facts: readonly TimelineFact[]): readonly PersonId[] {
  const texts = facts.flatMap(({ fields = {} }) => Object.values(fields).map(String))
  const found = new Set(texts.flatMap((text) => text.match(ids) ?? []))
  const parsed = [...found].flatMap((id) => personId.safeParse(id).data ?? [])
  return parsed.slice(0, mentionedMax)
}
