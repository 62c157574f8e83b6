// What this workstation may decide with now, and until when: the bundle it holds, the rules it was
// told, and the time it can be sure of. Where any of them is in doubt, it knows nothing.

import type { BrokerFrameOf, ZoneRules } from '@wardkey/protocol/workstation/broker-frames'
import type { OfflineBundle } from '@wardkey/protocol/workstation/offline-bundle'
import { workstationId as workstationIdOf } from '@wardkey/protocol/ids'
import type { Offline } from '../../machine/state.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { nothingRemembered } from '../memory.ts'
import type { Memory, Remembered } from '../memory.ts'
import type { TrustedTime } from '../trusted-time.ts'
import { BundleParts } from './bundle-parts.ts'
import type { BundleStore } from './bundle-store.ts'
import { offerOf } from './emergency-offer.ts'
import { KnownPeople } from './known-people.ts'
import { openBundle } from './open-bundle.ts'
import { keptOutMax, notInBundle, openOut, peopleWithout, withWord } from './people-out.ts'

export interface KnowledgeNeeds {
  readonly store: BundleStore
  readonly memory: Memory
  readonly time: TrustedTime
  readonly clock: Clock
  readonly log: Log
  /** Of the enrolment as it is now. */
  readonly workstationId: () => string | undefined
  readonly onChange: (offline: Offline | undefined) => void
  /** Ends in `timeTold`, where a broker answers; false where none can be asked. */
  readonly askTime: () => boolean
}

export interface Usable {
  readonly bundle: OfflineBundle
  readonly people: KnownPeople
  readonly rules: ZoneRules
  readonly nowMs: number
}

interface Held {
  readonly bundle: OfflineBundle
  readonly people: KnownPeople
}

/** A bundle from later than now means that the clock is wrong. */
const slackMs = 2000
const lookEveryMs = 60_000

export class Knowledge {
  readonly #needs: KnowledgeNeeds
  readonly #parts = new BundleParts()
  #held: Held | undefined
  /** On the broker's clock, and on the even one: the earlier of both is the end. */
  #endMs = 0
  #endMonoMs = 0
  #said: Offline | undefined
  #forgetTimer: () => void = () => undefined

  constructor(needs: KnowledgeNeeds) {
    this.#needs = needs
  }

  /** What an earlier run has left. Gives back the rules it was told, where it may go by them. */
  start(): Remembered['told'] {
    this.#belong()
    const { store, memory, workstationId, log } = this.#needs
    const { bundleKey, sequence, told } = memory.now
    const text = store.find()
    if (text !== undefined && bundleKey !== undefined) {
      const opened = openBundle(text, bundleKey, workstationId() ?? '')
      if (opened.kind === 'opened' && opened.bundle.sequence >= sequence) this.#hold(opened.bundle)
      else {
        const reason = opened.kind === 'refused' ? opened.reason : 'older'
        log.warn('offline.bundle-refused', { reason })
        this.wipe('not-usable')
      }
    }
    this.#look()
    return this.#held ? told : undefined
  }

  /** `ageMs`: it may have been under way for so long. What it says of the time is no time gained. */
  welcome(
    { bundleKey, serverTimeMs, place, rules }: BrokerFrameOf<'welcome'>,
    ageMs: number,
  ): void {
    const { memory, time, log } = this.#needs
    time.told(serverTimeMs + ageMs)
    this.#belong()
    this.#parts.forget()
    const kept = memory.now.bundleKey
    if (kept !== undefined && bundleKey !== undefined && kept !== bundleKey) {
      // Only a new enrolment may bring another key: whoever took over a broker has this one's line.
      log.error('offline.key-refused', {})
    }
    const key = kept ?? bundleKey
    this.#remember({ ...(key === undefined ? {} : { bundleKey: key }), clock: time.kept })
    this.#keepRules({ place, rules })
    if (this.#measure()) this.#look()
  }

  /** Asked for, with the link up. Nothing where the broker could not say. */
  timeTold(brokerMs: number | undefined): void {
    if (brokerMs !== undefined) {
      this.#needs.time.told(brokerMs)
      this.#remember({ clock: this.#needs.time.kept })
    }
    if (this.#measure()) this.#look()
  }

  rules({ place, rules }: Pick<BrokerFrameOf<'rules'>, 'place' | 'rules'>): void {
    this.#keepRules({ place, rules })
    if (this.#measure()) this.#lookAsking()
  }

  part(frame: BrokerFrameOf<'bundle'>): void {
    const text = this.#parts.take(frame)
    if (text !== undefined) this.#take(text)
  }

  /**
   * People who are out from now on, whatever the bundle says. True once that is durable; false
   * where the word is not believed, or could not be kept.
   */
  async out({ text }: Pick<BrokerFrameOf<'people-out'>, 'text'>): Promise<boolean> {
    const { memory, log } = this.#needs
    const { bundleKey, told } = memory.now
    const opened =
      bundleKey === undefined || told === undefined
        ? ({ kind: 'refused', reason: 'no-key' } as const)
        : openOut(text, bundleKey, told.rules.zoneId)
    if (opened.kind === 'refused') {
      log.error('offline.out-refused', { reason: opened.reason })
      return false
    }
    // What the bundle that is held was made after is in it: an old word says nothing new.
    const issuedMs = this.#held?.bundle.issuedMs ?? 0
    const out = withWord(memory.now.out, opened.word)
    if (Object.keys(notInBundle(out, issuedMs)).length > keptOutMax) {
      this.wipe('too-many-out')
      return false
    }
    const writing = memory.change({ out: notInBundle(out, issuedMs) })
    if (this.#held) this.#hold(this.#held.bundle)
    try {
      await writing
      return true
    } catch (thrown) {
      log.error('offline.not-written', { reason: codeOf(thrown) })
      return false
    }
  }

  /** Nothing of anybody is left here. */
  wipe(reason: string): void {
    const { store, log } = this.#needs
    if (this.#held) log.info('offline.wiped', { reason })
    this.#held = undefined
    this.#say(undefined)
    this.#noteFailure(store.wipe())
  }

  usable(): Usable | undefined {
    const { memory, time, clock } = this.#needs
    const { told } = memory.now
    if (!this.#held || !told || time.isDoubtful) return undefined
    const nowMs = time.nowMs()
    const isOver = nowMs >= this.#endMs || clock.monoMs() >= this.#endMonoMs
    if (isOver || nowMs < this.#held.bundle.issuedMs - slackMs) return undefined
    return { ...this.#held, rules: told.rules, nowMs }
  }

  /** After a sleep, in which the even clock stood still and the wall's did not; without a line. */
  lookAgain(): void {
    this.#lookAsking()
  }

  /** On the broker's clock; for people to read. */
  get untilMs(): number | undefined {
    return this.usable() && this.#endMs
  }

  /** Of the bundle that it holds, usable or not. */
  get sequence(): number | undefined {
    return this.#held?.bundle.sequence
  }

  /** Whom the bundle names that it holds, usable or not. */
  get known(): KnownPeople | undefined {
    return this.#held?.people
  }

  get people(): number {
    return this.#held?.people.count ?? 0
  }

  stop(): void {
    this.#forgetTimer()
    this.#remember({ clock: this.#needs.time.kept })
  }

  #take(text: string): void {
    const { memory, log, workstationId } = this.#needs
    const { bundleKey, sequence } = memory.now
    const opened =
      bundleKey === undefined
        ? ({ kind: 'refused', reason: 'no-key' } as const)
        : openBundle(text, bundleKey, workstationId() ?? '')
    if (opened.kind === 'refused' || opened.bundle.sequence < sequence) {
      const reason = opened.kind === 'refused' ? opened.reason : 'older'
      log.error('offline.bundle-refused', { reason })
      return
    }
    const { bundle } = opened
    if (bundle.people.length === 0 || bundle.expiresMs <= bundle.issuedMs) {
      this.wipe('empty')
      this.#remember({ sequence: bundle.sequence })
      return
    }
    // Its clock was put forward since the welcome: by the time told then it would last longer.
    this.#needs.time.atLeast(bundle.issuedMs)
    this.#hold(bundle)
    // The bundle first: a number without its bundle would have the next start throw it away.
    this.#noteFailure(this.#keep(text, bundle))
  }

  /** The bundle first: a number without its bundle would have the next start throw it away. */
  async #keep(text: string, { sequence, issuedMs }: OfflineBundle): Promise<void> {
    const { store, memory, time } = this.#needs
    try {
      await store.keep(text)
    } catch (thrown) {
      // Better none after a restart than the one before it, with people who are gone since.
      await store.wipe()
      throw thrown
    }
    // Only now may it forget who was out before: the older bundle may come back no more.
    const out = notInBundle(memory.now.out, issuedMs)
    await memory.change({ sequence, clock: time.kept, out })
  }

  #hold(bundle: OfflineBundle): void {
    const out = notInBundle(this.#needs.memory.now.out, bundle.issuedMs)
    const people = peopleWithout(bundle.people, out)
    this.#held = { bundle, people: new KnownPeople({ ...bundle, people: [...people] }) }
    if (this.#measure()) this.#lookAsking()
  }

  #keepRules(told: NonNullable<Remembered['told']>): void {
    const { memory } = this.#needs
    if (JSON.stringify(memory.now.told) !== JSON.stringify(told)) this.#remember({ told })
  }

  /**
   * Until when; measured only where a broker has said something: alone it never grows. False where
   * what it held is of another zone, and gone.
   */
  #measure(): boolean {
    const { memory, time, clock } = this.#needs
    const rules = memory.now.told?.rules
    if (!this.#held || !rules) return true
    const { bundle } = this.#held
    if (bundle.zoneId !== rules.zoneId) {
      this.wipe('zone-changed')
      return false
    }
    this.#endMs = Math.min(bundle.expiresMs, bundle.issuedMs + rules.offlineMaxMs)
    this.#endMonoMs = clock.monoMs() + this.#endMs - time.nowMs()
    return true
  }

  /** What is over is wiped, what is in doubt is not used. */
  #look(): void {
    if (this.#held && this.#leftMs() <= 0) this.wipe('too-old')
    this.#lookLater()
  }

  /**
   * While a broker is there the clock here may have been set without its word: it is asked before
   * anything is thrown away, since the broker would not know that it is to be given again. What is
   * over or in doubt by the clock as it is here is not used meanwhile.
   */
  #lookAsking(): void {
    if (this.#needs.askTime()) this.#lookLater()
    else this.#look()
  }

  /** Now and then, and at the end. */
  #lookLater(): void {
    const { clock, time } = this.#needs
    this.#forgetTimer()
    this.#say(this.#offline())
    const leftMs = this.#held ? this.#leftMs() : 0
    const nextMs = leftMs > 0 ? Math.min(lookEveryMs, Math.max(1, leftMs)) : lookEveryMs
    this.#forgetTimer = clock.after(nextMs, () => {
      if (nextMs === lookEveryMs) this.#remember({ clock: time.kept })
      this.#lookAsking()
    })
  }

  #leftMs(): number {
    const { clock, time } = this.#needs
    return Math.min(this.#endMonoMs - clock.monoMs(), this.#endMs - time.nowMs())
  }

  #offline(): Offline | undefined {
    const usable = this.usable()
    if (!usable) return undefined
    const { bundle, rules } = usable
    // Where nothing could be opened the button would only lead nowhere.
    const hasEmergency = offerOf(bundle, rules) !== undefined && bundle.steps.length > 0
    return { untilMs: this.#endMonoMs, hasEmergency }
  }

  #say(offline: Offline | undefined): void {
    const { untilMs, hasEmergency } = this.#said ?? {}
    if (offline?.untilMs === untilMs && offline?.hasEmergency === hasEmergency) return
    this.#said = offline
    this.#needs.onChange(offline)
  }

  /** What belonged to another enrolment belongs to nobody now. */
  #belong(): void {
    const { memory, workstationId, time } = this.#needs
    const id = workstationIdOf.safeParse(workstationId()).data
    if (id === undefined || memory.now.workstationId === id) return
    if (memory.now.workstationId !== undefined) this.wipe('enrolled-anew')
    // The journal of before is told still, and so is what is gone of it.
    const { gaps } = memory.now
    this.#noteFailure(
      memory.replace({ ...nothingRemembered, gaps, workstationId: id, clock: time.kept }),
    )
  }

  #remember(part: Partial<Remembered>): void {
    this.#noteFailure(this.#needs.memory.change(part))
  }

  #noteFailure(writing: Promise<void>): void {
    writing.catch((thrown: unknown) => {
      this.#needs.log.error('offline.not-written', { reason: codeOf(thrown) })
    })
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
}
