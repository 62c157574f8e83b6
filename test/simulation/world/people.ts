// People with badges, as a workstation knows them: they come, tap, type, work and go, each visit as
// its script says. They see the screen, and nothing of the broker.

import type { Asked, Card, PhaseOf, State } from '@wardkey/agent/machine/state'
import { isAbout, isHers } from '@wardkey/agent/machine/idle-limit'
import { tapId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Visit, Witness } from '../script/act.ts'
import type { AgentPlace } from './agent-place.ts'
import type { AgentStep } from './agent-process.ts'
import { Random } from './seeded.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface Member {
  readonly personId: PersonId
  readonly badgeId: string
  readonly card: Card
  readonly pin: string
  readonly staffNumber: string
}

/** A visit that goes on, and what of it is still to come. */
interface Stay {
  readonly visit: Visit
  readonly member: Member
  pins: readonly ('right' | 'wrong' | 'none')[]
  witnesses: readonly Witness[]
  /** What the screen showed when she last did something about it. */
  answered: string
  isWorking: boolean
}

export class People {
  readonly #time: VirtualTime
  readonly #seed: number
  readonly #agents: readonly AgentPlace[]
  readonly members: readonly Member[]
  /** Who stands where; somebody who comes elsewhere has left without a word. */
  readonly #stays = new Map<number, Stay>()
  readonly #signing = new Map<number, 'right' | 'wrong' | 'none'>()
  #taps = 0

  constructor(
    time: VirtualTime,
    seed: number,
    agents: readonly AgentPlace[],
    members: readonly Member[],
  ) {
    this.#time = time
    this.#seed = seed
    this.#agents = agents
    this.members = members
  }

  begin(visit: Visit): void {
    const member = this.members[visit.person]
    const place = this.#agents[visit.workstation]
    if (!member || !place) return
    for (const [at, stay] of this.#stays) if (stay.member === member) this.#stays.delete(at)
    const { pins, witnesses = [] } = visit
    const stay: Stay = { visit, member, pins, witnesses, answered: '', isWorking: false }
    this.#stays.set(visit.workstation, stay)
    if (visit.hasNoBadge === true) {
      this.#say(visit.workstation, { kind: 'emergency-asked' })
      return
    }
    this.tap(visit.workstation, member)
    const { againMs, cancelMs } = visit
    if (againMs !== undefined) {
      this.#later(stay, againMs, () => {
        this.tap(visit.workstation, member)
      })
    }
    if (cancelMs !== undefined) {
      this.#later(stay, cancelMs, (state) => {
        this.#cancel(visit.workstation, state)
      })
    }
  }

  /** The badge is held to the reader for a moment. */
  tap(workstation: number, { card }: Pick<Member, 'card'>): void {
    const place = this.#agents[workstation]
    if (!place?.isUp || place.process.state.surroundings.reader !== 'ready') return
    this.#taps += 1
    const id = tapId.parse(new Random(this.#seed, 'tap', this.#taps).uuid())
    const { technology, canonical } = card
    place.process.post({
      kind: 'card-seen',
      card: { technology, canonical },
      tapId: id,
      isShown: true,
    })
    this.#time.after(150, () => {
      place.process.post({ kind: 'card-gone', card: { technology, canonical } })
    })
  }

  /** What the person will type when this workstation's chart asks her to sign. */
  willSign(workstation: number, pin: 'right' | 'wrong' | 'none'): void {
    this.#signing.set(workstation, pin)
  }

  goHome(): void {
    this.#stays.clear()
    this.#signing.clear()
  }

  /** The screen changed: whoever stands there does what comes next. */
  see({ agent, before, now }: AgentStep): void {
    const stay = this.#stays.get(agent.index)
    if (!stay || before.phase === now.phase) return
    const { phase } = now
    switch (phase.kind) {
      case 'entering-pin':
        if (isAbout(phase, stay.member.card) || isByNumber(phase, stay.member)) {
          this.#typePin(stay, now)
        }
        return
      case 'open':
        if (isHers(phase.seated, stay.member.card) || isNobodysBadge(phase, stay)) this.#work(stay)
        return
      case 'identifying':
        this.#identify(stay)
        return
      case 'witnessing':
        if (!phase.isAsking) this.#fetchWitness(stay)
        return
      case 'leaving':
        if (isHers(phase.seated, stay.member.card)) this.#mindFading(stay)
        return
      case 'signing':
        if (isHers(phase.seated, stay.member.card)) this.#sign(stay, now)
        return
      case 'refused':
        this.#later(stay, stay.visit.thinkMs, (state) => {
          if (state.phase.kind !== 'refused') return
          const isEmergency = stay.visit.isEmergency === true
          this.#say(agent.index, { kind: isEmergency ? 'emergency-asked' : 'dismissed' })
        })
        return
      case 'handing-over':
        if (isHers(phase.seated, stay.member.card)) this.#mindTakeOver(stay)
        return
      case 'choosing-reason':
        this.#chooseReason(stay, now)
        return
      case 'locked':
        this.#regret(stay, now)
        return
      case 'asking':
      case 'checking-pin':
      case 'opening':
        return
    }
  }

  #typePin(stay: Stay, { phase }: State): void {
    if (phase.kind !== 'entering-pin') return
    const { tapId: id } = phase
    const [pin = 'none', ...rest] = stay.pins
    stay.pins = rest
    this.#later(stay, stay.visit.thinkMs, (state) => {
      if (state.phase.kind !== 'entering-pin' || state.phase.tapId !== id) return
      const at = stay.visit.workstation
      if (pin === 'none') this.#say(at, { kind: 'cancelled', tapId: id })
      else this.#say(at, { kind: 'pin-entered', tapId: id, pin: pinOf(stay.member, pin) })
      const { cancelMs } = stay.visit
      if (cancelMs === undefined) return
      this.#later(stay, cancelMs, (later) => {
        this.#cancel(at, later)
      })
    })
  }

  #cancel(workstation: number, { phase }: State): void {
    if (phase.kind !== 'asking' && phase.kind !== 'checking-pin') return
    this.#say(workstation, { kind: 'cancelled', tapId: phase.tapId })
  }

  #work(stay: Stay): void {
    if (stay.isWorking) return
    stay.isWorking = true
    const { workMs, inputEveryMs, goesBy, workstation } = stay.visit
    const isWithoutBadge = stay.visit.hasNoBadge === true
    const isStill = ({ phase }: State): boolean =>
      'seated' in phase &&
      (isHers(phase.seated, stay.member.card) || (!phase.seated.card && isWithoutBadge))
    const untilMs = this.#time.nowMs + workMs
    const again = (): void => {
      this.#later(stay, inputEveryMs, (state) => {
        if (!isStill(state) || this.#time.nowMs >= untilMs) return
        this.#agents[workstation]?.process.post({ kind: 'input-seen', agoMs: 0 })
        again()
      })
    }
    again()
    this.#later(stay, workMs, (state) => {
      if (!isStill(state)) return
      if (goesBy === 'tap' && !isWithoutBadge) this.tap(workstation, stay.member)
      if (goesBy === 'lock-key') this.#say(workstation, { kind: 'lock-asked' })
      // Whoever minds a fading screen is still there.
      if (stay.visit.onFade === 'nothing') this.#stays.delete(workstation)
    })
  }

  #mindFading(stay: Stay): void {
    const { onFade, workstation } = stay.visit
    if (onFade === 'nothing') return
    this.#later(stay, Math.min(3000, stay.visit.thinkMs), (state) => {
      if (state.phase.kind !== 'leaving') return
      if (onFade === 'tap') this.tap(workstation, stay.member)
      else this.#say(workstation, { kind: 'stayed' })
      this.#stays.delete(workstation)
    })
  }

  /** Somebody else's badge while she works: she keeps her screen, lets it go, or looks away. */
  #mindTakeOver(stay: Stay): void {
    const { onFade, workstation, thinkMs } = stay.visit
    if (onFade === 'nothing') return
    this.#later(stay, thinkMs, (state) => {
      if (state.phase.kind !== 'handing-over') return
      this.#say(workstation, { kind: onFade === 'tap' ? 'let-go' : 'kept' })
    })
  }

  #chooseReason(stay: Stay, { rules }: State): void {
    const { workstation, thinkMs } = stay.visit
    this.#later(stay, thinkMs, (state) => {
      const of = rules.emergency?.reasons ?? []
      const position = thinkMs % Math.max(1, of.length)
      const reason = of[position]
      if (state.phase.kind !== 'choosing-reason' || !reason) return
      const note = reason.asksNote ? { note: 'as in the script' } : {}
      const choice = { reason: reason.code, tookMs: thinkMs, position, of: of.length, ...note }
      this.#say(workstation, { kind: 'reason-chosen', choice })
    })
  }

  #identify(stay: Stay): void {
    const { workstation, thinkMs } = stay.visit
    this.#later(stay, thinkMs, ({ phase }) => {
      if (phase.kind !== 'identifying') return
      const { staffNumber } = stay.member
      this.#say(workstation, { kind: 'staff-number-entered', staffNumber })
    })
  }

  /** Whoever is at hand holds a badge to the reader. */
  #fetchWitness(stay: Stay): void {
    const { workstation, thinkMs, person } = stay.visit
    const [witness = 'nobody', ...rest] = stay.witnesses
    stay.witnesses = rest
    this.#later(stay, thinkMs, ({ phase }) => {
      if (phase.kind !== 'witnessing' || phase.isAsking) return
      const colleague = this.members[(person + 1) % this.members.length]
      if (witness === 'herself') this.tap(workstation, stay.member)
      if (witness === 'stranger') this.tap(workstation, { card: strangersCard })
      if (witness === 'colleague' && colleague) this.tap(workstation, colleague)
      if (witness === 'nobody') this.#say(workstation, { kind: 'emergency-cancelled' })
    })
  }

  #regret(stay: Stay, { phase }: State): void {
    if (phase.kind !== 'locked' || !phase.regret || stay.visit.onFade === 'nothing') return
    this.#later(stay, stay.visit.thinkMs, (state) => {
      if (state.phase.kind !== 'locked' || !state.phase.regret) return
      this.#say(stay.visit.workstation, { kind: 'lock-was-wrong' })
    })
  }

  #sign(stay: Stay, { phase }: State): void {
    if (phase.kind !== 'signing') return
    const { signing, ceremonyId } = phase
    const pin = this.#signing.get(stay.visit.workstation) ?? 'right'
    this.#later(stay, Math.min(8000, stay.visit.thinkMs), (state) => {
      if (state.phase.kind !== 'signing' || state.phase.ceremonyId !== ceremonyId) return
      if (state.phase.signing.step !== signing.step) return
      const at = stay.visit.workstation
      if (signing.step === 'badge') this.tap(at, stay.member)
      if (signing.step !== 'pin') return
      if (pin === 'none') this.#say(at, { kind: 'signature-cancelled', ceremonyId })
      else {
        const typed = pinOf(stay.member, pin)
        this.#say(at, { kind: 'signature-pin-entered', ceremonyId, pin: typed })
      }
    })
  }

  #say(
    workstation: number,
    input: Extract<AgentStep['happening'], { kind: 'screen-said' }>['input'],
  ): void {
    this.#taps += 1
    const id = tapId.parse(new Random(this.#seed, 'tap', this.#taps).uuid())
    this.#agents[workstation]?.process.post({ kind: 'screen-said', input, tapId: id })
  }

  /** Only while she is still there. */
  #later(stay: Stay, ms: number, act: (state: State) => void): void {
    this.#time.after(ms, () => {
      const place = this.#agents[stay.visit.workstation]
      if (this.#stays.get(stay.visit.workstation) === stay && place?.isUp) act(place.process.state)
    })
  }
}

const strangersCard = { technology: 'csn', canonical: '04ffffffffffff' } as const

/** She came in without one, and so did whoever sits here. */
function isNobodysBadge({ seated }: PhaseOf<'open'>, { visit }: Stay): boolean {
  return visit.hasNoBadge === true && !seated.card
}

function isByNumber({ who }: Asked, { staffNumber }: Member): boolean {
  return who.by === 'staff-number' && who.staffNumber === staffNumber
}

function pinOf({ pin }: Member, what: 'right' | 'wrong'): string {
  return what === 'right' ? pin : pin.split('').toReversed().join('')
}
