// Lines of a journal become facts, presence and sessions, one after the other. Decides nothing
// about what is open now (settle-sessions does); a claim that cannot be is written down and
// followed no further.

import { personId } from '@wardkey/protocol/ids'
import type { SessionId } from '@wardkey/protocol/ids'
import type { OfflineEntry, OfflineEntryOf } from '@wardkey/protocol/workstation/offline-entries'
import { sealFields } from '../../audit/sealed-fields.ts'
import type { Fact, FactValue } from '../../audit/fact.ts'
import { confidenceOf } from '../../sessions/presence.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { House } from '../house-book.ts'
import { markFact, purposeBreakGlass } from '../mark-facts.ts'
import type { Notice } from '../recorded.ts'
import { ageByClock, bookTime } from './clamp-time.ts'
import type { BookTime } from './clamp-time.ts'
import { findOtherwise, findUnsound } from './judge-decision.ts'
import type { DecisionFacts } from './judge-decision.ts'
import { findEmergencyOtherwise, isPinProvedBy } from './judge-emergency.ts'
import type { MergeReads } from './merge-reads.ts'
import { keepEnded, keepPresence, keepReview } from './offline-writes.ts'
import type { From } from './offline-writes.ts'
import { isPinAsked, standingOf, withPinTry, withQuestion } from './standing.ts'
import { withSession, withoutSession } from './standing.ts'
import type { Standing, StandingSession } from './standing.ts'
import { takeEnded, takeGiven, takeRefused } from './take-emergency.ts'
import type { SessionEnd } from './take-emergency.ts'
import type { TakeEmergencyNeeds } from './take-emergency.ts'

export interface TakeNeeds extends TakeEmergencyNeeds {
  readonly house: House
}

export interface TakeFrom extends From {
  /** How far its clock was off when it told this; nothing where it was not. */
  readonly clockAheadMs?: number | undefined
  readonly zone: DecisionFacts['zone']
}

/** A screen ends with a tick, and clocks differ a little. */
const lateSlackMs = 5000

/** What has been made of the lines so far. */
export class Taking {
  standing: Standing
  readonly facts: Fact[] = []
  readonly writes: Write[] = []
  readonly notices: Notice[] = []
  /** Sessions of a broker that were left meanwhile, and when. */
  readonly left = new Map<SessionId, { readonly atMs: number; readonly reason: string }>()
  /** How often rows of sessions that only the workstation knew were written as ended. */
  readonly ended = new Map<SessionId, number>()
  /** Grants of the sessions that these lines opened, over or not. */
  readonly #grants = new Map<string, string>()
  readonly #from: TakeFrom
  readonly #reads: MergeReads
  readonly #needs: TakeNeeds

  constructor(standing: Standing, from: TakeFrom, reads: MergeReads, needs: TakeNeeds) {
    this.standing = standing
    this.#from = from
    this.#reads = reads
    this.#needs = needs
  }

  async take(entry: OfflineEntry): Promise<void> {
    if (entry.kind === 'decided') {
      await this.#decided(entry)
      return
    }
    const at = this.#timeOf(entry)
    const was = this.standing
    switch (entry.kind) {
      case 'pin-tried':
        this.#happened(entry, at, {
          person: entry.personId,
          tap: entry.tapId,
          fields: { outcome: entry.outcome, isCounted: isPinAsked(was, entry) },
        })
        this.standing = withPinTry(was, entry, at.ms)
        return
      case 'left':
        this.#left(entry, at)
        return
      case 'seen':
        this.#seen(entry, at)
        return
      case 'launched':
        this.#happened(entry, at, {
          ...whoOf(standingOf(was, entry)),
          fields: { outcome: entry.outcome },
        })
        return
      case 'lock-was-wrong':
        this.#happened(entry, at, { fields: { reason: entry.reason } })
        return
    }
  }

  /** In order, whatever the clock was that each was written by: no line is before another. */
  #timeOf({ atMs }: OfflineEntry, notBeforeMs = 0): BookTime {
    const { lastMs = 0 } = this.standing
    const { clockAheadMs } = this.#from
    const at = bookTime(atMs, this.#needs.nowMs(), Math.max(notBeforeMs, lastMs), clockAheadMs)
    this.standing = { ...this.standing, lastMs: at.ms }
    return at
  }

  async #decided(entry: OfflineEntryOf<'decided'>): Promise<void> {
    const bundle = this.#reads.bundles.get(entry.bundleSequence)
    const at = this.#timeOf(entry, bundle?.issuedMs)
    const facts = this.#factsOf(entry, at)
    const isOpening = entry.outcome === 'admitted'
    const unsound = isOpening ? findUnsound(entry, facts) : undefined
    const isGiven = isOpening && unsound === undefined
    const otherwise = isGiven
      ? [...findOtherwise(entry, at.ms, facts), ...findEmergencyOtherwise(entry, at.ms, facts)]
      : []
    if (isGiven && entry.choice !== undefined && entry.sessionId !== undefined) {
      this.#grants.set(entry.sessionId, this.#needs.newId())
    }
    this.#note(await this.#decidedFact(entry, at, unsound === undefined))
    this.facts.push(...takeRefused(entry, facts, this.#needs))
    const reasons = unsound === undefined ? otherwise : [unsound]
    if (reasons.length > 0) this.#review(entry, at, reasons, aboutOf(entry))
    // Only of somebody whom the bundle knew, while it was good: nobody else's tries can be used up.
    const mayAsk = bundle !== undefined && facts.rostered !== undefined
    const isInTime = bundle !== undefined && at.ms <= bundle.expiresMs
    if (entry.outcome === 'asked-pin' && mayAsk && isInTime) {
      this.standing = withQuestion(this.standing, entry)
    }
    if (isGiven) await this.#opened(entry, at, otherwise.length === 0, facts)
  }

  #factsOf(entry: OfflineEntryOf<'decided'>, at: BookTime): DecisionFacts {
    const { journalId, workstationId, zone, clockAheadMs } = this.#from
    const person = entry.personId ?? ''
    const bundle = this.#reads.bundles.get(entry.bundleSequence)
    return {
      ...{ journalId, workstationId, zone, bundle, clockAheadMs },
      rostered: person === '' ? undefined : bundle?.find(person),
      person: this.#reads.people.get(person),
      session: this.#reads.sessions.get(entry.sessionId ?? ''),
      own: standingOf(this.standing, entry),
      isEmergency: this.#grantOf(entry.sessionId) !== undefined,
      witness: {
        rostered: entry.witnessId && bundle?.find(entry.witnessId),
        person: this.#reads.people.get(entry.witnessId ?? ''),
      },
      isElsewhere: this.#reads.isElsewhere(person, at.ms),
      house: this.#reads.house,
    }
  }

  async #opened(
    entry: OfflineEntryOf<'decided'>,
    at: BookTime,
    isSound: boolean,
    facts: DecisionFacts,
  ): Promise<void> {
    const { personId, sessionId, witnessId, choice, pinAtMs = 0 } = entry
    if (personId === undefined || sessionId === undefined) return
    const before = standingOf(this.standing, entry)
    const known = this.#reads.sessions.get(sessionId)
    // Her own badge on her own screen: what was seen until now ends, and a tap begins.
    if (before) this.writes.push(keepPresence(this.#needs, before, this.#from, at.ms))
    const confidence = confidenceOf[isPinProvedBy(entry) ? 'badge-and-pin' : 'badge-alone']
    this.standing = withSession(this.standing, {
      ...{ sessionId, personId, seq: entry.seq, pinAtMs },
      ...(witnessId === undefined ? {} : { witnessId }),
      ...(choice === undefined ? {} : { choice }),
      ...(await this.#given(entry, at, facts)),
      // One that a broker keeps is the broker's, whatever the workstation calls it.
      isResumed: entry.isResumed === true || (known !== undefined && known.state !== 'ended'),
      fromMs: before?.fromMs ?? at.ms,
      presence: { kind: 'tap', confidence, fromMs: at.ms },
      isSound: isSound && before?.isSound !== false,
    })
  }

  /** An emergency: its grant is given now, and compliance hears of it whatever comes after. */
  async #given(
    entry: OfflineEntryOf<'decided'>,
    at: BookTime,
    facts: DecisionFacts,
  ): Promise<Pick<StandingSession, 'emergency'>> {
    const { personId, sessionId, choice, by } = entry
    const grantId = this.#grants.get(sessionId ?? '')
    if (!personId || !sessionId || !choice || !by || grantId === undefined) return {}
    const given = { entry, personId, sessionId, choice, fromMs: at.ms }
    const { untilMs, ...taken } = await takeGiven(grantId, given, facts, this.#needs)
    this.facts.push(...taken.facts)
    this.writes.push(...taken.writes)
    this.notices.push(...taken.notices)
    return { emergency: { grantId, untilMs, by, aheadMs: Math.max(0, entry.atMs - at.ms) } }
  }

  #left(entry: OfflineEntryOf<'left'>, at: BookTime): void {
    const session = standingOf(this.standing, entry)
    const { reason, sessionId } = entry
    this.#happened(entry, at, { ...this.#whoLeft(session, sessionId), fields: { reason } })
    this.left.set(sessionId, { atMs: at.ms, reason })
    if (!session) return
    const { emergency, personId } = session
    const atMs = this.#endOf(session, entry, at)
    this.standing = { ...this.standing, lastMs: atMs }
    if (emergency && atMs > emergency.untilMs + lateSlackMs) {
      this.#review(entry, at, ['emergency-too-long'], { person: personId, session: sessionId })
    }
    this.close(session, { atMs, reason, isByItsClock: atMs === entry.atMs })
  }

  /**
   * Of an emergency by the clock that it was given by, as far as that can have been: its beginning
   * may be believed, and its end be still to come by the same clock and be put back.
   */
  #endOf({ emergency }: StandingSession, { atMs }: OfflineEntry, at: BookTime): number {
    if (!emergency) return at.ms
    const byThatMs = Math.min(atMs - (emergency.aheadMs ?? 0), this.#needs.nowMs())
    return Math.max(at.ms, byThatMs)
  }

  /**
   * Also of one that stands no more: its screen locks once the workstation hears that it may not
   * stay. Of a session that was never there nothing is said.
   */
  #whoLeft(session: StandingSession | undefined, id: SessionId): Pick<Fact, 'person'> {
    const known = this.#reads.sessions.get(id)
    if (session || known?.workstation_id !== this.#from.workstationId) return whoOf(session)
    return { person: personId.parse(known.person_id) }
  }

  /** Its presence ends, and with it the session itself where only the workstation knew it. */
  close(session: StandingSession, end: SessionEnd): void {
    const { db } = this.#needs
    const atMs = Math.max(session.fromMs, end.atMs)
    this.writes.push(keepPresence(this.#needs, session, this.#from, atMs))
    if (!session.isResumed) {
      this.writes.push(keepEnded(db, session, this.#from, { ...end, atMs }))
      this.ended.set(session.sessionId, (this.ended.get(session.sessionId) ?? 0) + 1)
    }
    this.standing = withoutSession(this.standing, session.sessionId)
    const { emergency } = session
    if (!emergency || session.isResumed) return
    const ended = takeEnded(session, emergency.grantId, { ...end, atMs }, this.#from, this.#needs)
    this.facts.push(...ended.facts)
    this.writes.push(...ended.writes)
  }

  #seen(entry: OfflineEntryOf<'seen'>, at: BookTime): void {
    const session = standingOf(this.standing, entry)
    const { evidence, confidence } = entry
    const confidencePercent = Math.round(confidence * 100)
    this.#happened(entry, at, { ...whoOf(session), fields: { evidence, confidencePercent } })
    if (!session) return
    this.writes.push(keepPresence(this.#needs, session, this.#from, at.ms))
    const presence = { kind: evidence, confidence, fromMs: at.ms }
    this.standing = withSession(this.standing, { ...session, presence })
  }

  async #decidedFact(
    entry: OfflineEntryOf<'decided'>,
    at: BookTime,
    isBelieved: boolean,
  ): Promise<Fact> {
    const { choice } = entry
    const issuedMs = this.#reads.bundles.get(entry.bundleSequence)?.issuedMs
    const ageByClockMs = ageByClock(entry, issuedMs, this.#from.clockAheadMs)
    const fact = newFact(this.#needs, 'OFF-002', {
      ...this.#place,
      ...(entry.personId === undefined ? {} : { person: entry.personId }),
      ...(entry.sessionId === undefined ? {} : { session: entry.sessionId }),
      tap: entry.tapId,
      rule: entry.rule,
      fields: {
        ...this.#line(entry, at),
        ...{ outcome: entry.outcome, isBelieved, isResumed: entry.isResumed === true },
        ...{ bundleSequence: entry.bundleSequence, bundleAgeMs: entry.bundleAgeMs },
        ...(ageByClockMs === undefined ? {} : { ageByClockMs }),
        ...(entry.code === undefined ? {} : { code: entry.code }),
        ...(entry.pinAtMs === undefined ? {} : { pinAtMs: entry.pinAtMs }),
        ...(entry.witnessId === undefined ? {} : { witness: entry.witnessId }),
        ...(choice === undefined
          ? {}
          : {
              ...{ purpose: purposeBreakGlass, by: entry.by ?? 'unknown' },
              ...{ reason: choice.reason, tookMs: Math.round(choice.tookMs) },
              ...{ position: choice.position, of: choice.of },
            }),
      },
    })
    const key = choice?.note === undefined ? undefined : await this.#keyOf(entry.personId)
    if (!key || choice?.note === undefined || entry.personId === undefined) return fact
    const about = { id: fact.id, person: entry.personId }
    return { ...fact, sealed: sealFields(about, { note: choice.note }, key) }
  }

  async #keyOf(person: string | undefined): Promise<Buffer | undefined> {
    return person === undefined ? undefined : this.#needs.personKeys.find(person)
  }

  #happened(
    entry: Exclude<OfflineEntry, { kind: 'decided' }>,
    at: BookTime,
    about: Pick<Fact, 'person' | 'tap'> & { readonly fields: Record<string, FactValue> },
  ): void {
    this.#note(
      newFact(this.#needs, 'OFF-003', {
        ...this.#place,
        ...about,
        ...('sessionId' in entry ? { session: entry.sessionId } : {}),
        fields: { ...this.#line(entry, at), ...about.fields },
      }),
    )
  }

  #review(
    entry: OfflineEntryOf<'decided' | 'left'>,
    at: BookTime,
    reasons: readonly string[],
    about: Pick<Fact, 'person' | 'session' | 'tap'>,
  ): void {
    const { db, newId, nowMs } = this.#needs
    const id = newId()
    const fields = { ...this.#line(entry, at), review: id, reasons: reasons.join(' ') }
    const rule = reasons[0] ?? 'unknown'
    this.#note(newFact(this.#needs, 'OFF-004', { ...this.#place, ...about, rule, fields }))
    this.writes.push(
      keepReview(db, {
        id,
        workstation_id: this.#from.workstationId,
        journal_id: this.#from.journalId,
        seq: entry.seq,
        person_id: about.person ?? null,
        session_id: about.session ?? null,
        tap_id: about.tap ?? null,
        reasons: reasons.join(' '),
        at_ms: at.ms,
        opened_ms: nowMs(),
      }),
    )
  }

  /** Every fact about an emergency's session carries its mark. */
  #note(fact: Fact): void {
    const grant = this.#grantOf(fact.session)
    this.facts.push(grant === undefined ? fact : markFact(fact, grant))
  }

  #grantOf(session: string | undefined): string | undefined {
    if (session === undefined) return undefined
    const standing = this.standing.sessions.find((one) => one.sessionId === session)
    const known = this.#grants.get(session) ?? standing?.emergency?.grantId
    return known ?? this.#reads.sessions.get(session)?.grant_id ?? undefined
  }

  get #place(): Pick<Fact, 'workstation' | 'zone'> {
    return { workstation: this.#from.workstationId, zone: this.#from.zone.id }
  }

  /** The fact's own time is the broker's, of merging; this is the workstation's. */
  #line(entry: OfflineEntry, { isAhead }: BookTime): Record<string, FactValue> {
    const { kind, seq, atMs } = entry
    const { journalId: journal, clockAheadMs } = this.#from
    const off = clockAheadMs === undefined ? {} : { clockAheadMs }
    return { kind, seq, atMs, isAhead, ...off, journal }
  }
}

function whoOf(session: StandingSession | undefined): Pick<Fact, 'person'> {
  return session ? { person: session.personId } : {}
}

function aboutOf(entry: OfflineEntryOf<'decided'>): Pick<Fact, 'person' | 'session' | 'tap'> {
  return {
    ...(entry.personId === undefined ? {} : { person: entry.personId }),
    ...(entry.sessionId === undefined ? {} : { session: entry.sessionId }),
    tap: entry.tapId,
  }
}
