// Lines of a journal become facts, presence and sessions, one after the other. Decides nothing
// about what is open now (settle-sessions does); a claim that cannot be is written down and
// followed no further.

import type { SessionId } from '@wardkey/protocol/ids'
import type { OfflineEntry, OfflineEntryOf } from '@wardkey/protocol/workstation/offline-entries'
import { sealFields } from '../../audit/sealed-fields.ts'
import type { Fact, FactValue } from '../../audit/fact.ts'
import { confidenceOf } from '../../sessions/presence.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Notice } from '../recorded.ts'
import { bookTime } from './clamp-time.ts'
import type { BookTime } from './clamp-time.ts'
import type { TakeEmergency } from './emergency-seam.ts'
import { findOtherwise, findUnsound } from './judge-decision.ts'
import type { DecisionFacts } from './judge-decision.ts'
import type { MergeReads } from './merge-reads.ts'
import { keepEnded, keepPresence, keepReview } from './offline-writes.ts'
import type { From } from './offline-writes.ts'
import { isPinAsked, standingOf, withPinTry, withQuestion } from './standing.ts'
import { withSession, withoutSession } from './standing.ts'
import type { Standing, StandingSession } from './standing.ts'

export interface TakeNeeds extends FlowNeeds {
  readonly personKeys: { find(person: string): Promise<Buffer | undefined> }
  /** Absent while there is no emergency access: then nothing but the facts follows from one. */
  readonly takeEmergency?: TakeEmergency
}

export interface TakeFrom extends From {
  readonly zone: DecisionFacts['zone']
}

/** What has been made of the lines so far. */
export class Taking {
  standing: Standing
  readonly facts: Fact[] = []
  readonly writes: Write[] = []
  readonly notices: Notice[] = []
  /** Sessions of a broker that were left meanwhile, and when. */
  readonly left = new Map<SessionId, { readonly atMs: number; readonly reason: string }>()
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
    const at = bookTime(entry.atMs, this.#needs.nowMs())
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
        await this.#left(entry, at)
        return
      case 'seen':
        this.#seen(entry, at)
        return
      case 'launched':
        this.#happened(entry, at, { fields: { outcome: entry.outcome } })
        return
      case 'lock-was-wrong':
        this.#happened(entry, at, { fields: { reason: entry.reason } })
        return
    }
  }

  async #decided(entry: OfflineEntryOf<'decided'>): Promise<void> {
    const bundle = this.#reads.bundles.get(entry.bundleSequence)
    const at = bookTime(entry.atMs, this.#needs.nowMs(), bundle?.issuedMs)
    const facts = this.#factsOf(entry, at)
    const isOpening = entry.outcome === 'admitted'
    const unsound = isOpening ? findUnsound(entry, facts) : undefined
    const otherwise = isOpening && unsound === undefined ? findOtherwise(entry, at.ms, facts) : []
    this.facts.push(await this.#decidedFact(entry, at, unsound === undefined))
    const reasons = unsound === undefined ? otherwise : [unsound]
    if (reasons.length > 0) this.#review(entry, at, reasons)
    // Only of somebody whom the bundle knew, while it was good: nobody else's tries can be used up.
    const mayAsk = bundle !== undefined && facts.rostered !== undefined
    const isInTime = bundle !== undefined && at.ms <= bundle.expiresMs
    if (entry.outcome === 'asked-pin' && mayAsk && isInTime) {
      this.standing = withQuestion(this.standing, entry)
    }
    if (isOpening && unsound === undefined) this.#opened(entry, at, otherwise.length === 0)
  }

  #factsOf(entry: OfflineEntryOf<'decided'>, at: BookTime): DecisionFacts {
    const { journalId, workstationId, zone } = this.#from
    const person = entry.personId ?? ''
    const bundle = this.#reads.bundles.get(entry.bundleSequence)
    return {
      ...{ journalId, workstationId, zone, bundle },
      rostered: person === '' ? undefined : bundle?.find(person),
      person: this.#reads.people.get(person),
      session: this.#reads.sessions.get(entry.sessionId ?? ''),
      isOwnSession: standingOf(this.standing, entry)?.personId === person,
      isElsewhere: this.#reads.isElsewhere(person, at.ms),
    }
  }

  #opened(entry: OfflineEntryOf<'decided'>, at: BookTime, isSound: boolean): void {
    const { personId, sessionId, witnessId, choice, pinAtMs = 0 } = entry
    if (personId === undefined || sessionId === undefined) return
    const before = standingOf(this.standing, entry)
    const known = this.#reads.sessions.get(sessionId)
    // Her own badge on her own screen: what was seen until now ends, and a tap begins.
    if (before) this.writes.push(keepPresence(this.#needs, before, this.#from, at.ms))
    const isProved = pinAtMs >= entry.atMs
    const confidence = confidenceOf[isProved ? 'badge-and-pin' : 'badge-alone']
    this.standing = withSession(this.standing, {
      ...{ sessionId, personId, seq: entry.seq, pinAtMs },
      ...(witnessId === undefined ? {} : { witnessId }),
      ...(choice === undefined ? {} : { choice }),
      // One that a broker keeps is the broker's, whatever the workstation calls it.
      isResumed: entry.isResumed === true || (known !== undefined && known.state !== 'ended'),
      fromMs: before?.fromMs ?? at.ms,
      presence: { kind: 'tap', confidence, fromMs: at.ms },
      isSound: isSound && before?.isSound !== false,
    })
  }

  async #left(entry: OfflineEntryOf<'left'>, at: BookTime): Promise<void> {
    const session = standingOf(this.standing, entry)
    const { reason } = entry
    this.#happened(entry, at, { ...whoOf(session), fields: { reason } })
    this.left.set(entry.sessionId, { atMs: at.ms, reason })
    if (!session) return
    await this.close(session, { atMs: at.ms, reason })
  }

  /** Its presence ends, and with it the session itself where only the workstation knew it. */
  async close(
    session: StandingSession,
    end: { readonly atMs: number; readonly reason: string },
  ): Promise<void> {
    const { db } = this.#needs
    const atMs = Math.max(session.fromMs, end.atMs)
    this.writes.push(keepPresence(this.#needs, session, this.#from, atMs))
    if (!session.isResumed) {
      this.writes.push(keepEnded(db, session, this.#from, { ...end, atMs }))
    }
    this.standing = withoutSession(this.standing, session.sessionId)
    const { choice } = session
    if (choice === undefined || !this.#needs.takeEmergency) return
    const taken = await this.#needs.takeEmergency({
      ...{ personId: session.personId, witnessId: session.witnessId, choice },
      ...{ sessionId: session.sessionId, workstationId: this.#from.workstationId },
      ...{ zoneId: this.#from.zone.id, pinAtMs: session.pinAtMs },
      ...{ fromMs: session.fromMs, endedMs: atMs },
    })
    this.facts.push(...taken.facts)
    this.writes.push(...taken.writes)
    this.notices.push(...taken.notices)
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
    const fact = newFact(this.#needs, 'OFF-002', {
      ...this.#about(entry),
      ...(entry.personId === undefined ? {} : { person: entry.personId }),
      ...(entry.sessionId === undefined ? {} : { session: entry.sessionId }),
      tap: entry.tapId,
      rule: entry.rule,
      fields: {
        ...this.#line(entry, at),
        ...{ outcome: entry.outcome, isBelieved, isResumed: entry.isResumed === true },
        ...{ bundleSequence: entry.bundleSequence, bundleAgeMs: entry.bundleAgeMs },
        ...(entry.code === undefined ? {} : { code: entry.code }),
        ...(entry.pinAtMs === undefined ? {} : { pinAtMs: entry.pinAtMs }),
        ...(entry.witnessId === undefined ? {} : { witness: entry.witnessId }),
        ...(choice === undefined
          ? {}
          : {
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
    this.facts.push(
      newFact(this.#needs, 'OFF-003', {
        ...this.#about(entry),
        ...about,
        ...('sessionId' in entry ? { session: entry.sessionId } : {}),
        fields: { ...this.#line(entry, at), ...about.fields },
      }),
    )
  }

  #review(entry: OfflineEntryOf<'decided'>, at: BookTime, reasons: readonly string[]): void {
    const { db, newId, nowMs } = this.#needs
    const id = newId()
    const about = {
      ...(entry.personId === undefined ? {} : { person: entry.personId }),
      ...(entry.sessionId === undefined ? {} : { session: entry.sessionId }),
      tap: entry.tapId,
    }
    const fields = { ...this.#line(entry, at), review: id, reasons: reasons.join(' ') }
    const rule = reasons[0] ?? 'unknown'
    this.facts.push(
      newFact(this.#needs, 'OFF-004', { ...this.#about(entry), ...about, rule, fields }),
    )
    this.writes.push(
      keepReview(db, {
        id,
        workstation_id: this.#from.workstationId,
        journal_id: this.#from.journalId,
        seq: entry.seq,
        person_id: entry.personId ?? null,
        session_id: entry.sessionId ?? null,
        tap_id: entry.tapId,
        reasons: reasons.join(' '),
        at_ms: at.ms,
        opened_ms: nowMs(),
      }),
    )
  }

  #about(_entry: OfflineEntry): Pick<Fact, 'workstation' | 'zone'> {
    return { workstation: this.#from.workstationId, zone: this.#from.zone.id }
  }

  /** The fact's own time is the broker's, of merging; this is the workstation's. */
  #line(entry: OfflineEntry, { isAhead }: BookTime): Record<string, FactValue> {
    const { kind, seq, atMs } = entry
    return { kind, seq, atMs, isAhead, journal: this.#from.journalId }
  }
}

function whoOf(session: StandingSession | undefined): Pick<Fact, 'person'> {
  return session ? { person: session.personId } : {}
}
