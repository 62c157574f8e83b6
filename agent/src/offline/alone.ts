// The workstation that decides by itself: it hears what a broker says beforehand and afterwards,
// and answers while none is there. Every answer goes the way of a broker's; nothing here opens
// anything.

import { messageId } from '@wardkey/protocol/ids'
import type { SessionId } from '@wardkey/protocol/ids'
import type { BrokerFrame, BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import type { State } from '../machine/state.ts'
import type { Surroundings } from '../machine/screen-view.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { AloneEars, AlonePort, AloneQuestion, AloneReport, AloneStatus } from './alone-port.ts'
import type { BundleStore } from './bundle/bundle-store.ts'
import { Knowledge } from './bundle/knowledge.ts'
import { TimeQuestion } from './bundle/time-question.ts'
import { Graces } from './graces.ts'
import { Gaps } from './journal/gaps.ts'
import type { Journal } from './journal/journal.ts'
import type { NewEntry } from './journal/journal-lines.ts'
import { Openings } from './journal/openings.ts'
import { Teller } from './journal/teller.ts'
import type { Memory } from './memory.ts'
import type { PinCheck } from './pin/pin-check.ts'
import { PinTries } from './pin/pin-tries.ts'
import { Questions } from './questions.ts'
import { Seats } from './seats.ts'
import { TrustedTime } from './trusted-time.ts'

export interface AloneNeeds {
  readonly memory: Memory
  readonly store: BundleStore
  readonly journal: Journal
  readonly check: PinCheck
  /** Of the enrolment as it is now. */
  readonly workstationId: () => string | undefined
  /** How long the operating system has been up. */
  readonly upMs: number
  readonly newId: () => string
  readonly clock: Clock
  readonly log: Log
}

export class Alone implements AlonePort {
  readonly #needs: AloneNeeds
  readonly #ears: AloneEars
  readonly #time: TrustedTime
  readonly #timeQuestion: TimeQuestion
  readonly #knowledge: Knowledge
  readonly #openings = new Openings()
  readonly #seats = new Seats(this.#openings)
  readonly #graces: Graces
  readonly #gaps: Gaps
  readonly #teller: Teller
  readonly #questions: Questions
  #isLinkUp = false

  constructor(needs: AloneNeeds, ears: AloneEars) {
    this.#needs = needs
    this.#ears = ears
    const { memory, clock, upMs } = needs
    this.#time = new TrustedTime(clock, memory.now.clock)
    this.#graces = new Graces(this.#time.nowMs() - upMs)
    this.#gaps = new Gaps(needs)
    this.#timeQuestion = new TimeQuestion({ ...needs, send: ears.send })
    this.#knowledge = new Knowledge({
      ...needs,
      time: this.#time,
      onChange: ears.onOffline,
      askTime: () => this.#isLinkUp && this.#timeQuestion.ask(),
    })
    this.#teller = new Teller({
      ...needs,
      send: ears.send,
      onSettled: (sessions) => {
        this.#settled(sessions)
      },
    })
    this.#questions = new Questions({
      ...needs,
      knowledge: this.#knowledge,
      openings: this.#openings,
      tries: new PinTries(memory, this.#time, clock),
      graces: this.#graces,
      seats: this.#seats,
      isLinkUp: () => this.#isLinkUp,
      say: ears.onFrame,
    })
  }

  start(): void {
    const { journal, newId } = this.#needs
    this.#gaps.look()
    this.#openings.replay(journal.lines)
    // Nobody sits here: we were not there to say so.
    for (const sessionId of this.#openings.open) this.#left(sessionId, 'restart')
    const told = this.#knowledge.start()
    if (told) this.#ears.onFrame(rulesFrame(told, newId()))
  }

  ask(question: AloneQuestion): void {
    this.#questions.ask(question)
  }

  report(report: AloneReport): boolean {
    const { sessionId } = report
    const opening = this.#openings.find(sessionId)
    if (!opening) return false
    if (report.kind === 'leave') {
      if (report.reason === 'tap-out') {
        this.#graces.touched(opening.personId, this.#time.nowMs())
      }
      this.#left(sessionId, report.reason)
      return true
    }
    this.#needs.journal.keep(entryOf(report, Math.round(this.#needs.clock.wallMs())))
    return true
  }

  resumed(): void {
    this.#graces.forget(this.#time.nowMs())
    this.#knowledge.lookAgain()
  }

  hear(frame: BrokerFrame, ageMs = 0): boolean {
    switch (frame.kind) {
      case 'welcome':
        this.#knowledge.welcome(frame, ageMs)
        this.#gaps.welcomed(frame)
        this.#teller.up()
        return false
      case 'rules':
        this.#knowledge.rules(frame)
        return false
      case 'failed':
        this.#teller.failed(frame)
        return false
      case 'pong':
        this.#knowledge.timeTold(this.#timeQuestion.answered(frame))
        return true
      case 'bundle':
        this.#knowledge.part(frame)
        return true
      case 'people-out':
        void this.#out(frame)
        return true
      case 'offline-merged':
        void this.#teller.merged(frame)
        return true
      case 'admitted':
        this.#openings.taken(frame.sessionId)
        return false
      case 'ask-pin':
      case 'ask-witness':
      case 'ask-errand':
      case 'errand-done':
      case 'refused':
      case 'lock':
      case 'ask-signature':
      case 'ask-signature-pin':
      case 'signature-ended':
      case 'evidence':
      case 'noted':
        return false
    }
  }

  linkChanged(link: Surroundings['link']): void {
    this.#isLinkUp = link === 'up'
    if (link === 'up') return
    this.#teller.down()
    this.#knowledge.lookAgain()
    // The identity is not wanted any more: what it brought is nobody's to use.
    if (link === 'not-enrolled' || link === 'copied') this.#knowledge.wipe('not-enrolled')
    else if (this.#knowledge.usable()) this.#needs.check.warm()
  }

  follow(state: State): void {
    this.#seats.follow(state, this.#knowledge.known)
  }

  get status(): AloneStatus {
    const { untilMs } = this.#knowledge
    return {
      ...(untilMs === undefined ? {} : { untilMs: Math.round(untilMs) }),
      people: this.#knowledge.people,
      waiting: this.#needs.journal.lines.length,
      isStuck: this.#teller.isStuck,
      ...(this.#gaps.open.length === 0 ? {} : { gaps: this.#gaps.open.length }),
    }
  }

  get known(): AlonePort['known'] {
    const sequence = this.#knowledge.sequence
    return {
      ...(sequence === undefined ? {} : { bundleSequence: sequence }),
      ...(this.#needs.journal.lines.length === 0 ? {} : { waitsToMerge: true }),
      ...(this.#gaps.open.length === 0 ? {} : { gaps: [...this.#gaps.open] }),
    }
  }

  async close(): Promise<void> {
    const { journal, check, memory } = this.#needs
    this.#teller.stop()
    this.#knowledge.stop()
    await Promise.all([journal.close(), check.close()])
    await this.#gaps.close()
    await memory.settled()
  }

  /** Said only once it is on the disk: a broker that hears nothing says it again. */
  async #out(frame: BrokerFrameOf<'people-out'>): Promise<void> {
    if (!(await this.#knowledge.out(frame))) return
    const id = messageId.parse(this.#needs.newId())
    this.#ears.send({ kind: 'out-kept', id, replyTo: frame.id })
  }

  #left(sessionId: SessionId, reason: Extract<AloneReport, { kind: 'leave' }>['reason']): void {
    if (!this.#openings.left(sessionId)) return
    const atMs = Math.round(this.#needs.clock.wallMs())
    this.#needs.journal.keep({ kind: 'left', atMs, sessionId, reason })
  }

  #settled(sessions: BrokerFrameOf<'offline-merged'>['sessions']): void {
    for (const { sessionId, isKept } of sessions) {
      this.#openings.settle(sessionId, isKept)
      this.#ears.onConfirmed(sessionId, isKept)
    }
    if (this.#needs.journal.lines.length > 0) return
    // What was opened here and left here is over by a broker's books: its windows go too.
    for (const sessionId of this.#openings.allTold()) this.#ears.onConfirmed(sessionId, false)
  }
}

function entryOf(report: Exclude<AloneReport, { kind: 'leave' }>, atMs: number): NewEntry {
  const { sessionId } = report
  switch (report.kind) {
    case 'presence': {
      const { evidence, confidence } = report
      return { kind: 'seen', atMs, sessionId, evidence, confidence }
    }
    case 'launched':
      return { kind: 'launched', atMs, sessionId, outcome: report.outcome }
    case 'lock-was-wrong':
      return { kind: 'lock-was-wrong', atMs, sessionId, reason: report.reason }
  }
}

function rulesFrame(told: NonNullable<Memory['now']['told']>, id: string): BrokerFrame {
  return { kind: 'rules', id: messageId.parse(id), ...told }
}
