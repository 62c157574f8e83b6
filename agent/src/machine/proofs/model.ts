// The workstation told once more, in few words and without looking at the machine: who sits there,
// whose session waits behind the lock screen, what is asked. Its limits are written out again, so
// that a number changed in the machine is seen here. Only for proofs; it decides nothing.

export type Person = 'rosa' | 'ben' | 'cyd'

export interface Zone {
  readonly takeOver: 'at-once' | 'ask-first'
  readonly cardStays: boolean
  readonly suspendedMax: number
}

type Sitting = {
  readonly who: Person
  /** It can be brought back: the chart was once there. */
  readonly isChartThere: boolean
} & (
  | { readonly at: 'opening'; readonly untilMs: number }
  | { readonly at: 'open'; readonly shownMs: number; readonly usedMs: number }
  | { readonly at: 'fading'; readonly sinceMs: number }
  | { readonly at: 'signed-out'; readonly sinceMs: number }
  | {
      readonly at: 'asked-first'
      readonly to: Person
      readonly tap: number
      readonly usedMs: number
      untilMs: number
    }
  | {
      readonly at: 'signing'
      readonly step: 'badge' | 'asking' | 'pin' | 'checking'
      readonly sinceMs: number
      readonly usedMs: number
    }
)

const minuteMs = 60_000
export const idleMs = 60_000
export const inPlaceIdleMs = 120_000
export const activeMs = 20_000
export const takeOverMs = 10_000
const waitsMs = 120 * minuteMs
const linkBlinkMs = 1000
const patience = { badge: 8000, typing: 30_000, checking: 12_000 } as const

/** Nobody, or a question about somebody, or somebody: never two of them. */
export class Model {
  nowMs: number
  sitting: Sitting | undefined
  asked:
    | { readonly who: Person; readonly tap: number; step: keyof typeof patience; untilMs: number }
    | undefined
  refusedUntilMs: number | undefined
  /** The newest last. */
  suspended: { readonly who: Person; readonly sinceMs: number }[] = []
  /** Whose session the broker takes to be open here. */
  readonly believed = new Set<Person>()
  /** Admitted to a question that was over, and not yet given back. */
  readonly late = new Set<Person>()
  readonly ended: string[] = []
  readonly questions: string[] = []
  tapCount = 0
  #lying: Person | undefined
  #linkLostMs: number | undefined
  #readerLostMs: number | undefined
  #hasReader = true
  #hasBrowser = true
  readonly #zone: Zone

  constructor(zone: Zone, nowMs: number) {
    this.#zone = zone
    this.nowMs = nowMs
  }

  tap(who: Person): void {
    this.tapCount += 1
    this.#lying = who
    const { sitting, asked, tapCount: tap } = this
    if (asked) {
      if (asked.who !== who) this.#ask(who, tap)
    } else if (!sitting) this.#ask(who, tap)
    else if (sitting.at === 'signing') {
      if (sitting.step === 'badge') this.sitting = { ...sitting, step: 'asking' }
    } else if (sitting.who === who) this.#ownBadge(sitting)
    else if (sitting.at === 'asked-first') {
      if (sitting.to !== who) this.sitting = { ...sitting, to: who, tap }
    } else this.#othersBadge(sitting, who, tap)
  }

  /** Too soon to be a tap: it takes a sign-out back, and is nothing else. */
  again(who: Person): void {
    const { sitting } = this
    if (sitting?.at === 'signed-out' && sitting.who === who) this.#back(sitting, this.nowMs)
  }

  #ownBadge(sitting: Sitting): void {
    if (sitting.at === 'opening') return
    if (sitting.at !== 'open') {
      this.#back(sitting, this.nowMs)
      return
    }
    if (this.nowMs - sitting.shownMs < 1500) return
    const { who, isChartThere } = sitting
    this.sitting =
      this.nowMs - sitting.usedMs < activeMs
        ? { who, isChartThere, at: 'signed-out', sinceMs: this.nowMs }
        : { ...sitting, usedMs: this.nowMs }
  }

  #othersBadge(sitting: Sitting, to: Person, tap: number): void {
    const isInUse = sitting.at === 'open' && this.nowMs - sitting.usedMs < activeMs
    if (this.#zone.takeOver === 'ask-first' && isInUse) {
      const { who, isChartThere, usedMs } = sitting
      const untilMs = this.nowMs + takeOverMs
      this.sitting = { who, isChartThere, at: 'asked-first', to, tap, usedMs, untilMs }
      return
    }
    this.lock()
    this.#ask(to, tap)
  }

  takesCard(which: Person | undefined): void {
    const gone = which ?? this.#lying
    if (gone === this.#lying) this.#lying = undefined
    if (!gone || !this.#zone.cardStays) return
    const { sitting } = this
    if (this.asked?.who === gone) this.refuse()
    else if (sitting?.at === 'asked-first' && sitting.to === gone) {
      this.#back(sitting, sitting.usedMs)
    } else if (sitting?.who === gone) this.lock()
  }

  #ask(who: Person, tap: number): void {
    this.asked = undefined
    if (!this.#hasBrowser) return
    if (this.#linkLostMs !== undefined && this.nowMs - this.#linkLostMs >= linkBlinkMs) {
      this.refuse()
      return
    }
    this.refusedUntilMs = undefined
    this.asked = { who, tap, step: 'badge', untilMs: this.nowMs + patience.badge }
    this.questions.push(`${who} ${String(tap)}`)
  }

  asksFor(step: 'typing' | 'checking'): void {
    if (!this.asked || this.asked.step === step) return
    this.asked = { ...this.asked, step, untilMs: this.nowMs + patience[step] }
  }

  refuse(): void {
    this.asked = undefined
    this.refusedUntilMs = this.nowMs + 12_000
  }

  cancel(): void {
    this.asked = undefined
  }

  admit(): void {
    const { asked } = this
    if (!asked) return
    const { who } = asked
    this.believed.add(who)
    this.asked = undefined
    const isChartThere = this.suspended.some((one) => one.who === who)
    this.suspended = this.suspended.filter((one) => one.who !== who)
    this.sitting = { who, isChartThere, at: 'opening', untilMs: this.nowMs + 20_000 }
  }

  admitLate(who: Person): void {
    this.believed.add(who)
    if (this.sitting?.who !== who) this.late.add(who)
  }

  chartShown(who: Person): void {
    if (this.sitting?.who !== who || this.sitting.at !== 'opening') return
    const at = { shownMs: this.nowMs, usedMs: this.nowMs }
    this.sitting = { who, isChartThere: true, at: 'open', ...at }
  }

  chartFailed(who: Person): void {
    const { sitting } = this
    if (sitting?.who !== who) return
    if (sitting.at === 'opening' && sitting.isChartThere) {
      this.sitting = { ...sitting, isChartThere: false }
    } else this.#gone()
  }

  used(): void {
    const { sitting, nowMs } = this
    if (sitting?.at === 'open' || sitting?.at === 'signing') {
      this.sitting = { ...sitting, usedMs: nowMs }
    } else if (sitting?.at === 'fading' && nowMs > sitting.sinceMs) this.#back(sitting, nowMs)
  }

  stays(): void {
    if (this.sitting?.at === 'fading') this.#back(this.sitting, this.nowMs)
  }

  keeps(): void {
    if (this.sitting?.at === 'asked-first') this.#back(this.sitting, this.nowMs)
  }

  letsGo(): void {
    if (this.sitting?.at !== 'asked-first') return
    const { to, tap } = this.sitting
    this.lock()
    this.#ask(to, tap)
  }

  asksToSign(who: Person): void {
    if (this.sitting?.at !== 'open' || this.sitting.who !== who) return
    const { isChartThere, usedMs } = this.sitting
    const signing = { at: 'signing', step: 'badge', sinceMs: this.nowMs, usedMs } as const
    this.sitting = { who, isChartThere, ...signing }
  }

  signs(step: 'badge' | 'pin' | 'checking'): void {
    if (this.sitting?.at !== 'signing') return
    if (step === 'pin' && this.sitting.step === 'badge') return
    if (step === 'checking' && this.sitting.step !== 'pin') return
    const usedMs = step === 'checking' ? this.nowMs : this.sitting.usedMs
    this.sitting = { ...this.sitting, step, usedMs }
  }

  signatureOver(how: 'ended' | 'cancelled'): void {
    if (this.sitting?.at !== 'signing') return
    this.#back(this.sitting, how === 'ended' ? this.sitting.usedMs : this.nowMs)
  }

  /** Her chart again; not where nobody has been at it for as long as it would have faded by. */
  #back({ who, isChartThere }: Sitting, usedMs: number): void {
    const { nowMs } = this
    this.sitting =
      nowMs - usedMs >= this.#idleMs(who)
        ? { who, isChartThere, at: 'fading', sinceMs: nowMs }
        : { who, isChartThere, at: 'open', shownMs: nowMs, usedMs }
  }

  #idleMs(who: Person): number {
    return this.#lying === who ? inPlaceIdleMs : idleMs
  }

  /** Nobody's screen; her windows wait, and the oldest that are too many are over. */
  lock(): void {
    const { sitting } = this
    if (!sitting) return
    this.believed.delete(sitting.who)
    this.sitting = undefined
    if (!sitting.isChartThere) return
    this.suspended.push({ who: sitting.who, sinceMs: this.nowMs })
    while (this.suspended.length > this.#zone.suspendedMax) {
      this.ended.push(`${this.suspended.shift()?.who ?? ''} too-many-suspended`)
    }
  }

  /** Nobody's screen, and nothing of it can be brought back. */
  #gone(): void {
    if (this.sitting) this.believed.delete(this.sitting.who)
    this.sitting = undefined
  }

  brokerLocks(who: Person): void {
    this.believed.delete(who)
    if (this.sitting?.who === who) this.sitting = undefined
    this.suspended = this.suspended.filter((one) => one.who !== who)
  }

  link(isUp: boolean): void {
    this.#linkLostMs = isUp ? undefined : (this.#linkLostMs ?? this.nowMs)
  }

  reader(isThere: boolean): void {
    const isLostNow = this.#hasReader && this.sitting !== undefined
    this.#hasReader = isThere
    if (isThere) this.#readerLostMs = undefined
    else if (isLostNow) this.#readerLostMs ??= this.nowMs
  }

  browser(isThere: boolean): void {
    this.#hasBrowser = isThere
    if (isThere) return
    this.#gone()
    this.suspended = []
    this.asked = undefined
    this.refusedUntilMs = undefined
  }

  tick(): void {
    const { sitting, asked, nowMs } = this
    if (asked && nowMs >= asked.untilMs) {
      if (asked.step === 'typing') this.cancel()
      else this.refuse()
    } else if (this.refusedUntilMs !== undefined && nowMs >= this.refusedUntilMs) {
      this.refusedUntilMs = undefined
    } else if (sitting) {
      const lostMs = [this.#linkLostMs, this.#readerLostMs].map((ms) => nowMs - (ms ?? nowMs))
      if (lostMs.some((ms) => ms >= 10_000)) this.lock()
      else this.#tickOn(sitting)
    }
    const over = this.suspended.filter(({ sinceMs }) => nowMs - sinceMs >= waitsMs)
    this.ended.push(...over.map(({ who }) => `${who} suspended-too-long`))
    this.suspended = this.suspended.filter((one) => !over.includes(one))
  }

  #tickOn(sitting: Sitting): void {
    const { nowMs } = this
    switch (sitting.at) {
      case 'opening':
        if (nowMs >= sitting.untilMs) this.lock()
        return
      case 'open':
        if (nowMs - sitting.usedMs >= this.#idleMs(sitting.who)) this.#back(sitting, sitting.usedMs)
        return
      case 'fading':
        if (nowMs - sitting.sinceMs >= 10_000) this.lock()
        return
      case 'signed-out':
        if (nowMs - sitting.sinceMs >= 3000) this.lock()
        return
      case 'asked-first':
        if (nowMs >= sitting.untilMs) this.letsGo()
        return
      case 'signing':
        if (nowMs - sitting.sinceMs >= minuteMs) this.#back(sitting, sitting.usedMs)
    }
  }

  /** After each act: what was admitted too late is given back, once no answer is under way. */
  settle(): void {
    if (!this.sitting) this.#readerLostMs = undefined
    if (this.asked?.step === 'badge' || this.asked?.step === 'checking') return
    for (const who of this.late) if (this.sitting?.who !== who) this.believed.delete(who)
    this.late.clear()
  }

  /** Whose windows may be seen now. */
  get seen(): readonly Person[] {
    const { sitting } = this
    return sitting?.at === 'opening' || sitting?.at === 'open' ? [sitting.who] : []
  }
}
