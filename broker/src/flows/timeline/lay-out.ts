// Facts in the order in which things happened become spans: sessions, what speaks for somebody
// being there, charts, doors. And silences: a session that was open with no sign of anybody. Pure.

import type { Span } from '@wardkey/protocol/console/timeline'
import type { PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import { emergencyResumed } from '../../policy/decide-break-glass.ts'
import { confidenceOf } from '../../sessions/presence.ts'
import { purposeBreakGlass } from '../mark-facts.ts'
import type { ToldFact } from './told-fact.ts'

export interface Silence {
  readonly fromMs: number
  readonly untilMs?: number
  readonly person?: PersonId
  readonly workstation: WorkstationId
}

export interface LaidOut {
  readonly spans: readonly Span[]
  readonly silences: readonly Silence[]
}

export interface LayOutNeeds {
  /** Before this nothing was read: what was going on then began before. */
  readonly readFromMs: number
  /** Until when there can be news of what still goes on. */
  readonly nowMs: number
  /** How long a screen there may stay open without a sign of anybody. */
  readonly quietMaxMs: (workstation: WorkstationId) => number
  /** Signs from before this are gone by retention: that there are none says nothing. */
  readonly signsGoneMs: number
}

type Draft = { -readonly [Key in keyof Span]: Span[Key] }

/** A session that has not ended, as far as was read. */
interface Living {
  readonly session: SessionId
  workstation: WorkstationId
  person: PersonId | undefined
  state: Draft
  presence: Draft | undefined
  readonly charts: Map<string, Draft>
  lastSignMs: number
  /** Only its workstation knew it, and nobody else has said yet that it stays. */
  journal: string | undefined
}

/** A door is passed in a moment; a span without length could not be seen. */
const doorMs = 1000
/** Signs come every minute: a span names as many as anybody reads. */
const factsOfSpanMax = 100
const nameless = 'chart'

/** `facts` by when they happened. */
export function layOut(facts: readonly ToldFact[], needs: LayOutNeeds): LaidOut {
  const laying = new Laying(needs)
  for (const fact of facts) laying.take(fact)
  return laying.finish()
}

class Laying {
  readonly #needs: LayOutNeeds
  readonly #spans: Span[] = []
  readonly #silences: Silence[] = []
  readonly #living = new Map<SessionId, Living>()
  readonly #shown = new Map<WorkstationId, SessionId>()
  readonly #ended = new Set<SessionId>()
  /** When the newest line of each journal was merged. */
  readonly #merged = new Map<string, number>()

  constructor(needs: LayOutNeeds) {
    this.#needs = needs
  }

  take(fact: ToldFact): void {
    switch (fact.code) {
      case 'TAP-001':
      case 'SES-001':
      case 'SES-002':
      case 'SES-009':
        this.#open(fact)
        return
      case 'SES-003':
      case 'SES-008':
        this.#lock(fact)
        return
      case 'SES-004':
      case 'BTG-003':
        this.#end(fact)
        return
      case 'PRE-001':
        this.#sign(fact)
        return
      case 'PRE-002':
        this.#door(fact)
        return
      case 'SSO-001':
      case 'SSO-002':
      case 'SES-005':
        this.#chart(fact)
        return
      case 'OFF-002':
      case 'OFF-003':
        this.#alone(fact)
    }
  }

  finish(): LaidOut {
    for (const living of this.#living.values()) {
      const { journal, state } = living
      const mergedMs = journal === undefined ? undefined : this.#merged.get(journal)
      // Nobody said that it stays when its journal was merged: then it was over.
      if (mergedMs !== undefined) {
        this.#leave(living, Math.max(mergedMs, state.fromMs))
        this.#close(state, Math.max(mergedMs, state.fromMs))
        continue
      }
      if (state.kind === 'open') this.#hear(living, this.#needs.nowMs, true)
      this.#spans.push(state, ...living.charts.values())
      if (living.presence) this.#spans.push(living.presence)
    }
    return { spans: this.#spans, silences: this.#silences }
  }

  /** What a workstation wrote by itself; a claim that was not believed opened nothing. */
  #alone(fact: ToldFact): void {
    const { fields, recordedMs } = fact
    const { journal, kind, outcome } = fields
    if (typeof journal === 'string') {
      this.#merged.set(journal, Math.max(recordedMs, this.#merged.get(journal) ?? 0))
    }
    if (fact.code === 'OFF-002') {
      if (outcome === 'admitted' && fields['isBelieved'] === true) this.#open(fact)
      return
    }
    if (kind === 'seen') this.#sign(fact)
    if (kind === 'launched' && outcome === 'shown') this.#chart(fact)
    if (kind !== 'left') return
    const isOnlyThere = fact.session && this.#living.get(fact.session)?.journal !== undefined
    if (isOnlyThere) this.#end(fact)
    else this.#lock(fact)
  }

  #open(fact: ToldFact): void {
    const { session, workstation, atMs, fields } = fact
    if (!session || !workstation) return
    const was = this.#living.get(session)
    const isStill = was?.state.kind === 'open' && was.workstation === workstation
    if (was && isStill) {
      note(was.state, fact)
      // A broker has taken it over from the journal.
      if (fact.code === 'SES-001' || fact.code === 'SES-009') was.journal = undefined
      if (fact.code === 'TAP-001' || fact.code === 'OFF-002') this.#tapped(was, fact)
      return
    }
    const shown = this.#living.get(this.#shown.get(workstation) ?? session)
    // A workstation shows one person: whoever was there is not any more.
    if (shown && shown.session !== session) this.#toLocked(shown, fact)
    if (was) {
      this.#leave(was, atMs)
      note(was.state, fact)
      this.#close(was.state, atMs)
    }
    const isOnlyThere = fact.code === 'OFF-002' && fields['isResumed'] !== true
    const isNew = !was || was.journal !== undefined
    this.#begin(fact, session, workstation, {
      journal: isOnlyThere && isNew ? String(fields['journal'] ?? '') : undefined,
    })
  }

  #begin(
    fact: ToldFact,
    session: SessionId,
    workstation: WorkstationId,
    { journal, fromMs = fact.atMs }: { journal?: string | undefined; fromMs?: number } = {},
  ): Living {
    const person = fact.person ?? this.#living.get(session)?.person
    const living: Living = {
      ...{ session, workstation, person, journal },
      state: draft('session', 'open', fromMs, fact, { session, workstation, person }),
      presence: undefined,
      charts: new Map(),
      lastSignMs: fromMs,
    }
    this.#living.set(session, living)
    this.#ended.delete(session)
    this.#shown.set(workstation, session)
    if (fact.code === 'TAP-001' || fact.code === 'OFF-002') this.#tapped(living, fact)
    return living
  }

  /** A tap is a sign itself, worth more with the PIN. */
  #tapped(living: Living, fact: ToldFact): void {
    const { rule, fields, atMs } = fact
    const pinAtMs = fields['pinAtMs']
    const isPinNow = fact.code === 'OFF-002' && typeof pinAtMs === 'number' && pinAtMs >= atMs
    const isProved = isPinNow || rule === 'badge-and-pin' || rule === emergencyResumed
    const worth = confidenceOf[isProved ? 'badge-and-pin' : 'badge-alone']
    this.#seen(living, fact, 'tap', Math.round(worth * 100))
  }

  #sign(fact: ToldFact): void {
    const { session, workstation, fields } = fact
    const { evidence, confidencePercent } = fields
    if (!session || !workstation || typeof evidence !== 'string') return
    const known = this.#living.get(session)
    if (!known && this.#ended.has(session)) return
    // A broker writes it of open sessions only: this one was opened before anything that was read.
    const living = known ?? this.#before(fact, session, workstation)
    if (living.state.kind !== 'open') return
    const percent = typeof confidencePercent === 'number' ? confidencePercent : 0
    this.#seen(living, fact, evidence, Math.max(0, Math.min(100, percent)))
  }

  #seen(living: Living, fact: ToldFact, kind: string, confidence: number): void {
    this.#hear(living, fact.atMs, false)
    const { presence, session, workstation, person } = living
    if (presence?.kind === kind && presence.confidence === confidence) {
      note(presence, fact)
      return
    }
    if (presence) this.#close(presence, fact.atMs)
    const about = { session, workstation, person }
    living.presence = draft('presence', kind, fact.atMs, fact, about)
    living.presence.confidence = confidence
  }

  /** Something is heard of an open session, or it is over: was it quiet for too long before? */
  #hear(living: Living, atMs: number, isGoingOn: boolean): void {
    const { lastSignMs, workstation, person } = living
    const knownMs = Math.max(lastSignMs, this.#needs.signsGoneMs)
    const fromMs = knownMs + this.#needs.quietMaxMs(workstation)
    if (fromMs < atMs) {
      const until = isGoingOn ? {} : { untilMs: atMs }
      this.#silences.push({ fromMs, ...until, ...(person && { person }), workstation })
    }
    living.lastSignMs = Math.max(lastSignMs, atMs)
  }

  #lock(fact: ToldFact): void {
    const living = this.#ofLock(fact)
    // Told late of a place that it had left: it is open elsewhere since.
    const isOfOther = fact.code === 'SES-008' && living?.workstation !== fact.workstation
    if (!living || isOfOther) return
    if (living.state.kind === 'locked') note(living.state, fact)
    else this.#toLocked(living, fact)
  }

  #toLocked(living: Living, fact: ToldFact): void {
    const { session, workstation, person, state } = living
    this.#leave(living, fact.atMs)
    note(state, fact)
    this.#close(state, fact.atMs)
    const about = { session, workstation, person }
    living.state = { ...draft('session', 'locked', fact.atMs, fact, about), ...marksOf(state) }
  }

  #end(fact: ToldFact): void {
    const living = this.#ofLock(fact)
    if (!living) return
    this.#leave(living, fact.atMs)
    note(living.state, fact)
    this.#close(living.state, fact.atMs)
    this.#living.delete(living.session)
    this.#ended.add(living.session)
  }

  /** Whoever is locked or ended without having been seen to open was there before. */
  #ofLock(fact: ToldFact): Living | undefined {
    const { session, workstation } = fact
    if (!session) return undefined
    const known = this.#living.get(session)
    if (known || !workstation || this.#ended.has(session)) return known
    return this.#before(fact, session, workstation)
  }

  #before(fact: ToldFact, session: SessionId, workstation: WorkstationId): Living {
    const shownId = this.#shown.get(workstation)
    const shown = shownId && this.#living.get(shownId)
    const isSign = fact.code === 'PRE-001' || fact.fields['kind'] === 'seen'
    if (shown && isSign) this.#toLocked(shown, fact)
    // Behind whoever is seen there now nothing is known of it.
    const isBehind = shown !== undefined && shown.state.fromMs < fact.atMs
    const fromMs = isBehind ? fact.atMs : Math.min(this.#needs.readFromMs, fact.atMs)
    const { index, atMs, recordedMs, person, fields } = fact
    const before = { index, atMs, recordedMs, person, fields, code: 'before' }
    const living = this.#begin(before, session, workstation, { fromMs })
    if (shownId !== undefined && !isSign) this.#shown.set(workstation, shownId)
    living.state.isCut = true
    // Nobody knows what signs there were before.
    living.lastSignMs = fact.atMs
    return living
  }

  #leave(living: Living, atMs: number): void {
    if (living.state.kind === 'open') this.#hear(living, atMs, false)
    if (living.presence) this.#close(living.presence, atMs)
    for (const chart of living.charts.values()) this.#close(chart, atMs)
    living.presence = undefined
    living.charts.clear()
    if (this.#shown.get(living.workstation) === living.session) {
      this.#shown.delete(living.workstation)
    }
  }

  #chart(fact: ToldFact): void {
    const { session, fields, atMs } = fact
    const living = session && this.#living.get(session)
    if (living?.state.kind !== 'open') return
    const { charts, workstation, person } = living
    const client = fields['client']
    const kind = fact.code === 'SSO-002' && typeof client === 'string' ? client : nameless
    const unnamed = charts.get(nameless)
    const known = charts.get(kind) ?? (kind === nameless ? [...charts.values()].at(-1) : unnamed)
    if (!known) {
      charts.set(kind, draft('launch', kind, atMs, fact, { session, workstation, person }))
      return
    }
    note(known, fact)
    // Its first token names the chart.
    if (known === unnamed && kind !== nameless) {
      known.kind = kind
      charts.delete(nameless)
      charts.set(kind, known)
    }
  }

  #door(fact: ToldFact): void {
    const kind = fact.fields['direction'] === 'out' ? 'out' : 'in'
    this.#close(draft('door', kind, fact.atMs, fact, { person: fact.person }), fact.atMs + doorMs)
  }

  #close(span: Draft, atMs: number): void {
    const untilMs = Math.max(span.fromMs, atMs)
    this.#spans.push({ ...span, untilMs })
  }
}

function draft(
  lane: Span['lane'],
  kind: string,
  fromMs: number,
  fact: ToldFact,
  about: {
    readonly session?: SessionId | undefined
    readonly workstation?: WorkstationId | undefined
    readonly person?: PersonId | undefined
  },
): Draft {
  const { session, workstation, person } = about
  return {
    ...{ lane, kind, fromMs, isCut: false, facts: [fact.index] },
    ...(person && { personId: person }),
    ...(workstation && { workstationId: workstation }),
    ...(session && { sessionId: session }),
    ...(fact.fields['purpose'] === purposeBreakGlass ? { isEmergency: true } : {}),
    ...(fact.code.startsWith('OFF-') ? { isOffline: true } : {}),
  }
}

function note(span: Draft, { index }: ToldFact): void {
  if (span.facts.length < factsOfSpanMax && !span.facts.includes(index)) span.facts.push(index)
}

function marksOf({ isEmergency }: Draft): Partial<Draft> {
  return isEmergency === undefined ? {} : { isEmergency }
}
