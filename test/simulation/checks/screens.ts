// What screens show against what the books say, after every event. A difference is let pass only
// while one of the reasons below holds, each of them something that the design allows for a while;
// each has a name, and an end.

import { seatedOf } from '@wardkey/agent/machine/moves'
import type { AgentPlace } from '../world/agent-place.ts'
import type { Network } from '../world/net/network.ts'
import type { Wire } from '../world/net/wire.ts'
import type { BookedSession, Books } from './books.ts'
import { Violation } from './violation.ts'

export interface ScreensNeeds {
  readonly books: Books
  readonly network: Network
  readonly agents: readonly AgentPlace[]
  readonly workstationIds: readonly string[]
  readonly nowMs: () => number
  /** Until when a workstation may go on without a broker; Infinity where that is not known. */
  readonly aloneUntilMs: (index: number) => number
  /** Whether any broker is up, and the store takes units. */
  readonly isServed: () => boolean
}

/** The runtime gives a cover two seconds, then five to end the browser with all that it showed. */
const coverMaxMs = 2000 + 5000 + 200
/** A window is brought back within five seconds, after whatever is being hidden is hidden. */
const revealMaxMs = coverMaxMs + 5000
/** A link that broke is noticed by silence: so long, looked at so often (agent/src/link/waits). */
const silenceIn = ({ staleMs }: { readonly staleMs: number }): number =>
  Math.min(25_000, staleMs / 2) + Math.min(10_000, staleMs / 4)
const tickMs = 100
/** A broker confirms within ten seconds what was decided without it, or the screen locks. */
const confirmMaxMs = 10_000 + 500
/** From the books to a connected screen, through another broker (promise 4). */
const toldMs = 250
/** The broker notices silence, then waits for the zone and ten seconds more, then looks. */
const sweptMs = 35_000 + 10_000 + 5_000 + 5_000
/** A report that failed is repeated within this, several times. */
const repeatedMs = 5 * 1000

export class Screens {
  readonly #needs: ScreensNeeds
  /** Where screen and books differ, and since when, with the longest reason so far. */
  readonly #differing = new Map<number, number>()
  /** Of each screen, what can be seen there and should not be, since when. */
  readonly #visibleWrongly = new Map<number, ReadonlyMap<string, number>>()
  readonly #missingSinceMs = new Map<number, number>()
  /** Screens at which something has happened since they were last looked at. */
  readonly #touched = new Set<number>()
  /** Every screen that was cut off for too long has been looked at by then. */
  #reachByMs = -Infinity
  #lookByMs = -Infinity
  /** The broker's word about this one is on its way between brokers until then. */
  readonly #toldByMs = new Map<number, number>()
  readonly #unservedUntilMs = new Map<number, number>()
  /** For the report: how often each reason was needed. */
  readonly reasons = new Map<string, number>()

  constructor(needs: ScreensNeeds) {
    this.#needs = needs
  }

  booksChanged(index: number): void {
    this.#toldByMs.set(index, this.#needs.nowMs() + toldMs)
    this.screenChanged(index)
  }

  screenChanged(index: number): void {
    const isSame = this.#shown(index) === this.#booked(index)?.id
    if (isSame) this.#differing.delete(index)
    else if (!this.#differing.has(index)) this.#differing.set(index, this.#needs.nowMs())
  }

  /** Its state, or what can be seen on it, is not what it was: nothing else changes by itself. */
  touched(index: number): void {
    this.#touched.add(index)
  }

  /** From then on time alone may have made something wrong of what was let pass. */
  get lookByMs(): number {
    return this.#lookByMs
  }

  check(): void {
    const now = this.#needs.nowMs()
    for (const [index, sinceMs] of this.#differing) this.#judge(index, sinceMs)
    for (const index of this.#visibleWrongly.keys()) this.#touched.add(index)
    for (const index of this.#missingSinceMs.keys()) this.#touched.add(index)
    let lookByMs = this.#differing.size > 0 ? now : Infinity
    for (const index of this.#touched) {
      const place = this.#needs.agents[index]
      if (!place) continue
      lookByMs = Math.min(lookByMs, this.#checkVisible(place), this.#checkShown(place))
      this.#reachByMs = Math.min(this.#reachByMs, this.#checkReach(place))
    }
    this.#touched.clear()
    if (now > this.#reachByMs) this.#checkAllReach()
    this.#lookByMs = Math.min(lookByMs, this.#reachByMs)
  }

  get differing(): readonly number[] {
    return [...this.#differing.keys()]
  }

  #shown(index: number): string | undefined {
    const place = this.#needs.agents[index]
    return place?.isUp ? place.process.seated : undefined
  }

  #booked(index: number): BookedSession | undefined {
    return this.#needs.books.openAt.get(this.#needs.workstationIds[index] ?? '')
  }

  #judge(index: number, sinceMs: number): void {
    const shown = this.#shown(index)
    const booked = this.#booked(index)
    if (shown !== undefined) this.#judgeShown(index, shown, sinceMs)
    if (booked !== undefined && booked.id !== shown) this.#judgeBooked(index, booked, sinceMs)
  }

  /** Somebody sees a chart, and by the books nobody sits there. */
  #judgeShown(index: number, session: string, sinceMs: number): void {
    const place = this.#needs.agents[index]
    if (!place) return
    const { state } = place.process
    const wires = this.#needs.network.wiresOf({ workstation: index })
    const reason = this.#reasonForShown(index, session, wires, sinceMs)
    if (reason !== undefined) {
      this.#reasons(reason)
      return
    }
    const seen = `workstation ${String(index)} is ${state.phase.kind} with session ${session}, the books say ${this.#booked(index)?.id ?? 'nobody'}, since ${String(sinceMs)}`
    throw new Violation('no screen is open without a session in the books', seen)
  }

  #reasonForShown(
    index: number,
    session: string,
    wires: readonly Wire[],
    sinceMs: number,
  ): string | undefined {
    const place = this.#needs.agents[index]
    if (!place) return undefined
    const now = this.#needs.nowMs()
    const { state } = place.process
    const isInReach =
      state.surroundings.link === 'up' &&
      wires.some((wire) => wire.isWhole) &&
      !this.#needs.network.isSlow(index)
    const isAlone = seatedOf(state.phase)?.isAlone === true
    const confirmFromMs = Math.max(sinceMs, place.linkUpMs ?? 0)
    if (isInReach && isAlone && now - confirmFromMs <= confirmMaxMs) return 'being confirmed'
    const isLocking = wires.some((wire) => isOnTheWay(wire, 'toAgent', '"kind":"lock"', session))
    if (isInReach && isLocking) return 'a lock is on its way'
    if (isInReach) {
      return now <= (this.#toldByMs.get(index) ?? 0) ? 'the word is between brokers' : undefined
    }
    const heardMs = Math.max(place.heardMs, ...wires.map((wire) => wire.heardMs))
    const limitMs = state.rules.staleMs + silenceIn(state.rules) + tickMs
    if (now - Math.min(now, Math.max(heardMs, sinceMs)) <= limitMs) return 'out of reach'
    return now <= this.#needs.aloneUntilMs(index) + tickMs ? 'going on alone' : undefined
  }

  /** By the books somebody sits there, and the screen is locked or another’s. */
  #judgeBooked(index: number, booked: BookedSession, sinceMs: number): void {
    const place = this.#needs.agents[index]
    if (!place) return
    const { process } = place
    const wires = this.#needs.network.wiresOf({ workstation: index })
    const now = this.#needs.nowMs()
    const reason = ((): string | undefined => {
      if (!place.isUp) return 'the agent is down'
      if (process.state.surroundings.link !== 'up' || !wires.some((wire) => wire.isWhole)) {
        return 'out of reach'
      }
      if (this.#needs.network.isSlow(index)) return 'out of reach'
      if (!this.#needs.isServed()) return 'nothing can be written'
      const { phase, late } = process.state
      if (wires.some((wire) => isOnTheWay(wire, 'toAgent', '"kind":"admitted"', booked.id))) {
        return 'the answer is on its way'
      }
      if (process.link.unnoted > 0) return 'a leave is on its way'
      if ((process.alone?.status.waiting ?? 0) > 0) return 'lines are on their way'
      if (late.some((id) => id === booked.id)) return 'a late answer is held'
      if (phase.kind === 'asking' || phase.kind === 'checking-pin') return 'being asked'
      return undefined
    })()
    if (reason !== undefined) {
      this.#unservedUntilMs.set(index, now)
      this.#reasons(reason)
      return
    }
    // What a moment ago still had a reason may need a moment to be told or written.
    const lastMs = Math.max(this.#unservedUntilMs.get(index) ?? 0, sinceMs)
    if (now - lastMs <= repeatedMs) return
    const seen = `session ${booked.id} at workstation ${String(index)}, which is ${process.state.phase.kind}`
    throw new Violation('no session stays open in the books without its screen', seen)
  }

  /** Gives back until when what can be seen there wrongly is let pass. */
  #checkVisible({ process }: AgentPlace): number {
    const { index, browser } = process
    const before = this.#visibleWrongly.get(index)
    if (browser.visible.size === 0 && !before) return Infinity
    const { phase } = process.state
    const isUp = phase.kind === 'opening' || phase.kind === 'open'
    const mine = isUp ? seatedOf(phase)?.sessionId : undefined
    const now = this.#needs.nowMs()
    const wrongly = new Map<string, number>()
    for (const session of browser.visible) {
      if (session !== mine) wrongly.set(session, before?.get(session) ?? now)
    }
    if (wrongly.size === 0) {
      this.#visibleWrongly.delete(index)
      return Infinity
    }
    this.#visibleWrongly.set(index, wrongly)
    this.#reasons('a cover is under way')
    // Being hidden is one thing; two at once are never seen.
    if (browser.visible.size > 1) {
      throw new Violation('never two sessions on one screen', `workstation ${String(index)}`)
    }
    const byMs = Math.min(...wrongly.values()) + coverMaxMs
    if (now > byMs) {
      throw new Violation('what is locked is hidden', `workstation ${String(index)}, ${phase.kind}`)
    }
    return byMs
  }

  /** Each one is heard of again and again: only who is not comes to its limit. */
  #checkAllReach(): void {
    this.#reachByMs = Infinity
    for (const place of this.#needs.agents) {
      this.#reachByMs = Math.min(this.#reachByMs, this.#checkReach(place))
    }
  }

  /** Promise 4: whoever cannot be reached any more locks by itself. Gives back by when. */
  #checkReach(place: AgentPlace): number {
    const { state, seated, clock, index } = place.process
    if (seated === undefined || !clock.isAlive) return Infinity
    const heardByMs = place.heardMs + state.rules.staleMs + silenceIn(state.rules)
    // What it waits for may change at the last moment, and its tick is put off once.
    const byMs = Math.max(heardByMs, this.#needs.aloneUntilMs(index)) + 2 * tickMs
    if (this.#needs.nowMs() > byMs) {
      const awayMs = this.#needs.nowMs() - place.heardMs
      const seen = `workstation ${String(index)}, after ${String(awayMs)} ms`
      throw new Violation('a screen that is cut off locks by itself', seen)
    }
    return byMs
  }

  /** Who is told that her chart is open sees it, but for the moment in which it comes back. */
  #checkShown({ process }: AgentPlace): number {
    const { phase } = process.state
    const { index, browser, clock } = process
    const isMissing = phase.kind === 'open' && !browser.visible.has(phase.seated.sessionId)
    if (!isMissing) {
      this.#missingSinceMs.delete(index)
      return Infinity
    }
    const now = this.#needs.nowMs()
    const sinceMs = this.#missingSinceMs.get(index) ?? now
    this.#missingSinceMs.set(index, sinceMs)
    if (now - sinceMs > revealMaxMs && clock.isAlive) {
      throw new Violation('an open screen shows its chart', `workstation ${String(index)}`)
    }
    return clock.isAlive ? sinceMs + revealMaxMs : Infinity
  }

  #reasons(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
  }
}

export const ghostLimitMs = sweptMs

function isOnTheWay(
  wire: Wire,
  way: 'toAgent' | 'toBroker',
  kind: string,
  session: string,
): boolean {
  return wire[way].onTheWay.some(
    (parcel) =>
      parcel.kind === 'text' && parcel.text.includes(kind) && parcel.text.includes(session),
  )
}
