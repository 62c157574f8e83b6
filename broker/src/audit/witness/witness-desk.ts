// Shows each new checkpoint to the witnesses, beside the way of a tap and never on it: nobody waits
// for a witness but the witness. What one has seen and is not here any more stops the broker.

import { Fault } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import { every } from '../../platform/every.ts'
import type { Store } from '../../store/store.ts'
import type { Offer, Shown, Witness } from './witness.ts'

/** So often at most; what was signed meanwhile is shown as one. */
const showEveryMs = 1_000
/** Waits between attempts double up to this. */
const retryMaxMs = 60_000
const minuteMs = 60_000
/** Beside a broker that is always faster it is tried so often in a row. */
const attemptsMax = 5
/** At start and at the end somebody waits: a folder on a dead server may hang for ever. */
const answerWithinMs = 6_000

export interface WitnessDeskNeeds {
  readonly witnesses: readonly Witness[]
  /** The newest checkpoint; of a record that has none a signed one of size 0. */
  readonly offer: () => Offer
  /** Looks at the disk for what other brokers have signed. */
  readonly catchUp: () => Promise<void>
  readonly store: Store
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  /** From 0 to 1, so that brokers do not knock together. */
  readonly chance: () => number
  readonly log: Log
  readonly onBroken: (fault: Fault) => void
  readonly onShown: (witness: string, outcome: Shown['kind']) => void
}

interface Slot {
  readonly witness: Witness
  keptSize: number
  /** The line that was stored last, while a newer one of the same minute may take its place. */
  stored: { readonly size: number; readonly minute: number } | undefined
  keptNote: string
  failures: number
  notBeforeMs: number
  underWay: Promise<void> | undefined
}

export class WitnessDesk {
  readonly #needs: WitnessDeskNeeds
  readonly #slots: readonly Slot[]
  #stops: readonly (() => Promise<void>)[] = []

  constructor(needs: WitnessDeskNeeds) {
    this.#needs = needs
    this.#slots = needs.witnesses.map((witness) => ({
      witness,
      keptSize: 0,
      stored: undefined,
      keptNote: '',
      failures: 0,
      notBeforeMs: -Infinity,
      underWay: undefined,
    }))
  }

  /** How many facts the witness that knows least has not seen; 0 without witnesses. */
  get behind(): number {
    const { size } = this.#needs.offer()
    return Math.max(0, ...this.#slots.map(({ keptSize }) => size - keptSize))
  }

  /**
   * Asks all witnesses at once. Throws Fault `record-rolled-back` where one has seen more than is
   * on disk, or something else; one that does not answer is passed over, and asked again later.
   */
  async start(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => this.#within(slot)))
    this.#stops = this.#slots.map((slot) =>
      every(showEveryMs, 'witness.round-failed', () => this.#round(slot), this.#needs.log),
    )
  }

  /** Shows those who answer what was signed last, and ends. */
  async stop(): Promise<void> {
    const stops = this.#stops
    this.#stops = []
    for (const slot of this.#slots) {
      if (slot.failures === 0) await this.#within(slot)
      // What was under way then was shown something older.
      if (slot.failures === 0 && this.#isBehind(slot)) await this.#within(slot)
    }
    // One that hangs is not waited for: nothing of it is kept here.
    await Promise.race([Promise.all(stops.map((stop) => stop())), after(answerWithinMs)])
  }

  /** Whoever is due is shown what is new; resolves when it has answered. */
  async round(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => this.#round(slot)))
  }

  async #round(slot: Slot): Promise<void> {
    if (this.#needs.monotonicMs() < slot.notBeforeMs) return
    try {
      await this.#show(slot)
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.code !== 'record-rolled-back') throw thrown
      this.#needs.log.error('witness.rolled-back', { place: slot.witness.name, code: thrown.code })
      this.#needs.onBroken(thrown)
    }
  }

  async #within(slot: Slot): Promise<void> {
    const isLate = Symbol('late')
    const late = after(answerWithinMs).then(() => isLate)
    const first = await Promise.race([this.#show(slot), late])
    if (first === isLate) this.#failed(slot, 'no-answer')
  }

  /** One at a time for each witness. */
  #show(slot: Slot): Promise<void> {
    slot.underWay ??= this.#showOnce(slot).finally(() => {
      slot.underWay = undefined
    })
    return slot.underWay
  }

  #isBehind(slot: Slot): boolean {
    return slot.keptNote !== this.#needs.offer().note
  }

  async #showOnce(slot: Slot): Promise<void> {
    let offer = this.#needs.offer()
    if (!this.#isBehind(slot)) return
    let shown = await slot.witness.show(offer)
    for (let attempt = 0; shown.kind === 'ahead'; attempt++) {
      // Another broker of this record may have signed meanwhile, and then it is on disk: only what
      // is not there, when the witness has seen it already, was taken away.
      await this.#needs.catchUp()
      offer = this.#needs.offer()
      if (offer.size < shown.size) break
      shown =
        attempt < attemptsMax ? await slot.witness.show(offer) : { kind: 'failed', reason: 'moved' }
    }
    this.#needs.onShown(slot.witness.name, shown.kind)
    if (shown.kind === 'failed') this.#failed(slot, shown.reason)
    else if (shown.kind === 'kept') await this.#kept(slot, offer, shown.lines)
    else throw rolledBack(slot.witness.name, shown, offer.size)
  }

  async #kept(slot: Slot, { size, note }: Offer, lines: readonly string[]): Promise<void> {
    const { log } = this.#needs
    if (slot.failures > 0) log.info('witness.back', { place: slot.witness.name, size })
    Object.assign(slot, { keptSize: size, keptNote: note, failures: 0, notBeforeMs: -Infinity })
    const [line] = lines
    if (line !== undefined) await this.#store(slot, size, line)
  }

  /** One line a minute is enough: the newest vouches for all before it. */
  async #store(slot: Slot, size: number, line: string): Promise<void> {
    const { store, nowMs } = this.#needs
    const { name } = slot.witness
    const row = { size, witness: name, line, at_ms: nowMs() }
    const query = store.read
      .insertInto('cosignature')
      .values(row)
      .onConflict((conflict) => conflict.columns(['size', 'witness']).doNothing())
      .compile()
    const minute = Math.floor(row.at_ms / minuteMs)
    const before = slot.stored?.minute === minute ? slot.stored.size : undefined
    const replaced =
      before === undefined || before === size
        ? []
        : [
            {
              query: store.read
                .deleteFrom('cosignature')
                .where('size', '=', before)
                .where('witness', '=', name)
                .compile(),
            },
          ]
    await store.commit({ kind: 'housekeeping', writes: [{ query }, ...replaced] })
    slot.stored = { size, minute }
  }

  #failed(slot: Slot, reason: string): void {
    const { monotonicMs, chance, log } = this.#needs
    const waitMs = Math.min(showEveryMs * 2 ** slot.failures, retryMaxMs)
    slot.failures += 1
    slot.notBeforeMs = monotonicMs() + waitMs * (0.5 + chance() / 2)
    log.warn('witness.failed', { place: slot.witness.name, reason, attempt: slot.failures })
  }
}

function rolledBack(
  name: string,
  { kind, size }: { readonly kind: 'ahead' | 'forked'; readonly size: number },
  here: number,
): Fault {
  const text =
    kind === 'ahead'
      ? `the witness ${name} has seen ${String(size)} facts; here are ${String(here)}`
      : `the witness ${name} has seen another record of ${String(size)} facts`
  return new Fault('record-rolled-back', 'permanent', { cause: new Error(text) })
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
