// Answers what a broker would be asked: who is it, may they, write it down, and only then say so.
// Every answer is durable in the journal before it is given; what cannot be written opens nothing.

import { sessionId as sessionIdOf } from '@wardkey/protocol/ids'
import type { TapId } from '@wardkey/protocol/ids'
import type { CardClaim, ReasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import type { Log } from '../platform/log.ts'
import type { AloneQuestion } from './alone-port.ts'
import {
  admittedFrame,
  askPinFrame,
  askWitnessFrame,
  pinAnswerMs,
  witnessAnswerMs,
} from './answer-frames.ts'
import { Answers } from './answers.ts'
import type { AnswersNeeds, Asked, Refusal } from './answers.ts'
import type { Usable } from './bundle/knowledge.ts'
import { refusalAt } from './decide-alone.ts'
import type { Graces } from './graces.ts'
import type { NewEntry } from './journal/journal-lines.ts'
import type { Openings } from './journal/openings.ts'
import { decisionFor, emergencyOf, locksOf, personOf, shownOf, triedOf } from './open-question.ts'
import type { Open } from './open-question.ts'
import type { PinCheck } from './pin/pin-check.ts'
import type { PinTries, Tried } from './pin/pin-tries.ts'
import type { Seats } from './seats.ts'

export interface QuestionsNeeds extends AnswersNeeds {
  readonly openings: Openings
  readonly tries: PinTries
  readonly check: PinCheck
  readonly graces: Graces
  readonly seats: Seats
  readonly isLinkUp: () => boolean
  readonly log: Log
}

/** One screen asks one thing at a time; what is beyond was given up long ago. */
const openMax = 4
/** Nobody tries out a box of badges. */
const wrongWitnessesMax = 5
const tooOld: Refusal = { rule: 'bundle-is-fresh', code: 'no-answer' }
/** Of no PIN: looked at for numbers of nobody, so that the time taken tells of no one. */
const nobodysPin = {
  hash: '$argon2id$v=19$m=19456,t=2,p=1$VGhlcmUgaXMgbm8gUElO$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  pepper: 'A'.repeat(43),
  lockedUntilMs: 0,
}

export class Questions {
  readonly #needs: QuestionsNeeds
  readonly #open = new Map<TapId, Open>()
  readonly #answers: Answers

  constructor(needs: QuestionsNeeds) {
    this.#needs = needs
    this.#answers = new Answers(needs)
  }

  /** Never throws: what goes wrong inside is an answer that opens nothing. */
  ask(question: AloneQuestion): void {
    this.#answer(question).catch((thrown: unknown) => {
      const reason = thrown instanceof Error ? thrown.name : 'unknown'
      this.#needs.log.error('offline.not-answered', { kind: question.kind, reason })
      this.#open.delete(question.tapId)
      if (question.kind !== 'cancel') this.#answers.sayRefused(question.tapId, 'no-answer')
    })
  }

  #answer(question: AloneQuestion): Promise<void> {
    switch (question.kind) {
      case 'tap':
        return this.#tap(question.tapId, question.card, undefined)
      case 'break-glass':
        return question.who.by === 'card'
          ? this.#tap(question.tapId, question.who.card, question.choice)
          : this.#number(question.tapId, question.who.staffNumber, question.choice)
      case 'pin':
        return this.#pin(question.tapId, question.pin)
      case 'witness':
        return this.#witness(question.tapId, question.card)
      case 'cancel':
        return this.#cancel(question.tapId)
    }
  }

  async #tap(tapId: TapId, card: CardClaim, choice: ReasonChoice | undefined): Promise<void> {
    const known = this.#needs.knowledge.usable()
    const by = 'card'
    if (!known) return this.#refuse({ tapId }, tooOld)
    const holder = known.people.byCard(card)
    // An unknown card is written down without its number: a lost badge is personal data too.
    if (!holder) {
      const refusal = { rule: 'badge-known-here', code: 'not-known-here' } as const
      return this.#refuse({ tapId, choice, by }, refusal)
    }
    const { person, isEnoughAlone } = holder
    const open = this.#begin({ tapId, by, personId: person.personId, isEnoughAlone, choice })
    return this.#decide(open, known)
  }

  async #number(tapId: TapId, staffNumber: string, choice: ReasonChoice): Promise<void> {
    const known = this.#needs.knowledge.usable()
    const by = 'staff-number'
    if (!known) return this.#refuse({ tapId }, tooOld)
    const waitMs = this.#needs.tries.placeLockedUntilMs() - known.nowMs
    if (waitMs > 0) return this.#refuse({ tapId, choice, by }, placeLocked(waitMs))
    const found = known.people.byStaffNumber(staffNumber)
    // Whoever may not come in is nobody here, from the first moment.
    const personId = found?.mayBreakGlass === true ? found.personId : undefined
    return this.#decide(this.#begin({ tapId, by, personId, isEnoughAlone: false, choice }), known)
  }

  async #pin(tapId: TapId, pin: string): Promise<void> {
    const { knowledge, tries, check, clock } = this.#needs
    const open = this.#open.get(tapId)
    if (open?.stage !== 'pin' || clock.monoMs() >= open.untilMs) return this.#expired(tapId)
    open.stage = 'deciding'
    const known = knowledge.usable()
    if (!known) return this.#refuse(open, tooOld)
    const person = personOf(open, known)
    const tried = this.#openTry(open, known, person)
    const before = this.#before(open, known, person)
    if (before) return before
    if (check.isBusy) return this.#refuse(open, { rule: 'pin-queue', code: 'busy' })
    try {
      // On the disk before the PIN is looked at: pulling the plug gains nobody a try.
      await (tried ? tries.begin(tried) : tries.beginForNobody())
    } catch {
      // A try that is not counted is not made.
      this.#open.delete(tapId)
      this.#answers.sayRefused(tapId, 'cannot-record')
      return
    }
    const isMatch = await check.matches(pin, (tried && person?.pin) ?? nobodysPin)
    if (!isMatch || !tried) return this.#wrong(open, known, person, tried)
    tries.matched(tried).catch((thrown: unknown) => {
      const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
      this.#needs.log.error('offline.not-written', { reason })
    })
    open.isPinProved = true
    const now = knowledge.usable()
    const matched = [this.#answers.pinTried(open.tapId, tried.personId, 'matched')]
    return now ? this.#decide(open, now, matched) : this.#refuse(open, tooOld, matched)
  }

  /** A number that was tried too often is nobody's for a while, and takes as long as any. */
  #openTry(open: Open, known: Usable, person: OfflinePerson | undefined): Tried | undefined {
    const tried = triedOf(open, person)
    if (!tried || open.by === 'card') return tried
    return this.#needs.tries.lockedUntilMs(tried) > known.nowMs ? undefined : tried
  }

  /** What says no whatever the PIN is: it is not looked at, and no try is used up. */
  #before(open: Open, known: Usable, person: OfflinePerson | undefined): Promise<void> | undefined {
    const { nowMs } = known
    const { placeLockedUntilMs, pinLockedUntilMs } = locksOf(open, known, this.#needs)
    const isNumber = open.by === 'staff-number'
    const placeMs = placeLockedUntilMs - nowMs
    if (isNumber) return placeMs > 0 ? this.#refuse(open, placeLocked(placeMs)) : undefined
    const pinMs = pinLockedUntilMs - nowMs
    const isLocked = person?.pin !== undefined && pinMs > 0
    const entries = isLocked ? [this.#answers.pinTried(open.tapId, person.personId, 'locked')] : []
    if (placeMs > 0) return this.#withoutPin(open, known, placeLocked(placeMs), entries)
    if (isLocked) return this.#withoutPin(open, known, pinLocked(pinMs), entries)
    const decision = decisionFor(open, known, this.#needs, true)
    return decision.kind === 'refuse' ? this.#refuse(open, decision) : undefined
  }

  /** In an emergency a PIN that is not at hand is as none: a colleague is asked for. */
  #withoutPin(
    open: Open,
    known: Usable,
    refusal: Refusal,
    entries: readonly NewEntry[],
  ): Promise<void> {
    return open.choice ? this.#decide(open, known, entries) : this.#refuse(open, refusal, entries)
  }

  #wrong(
    open: Open,
    known: Usable,
    person: OfflinePerson | undefined,
    tried: Tried | undefined,
  ): Promise<void> {
    const { tries, clock } = this.#needs
    // By a number it is not said which of the two was wrong, nor written down whose it is: anybody
    // can type it, and nothing is held against her by that.
    if (open.by === 'staff-number' || !person || !tried) {
      return this.#refuse(open, { rule: 'number-and-pin', code: 'not-identified' })
    }
    const entries = [this.#answers.pinTried(open.tapId, tried.personId, 'wrong')]
    const lockedMs = tries.lockedUntilMs(tried) - known.nowMs
    if (lockedMs > 0) return this.#withoutPin(open, known, pinLocked(lockedMs), entries)
    open.untilMs = clock.monoMs() + pinAnswerMs
    return this.#askPin(open, known, person, { rule: 'pin-again', again: true, entries })
  }

  async #witness(tapId: TapId, card: CardClaim): Promise<void> {
    const { knowledge, clock } = this.#needs
    const open = this.#open.get(tapId)
    if (open?.stage !== 'witness' || clock.monoMs() >= open.untilMs) return this.#expired(tapId)
    open.stage = 'deciding'
    const known = knowledge.usable()
    if (!known) return this.#refuse(open, tooOld)
    const witness = known.people.byCard(card)?.person
    const rule = strangerRule(open, witness, known.nowMs)
    if (witness && rule === undefined) {
      open.witnessId = witness.personId
      return this.#decide(open, known)
    }
    open.wrongWitnesses += 1
    if (open.wrongWitnesses >= wrongWitnessesMax) {
      return this.#refuse(open, { rule: rule ?? 'witness-is-known', code: 'witness-not-usable' })
    }
    return this.#askWitness(open, known, { rule: rule ?? 'witness-is-known', again: true })
  }

  async #cancel(tapId: TapId): Promise<void> {
    const open = this.#open.get(tapId)
    this.#open.delete(tapId)
    if (!open) return
    await this.#answers.note([this.#answers.decided(shownOf(open), 'cancelled', 'given-up')])
  }

  #decide(open: Open, known: Usable, entries: readonly NewEntry[] = []): Promise<void> {
    const person = personOf(open, known)
    const decision = decisionFor(open, known, this.#needs)
    switch (decision.kind) {
      case 'refuse':
        return this.#refuse(open, decision, entries)
      case 'ask-pin':
        this.#needs.check.warm()
        open.untilMs = this.#needs.clock.monoMs() + pinAnswerMs
        return this.#askPin(open, known, person, { rule: decision.rule, again: false, entries })
      case 'ask-witness':
        return this.#askWitness(open, known, { rule: decision.rule, again: false, entries })
      case 'allow':
        // Nobody is let in whom the bundle does not name.
        if (!person) return this.#refuse(open, tooOld, entries)
        return this.#admit(open, known, person, { ...decision, entries })
    }
  }

  async #askPin(
    open: Open,
    known: Usable,
    person: OfflinePerson | undefined,
    asked: { rule: string; again: boolean; entries: readonly NewEntry[] },
  ): Promise<void> {
    const { rule, again, entries } = asked
    const line = this.#answers.decided(shownOf(open), 'asked-pin', rule, {}, known)
    if (!(await this.#record(open, [...entries, line]))) return
    open.stage = 'pin'
    const tried = triedOf(open, person)
    const isNamed = open.by === 'card'
    const failures = tried && isNamed ? this.#needs.tries.failures(tried) : 0
    const name = isNamed ? person?.nameShown : undefined
    this.#answers.say(askPinFrame(this.#answers.to(open.tapId), { name, failures, again }))
  }

  async #askWitness(
    open: Open,
    known: Usable,
    asked: { rule: string; again: boolean; entries?: readonly NewEntry[] },
  ): Promise<void> {
    const { rule, again, entries = [] } = asked
    const person = personOf(open, known)
    const line = this.#answers.decided(shownOf(open), 'asked-witness', rule, {}, known)
    if (!(await this.#record(open, [...entries, line]))) return
    open.stage = 'witness'
    open.untilMs = this.#needs.clock.monoMs() + witnessAnswerMs
    this.#answers.say(askWitnessFrame(this.#answers.to(open.tapId), person ?? {}, again))
  }

  async #admit(
    open: Open,
    known: Usable,
    person: OfflinePerson,
    allowed: { rule: string; pinAtMs: number; entries: readonly NewEntry[] },
  ): Promise<void> {
    const { seats, openings, graces, newId } = this.#needs
    const { rule, pinAtMs, entries } = allowed
    const isEmergency = open.choice !== undefined
    const waiting = isEmergency ? undefined : seats.waitingFor(person)
    const sessionId = waiting ?? sessionIdOf.parse(newId())
    const isResumed = waiting !== undefined && openings.find(waiting)?.isResumed !== false
    const { personId } = person
    const line = this.#answers.decided(
      open,
      'admitted',
      rule,
      { sessionId, pinAtMs, ...(isResumed ? { isResumed } : {}) },
      known,
    )
    // A PIN that was proved just now was so at the line's own time, on the line's own clock.
    const proved = open.isPinProved ? { ...line, pinAtMs: line.atMs } : line
    if (!(await this.#record(open, [...entries, proved]))) return
    // Meanwhile it was given up, or a broker is there, which is to decide: nothing opens.
    const isGivenUp = this.#open.get(open.tapId) !== open
    const isLinkUp = this.#needs.isLinkUp()
    this.#open.delete(open.tapId)
    if (isGivenUp || isLinkUp) {
      this.#answers.left(sessionId, isGivenUp ? 'answered-late' : 'network-back')
      if (!isGivenUp) this.#answers.sayRefused(open.tapId, 'network-back')
      return
    }
    openings.opened(sessionId, { personId, isEmergency, isResumed })
    // An emergency opens no window in which the badge alone is enough.
    if (pinAtMs > 0 && !isEmergency) graces.proved(personId, pinAtMs, known.nowMs)
    const emergency = emergencyOf(open, known)
    const { steps } = known.bundle
    this.#answers.say(
      admittedFrame(this.#answers.to(open.tapId), person, { sessionId, steps, ...emergency }),
    )
  }

  /** It is over, whatever becomes of its line. */
  #refuse(asked: Open | Asked, refusal: Refusal, entries: readonly NewEntry[] = []): Promise<void> {
    this.#open.delete(asked.tapId)
    return this.#answers.refuse(shownOf(asked), refusal, entries)
  }

  /** False where it is not durable: then it was refused, and is over. */
  async #record({ tapId }: Open, entries: readonly NewEntry[]): Promise<boolean> {
    const isDurable = await this.#answers.record(tapId, entries)
    if (!isDurable) this.#open.delete(tapId)
    return isDurable
  }

  #expired(tapId: TapId): Promise<void> {
    return this.#refuse({ tapId }, { rule: 'tap-is-asked', code: 'tap-expired' })
  }

  #begin(about: Pick<Open, 'tapId' | 'by' | 'personId' | 'isEnoughAlone' | 'choice'>): Open {
    for (const tapId of [...this.#open.keys()].slice(0, -openMax + 1)) this.#open.delete(tapId)
    const open: Open = {
      ...about,
      stage: 'deciding',
      untilMs: 0,
      isPinProved: false,
      witnessId: undefined,
      wrongWitnesses: 0,
    }
    this.#open.set(open.tapId, open)
    return open
  }
}

function placeLocked(retryAfterMs: number): Refusal {
  return { rule: 'workstation-is-not-locked', code: 'workstation-locked-out', retryAfterMs }
}

function pinLocked(retryAfterMs: number): Refusal {
  return { rule: 'pin-is-not-locked', code: 'pin-locked', retryAfterMs }
}

/** Why a badge cannot speak for her; nothing where it can. Usable badges alone are known here. */
function strangerRule(
  { personId }: Open,
  witness: OfflinePerson | undefined,
  nowMs: number,
): string | undefined {
  if (!witness) return 'witness-is-known'
  if (witness.personId === personId) return 'witness-is-another'
  const refusal = refusalAt(witness, nowMs)
  if (refusal !== undefined && isAway.has(refusal)) return 'witness-is-active'
  return witness.mayWitness === false ? 'witness-role-may' : undefined
}

/** Who is not here speaks for nobody; off shift or elsewhere at home she may. */
const isAway: ReadonlySet<string> = new Set([
  'person-not-active',
  'access-over',
  'access-not-begun',
])
