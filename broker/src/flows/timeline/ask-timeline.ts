// A time line: what the record has of a person, a workstation or a zone between two times. Reads
// only; that somebody looks is written down by who asks.

import { timelineFactsMax } from '@wardkey/protocol/console/timeline'
import type { GoneByRetention } from '@wardkey/protocol/console/gone-by-retention'
import type { Span, Timeline, TimelineFact } from '@wardkey/protocol/console/timeline'
import type { PersonId, SessionId } from '@wardkey/protocol/ids'
import { zoneSettings } from '../../policy/zone-settings.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { cutSpans } from './cut-spans.ts'
import type { Window } from './cut-spans.ts'
import { findDifferences } from './find-differences.ts'
import { layOut } from './lay-out.ts'
import { goneUntil, readGoneFrom } from './read-gone.ts'
import type { Places } from './places.ts'
import { readBack, readDoors, readMergedAfter, readMoves, readSpoken } from './read-told.ts'
import type { FactsRead, Subject } from './read-told.ts'
import { shownFact } from './shown-fact.ts'
import { byTime } from './told-fact.ts'
import type { ToldFact } from './told-fact.ts'

export interface TimelineAsked {
  readonly subject: Subject
  readonly fromMs: number
  readonly toMs: number
}

type Told = 'spans' | 'differences' | 'facts' | 'isCut' | 'wholeFromMs' | 'spokenUntilMs' | 'gone'
export type Drawn = Pick<Timeline, Told> & {
  readonly people: ReadonlySet<PersonId>
}

interface AllRead extends FactsRead {
  /** Facts that make no span were left out. */
  readonly hasMore: boolean
}

export interface AskNeeds extends Pick<FlowNeeds, 'db' | 'nowMs'> {
  readonly places: Places
  /** Facts under the newest checkpoint. */
  readonly sealed: number
  /** Among how many facts of everybody it is looked for whom she spoke for. */
  readonly spokenMax?: number
}

/** Two days of a busy zone; more is asked for in parts. */
const rowsMax = 6000
/** As long as a session can have gone on, as a rule. */
const lookBackMs = 24 * 3_600_000
const lookBackMax = 4000
const mergedMax = 2000
const doorsMax = 5000
/** Of a large house in a month. */
const usualSpokenMax = 20_000
const doorLateMs = 3_600_000
/** A sign of life is told once a minute, and clocks differ. */
const signEveryMs = 65_000

const usualRules = zoneSettings.parse({})

/** What says how things stood when the time that was asked for begins. */
const standingCodes = [
  ...['TAP-001', 'SES-001', 'SES-002', 'SES-003', 'SES-004', 'BTG-003', 'PRE-001', 'PRE-002'],
  ...['SES-005', 'SES-009', 'SSO-001', 'SSO-002', 'OFF-002', 'OFF-003'],
]

export async function askTimeline(asked: TimelineAsked, needs: AskNeeds): Promise<Drawn> {
  const { db, places, nowMs, spokenMax = usualSpokenMax } = needs
  const { subject } = asked
  const window: Window = { fromMs: asked.fromMs, toMs: asked.toMs, nowMs: nowMs() }
  const read = await readAsked(asked, needs)
  const oldest = read.facts.at(-1)
  const wholeFromMs = read.isCut && oldest ? oldest.recordedMs : asked.fromMs
  const before = { fromMs: Math.max(0, wholeFromMs - lookBackMs), toMs: wholeFromMs }
  const back = await readBack(db, subject, before, lookBackMax, standingCodes)
  const merged = await readMergedAfter(db, subject, asked.toMs, mergedMax)
  const own = unique([...back.facts, ...read.facts, ...merged])
  const isByPerson = subject.column === 'person_id'
  const moves = isByPerson ? [] : await readMoves(db, sessionsIn(own))
  const gone = await readGoneFrom(db, before.fromMs)
  const goneMs = goneUntil(gone, 'presence')
  const told = unique([...own, ...moves]).filter(({ atMs }) => atMs < asked.toMs)
  const laid = layOut(told.sort(byTime), {
    readFromMs: before.fromMs,
    nowMs: Math.min(window.nowMs, asked.toMs),
    signsGoneMs: goneMs,
    quietMaxMs: (id) => quietMaxOf(places.rulesOf(id)),
  })
  const spans = laid.spans.filter((span) => isAsked(span, asked))
  const doors = await doorsOf(spans, before.fromMs, asked, needs)
  const differences = findDifferences(spans, {
    ...window,
    silences: laid.silences.filter((one) => isAsked({ workstationId: one.workstation }, asked)),
    doors: doors && [...doors].sort(byTime),
    doorsGoneMs: goneMs,
    zoneOf: (id) => places.rulesOf(id)?.zoneId,
    isPair: (one, other) => places.isPair(one, other),
  })
  const [only = ''] = isByPerson ? subject.ids : []
  const spoken = only === '' ? { facts: [] } : await readSpoken(db, only, asked.fromMs, spokenMax)
  const shown = shownFacts([...read.facts, ...merged, ...spoken.facts], asked, needs)
  const { readUntilMs: spokenUntilMs = Infinity } = spoken
  const cut = cutSpans(spans, window)
  return {
    ...{ spans: cut, differences: [...differences], facts: shown.facts },
    isCut: read.isCut || read.hasMore || shown.isCut || spokenUntilMs < asked.toMs,
    ...(read.isCut ? { wholeFromMs } : {}),
    ...(Number.isFinite(spokenUntilMs) ? { spokenUntilMs } : {}),
    ...goneIn(gone, asked),
    people: new Set([...cut, ...shown.facts].flatMap(({ personId }) => personId ?? [])),
  }
}

function goneIn(gone: readonly GoneByRetention[], { fromMs }: TimelineAsked): Pick<Drawn, 'gone'> {
  const some = gone.filter(({ beforeMs }) => beforeMs > fromMs)
  return some.length === 0 ? {} : { gone: some }
}

/** As many facts as are shown whole, and of what is before them only what makes spans. */
async function readAsked(asked: TimelineAsked, { db }: AskNeeds): Promise<AllRead> {
  const { subject, fromMs } = asked
  const newest = await readBack(db, subject, asked, timelineFactsMax)
  const oldest = newest.facts.at(-1)
  if (!newest.isCut || !oldest) return { ...newest, hasMore: false }
  // Its own moment again: what was recorded with it may be on either side.
  const before = { fromMs, toMs: oldest.recordedMs + 1 }
  const older = await readBack(db, subject, before, rowsMax, standingCodes)
  return { facts: unique([...newest.facts, ...older.facts]), isCut: older.isCut, hasMore: true }
}

/** Until the zone's own waits have locked it, and been told. */
function quietMaxOf(rules: ReturnType<Places['rulesOf']>): number {
  const { idleMs, presentIdleMs, fadeMs } = rules?.settings ?? usualRules
  return Math.max(idleMs, presentIdleMs) + fadeMs + signEveryMs
}

/** Where a session moved to is another question. */
function isAsked(span: Pick<Span, 'workstationId'>, { subject }: TimelineAsked): boolean {
  if (subject.column === 'person_id') return true
  return span.workstationId !== undefined && subject.ids.includes(span.workstationId)
}

function doorsOf(
  spans: readonly Span[],
  fromMs: number,
  { toMs }: TimelineAsked,
  { db }: AskNeeds,
): ReturnType<typeof readDoors> {
  const people = [...new Set(spans.flatMap(({ personId }) => personId ?? []))]
  return readDoors(db, people, { fromMs, toMs: toMs + doorLateMs }, doorsMax)
}

function sessionsIn(facts: readonly ToldFact[]): readonly SessionId[] {
  return [...new Set(facts.flatMap(({ session }) => session ?? []))]
}

function unique(facts: readonly ToldFact[]): ToldFact[] {
  return [...new Map(facts.map((fact) => [fact.index, fact])).values()]
}

/** What happened in that time, and what was recorded in it: nothing hides behind its clock. */
function shownFacts(
  facts: FactsRead['facts'],
  { subject, fromMs, toMs }: TimelineAsked,
  { sealed }: AskNeeds,
): { readonly facts: TimelineFact[]; readonly isCut: boolean } {
  const isWithin = (ms: number): boolean => ms >= fromMs && ms < toMs
  const all = unique(facts)
    .filter(({ atMs, recordedMs }) => isWithin(atMs) || isWithin(recordedMs))
    .sort((a, b) => byTime(b, a))
  const newest = all.slice(0, timelineFactsMax)
  const [only] = subject.column === 'person_id' ? subject.ids : []
  return {
    facts: newest.map((fact) => shownFact(fact, sealed, only)),
    isCut: newest.length < all.length,
  }
}
