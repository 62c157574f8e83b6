// What the record has of one person as she may see it herself: taps, sessions, presence, badges and
// PINs. Nobody else is in it, no doer and no raw field. Reads only.

import { refusalCodes } from '@wardkey/protocol/codes'
import type { OwnFact, OwnRecord, OwnSpan } from '@wardkey/protocol/console/own-record'
import type { Span, TimelineFact } from '@wardkey/protocol/console/timeline'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import { askTimeline } from '../timeline/ask-timeline.ts'
import type { AskNeeds } from '../timeline/ask-timeline.ts'
import type { TimeRange } from '../timeline/read-told.ts'
import { isOwnHand, readDisowned } from './find-own-tap.ts'

type OwnTaps = Omit<OwnRecord, 'looks' | 'areLooksCut'>

/**
 * What she did and what her badge did. Not what others decide about her: that an alert names her or
 * that a hold keeps her data is not told by a page.
 */
const ownCodes = /^(TAP|PIN|SES|PRE|SSO|SIG|BTG|OFF|ERD|BDG|CON)-/

export async function readOwnTaps(
  person: PersonId,
  { fromMs, toMs }: TimeRange,
  needs: AskNeeds,
): Promise<OwnTaps> {
  const subject = { column: 'person_id', ids: [person] } as const
  const drawn = await askTimeline({ subject, fromMs, toMs }, needs)
  const said = await readSaid(person, fromMs, needs)
  const facts = drawn.facts
    .filter(({ code }) => ownCodes.test(code))
    .map((fact) => ({ ...ownFactOf(fact), ...notMeOf(fact, person, said) }))
  const spans = drawn.spans.filter(({ personId }) => personId === person).map(ownSpanOf)
  const seen = new Set([...facts, ...spans].flatMap(({ workstationId: id }) => id ?? []))
  return {
    ...{ fromMs, toMs, spans, facts, isCut: drawn.isCut },
    workstations: [...seen].flatMap((id) => placeOf(id, needs)),
    ...(drawn.wholeFromMs === undefined ? {} : { wholeFromMs: drawn.wholeFromMs }),
    ...(drawn.spokenUntilMs === undefined ? {} : { spokenUntilMs: drawn.spokenUntilMs }),
    ...(drawn.gone && { gone: drawn.gone }),
  }
}

function placeOf(id: WorkstationId, { places }: AskNeeds): OwnRecord['workstations'] {
  const known = places.rulesOf(id)
  return known ? [{ workstationId: id, place: known.place, zoneId: known.zoneId }] : []
}

function ownSpanOf(span: Span): OwnSpan {
  const { lane, kind, fromMs, untilMs, isCut, workstationId, confidence } = span
  return {
    ...{ lane, kind, fromMs, isCut },
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(workstationId && { workstationId }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(span.isEmergency ? { isEmergency: true } : {}),
    ...(span.isOffline ? { isOffline: true } : {}),
  }
}

/** Of which lines she has said that it was not she. */
async function readSaid(
  person: PersonId,
  fromMs: number,
  needs: AskNeeds,
): Promise<ReadonlySet<unknown>> {
  const disowned = await readDisowned(person, { fromMs, toMs: needs.nowMs() + 1 }, needs)
  return new Set(disowned.flatMap(({ fields }) => [fields['tap'], fields['line']]))
}

function notMeOf(
  { index, code, personId, fields }: TimelineFact,
  person: PersonId,
  said: ReadonlySet<unknown>,
): Pick<OwnFact, 'notMe'> {
  const about = { person: personId, witness: fields?.['witness'] }
  if (!isOwnHand(code, about, person)) return {}
  return { notMe: said.has(index) ? 'said' : 'sayable' }
}

/** The record says "somebody" of these. Whom each fact names is who did it, and she reads it. */
const toHer: ReadonlyMap<string, string> = new Map([
  ['CON-001', 'You signed in to the console.'],
  ['CON-002', 'You signed out of the console.'],
  ['BDG-008', 'You said that this was not you.'],
  ['BDG-009', 'You said once more that this was not you; nothing changed.'],
  ['BDG-102', 'You said “this was not me” of something that is not told as yours.'],
])

function ownFactOf(fact: TimelineFact): OwnFact {
  const { index, atMs, recordedMs, code, isSealed, rule, workstationId } = fact
  const sentence = toHer.get(code) ?? fact.sentence
  const why = whyOf(fact)
  return {
    ...{ index, atMs, code, sentence, isSealed },
    ...(recordedMs === undefined ? {} : { recordedMs }),
    ...(why === undefined ? {} : { why }),
    ...(rule === undefined ? {} : { rule }),
    ...(workstationId && { workstationId }),
  }
}

const refusals = new Map(
  Object.entries(refusalCodes).map(([code, { sentence }]) => [code, sentence]),
)

/** As a closed sentence of the protocol; a word that it does not know is not passed on. */
function whyOf({ fields = {} }: TimelineFact): string | undefined {
  const { code } = fields
  return typeof code === 'string' ? refusals.get(code) : undefined
}
