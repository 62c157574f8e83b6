// All streams of the settings: each with a runner of its own, so that none waits for another, and
// what they look like to whoever asks.

import { every } from '../../platform/every.ts'
import type { StreamSetting } from '../../platform/setting-rows/stream-settings.ts'
import { allStreams } from '../../flows/streams/stream-row.ts'
import type { StreamRow } from '../../flows/streams/stream-row.ts'
import { previousOf } from './read-events.ts'
import { failedBy } from './senders/sender.ts'
import type { Sender } from './senders/sender.ts'
import { StreamRunner } from './stream-runner.ts'
import type { StreamNeeds } from './stream-runner.ts'

/** News is under a checkpoint within a quarter of a second. */
const lookMs = 500

export interface StreamPart {
  readonly setting: StreamSetting
  readonly open: () => Sender
  /** For its receiver to know this broker by (SMART Backend Services). */
  readonly jwk?: object
}

export interface StreamState {
  readonly name: string
  readonly kind: StreamSetting['kind']
  readonly identifiers: StreamSetting['identifiers']
  /** Absent before a broker has looked at it. */
  readonly row: StreamRow | undefined
  /** Facts under a checkpoint that are not handed over. */
  readonly behind: number
  readonly isHere: boolean
  readonly jwk?: object
}

export interface StreamFigures {
  readonly name: string
  readonly behind: number
  readonly failures: number
}

export interface Probed {
  readonly reason?: string
  readonly tookMs: number
}

interface Running {
  readonly part: StreamPart
  readonly runner: StreamRunner
}

export class StreamDesk {
  readonly #needs: StreamNeeds
  readonly #all: readonly Running[]
  #stops: readonly (() => Promise<void>)[] = []

  constructor(parts: readonly StreamPart[], needs: StreamNeeds) {
    this.#needs = needs
    this.#all = parts.map((part) => ({
      part,
      runner: new StreamRunner(part.setting, part.open(), needs),
    }))
  }

  start(): void {
    this.#stops = this.#all.map(({ runner }) =>
      every(lookMs, 'stream.look-failed', () => runner.tick(), this.#needs.log),
    )
  }

  async stop(): Promise<void> {
    await Promise.all(this.#stops.map((stop) => stop()))
    this.#stops = []
    await Promise.all(this.#all.map(({ runner }) => runner.stop()))
  }

  /** For metrics: of those that this broker sends. */
  get figures(): readonly StreamFigures[] {
    return this.#all.flatMap(({ part, runner }) =>
      runner.behind === undefined
        ? []
        : [{ name: part.setting.name, behind: runner.behind, failures: runner.failures }],
    )
  }

  async list(): Promise<readonly StreamState[]> {
    const rows = await allStreams(this.#needs.store.read)
    const size = this.#needs.sealedSize()
    return this.#all.map(({ part: { setting, jwk } }) => {
      const row = rows.find(({ name }) => name === setting.name)
      return {
        name: setting.name,
        kind: setting.kind,
        identifiers: setting.identifiers,
        row,
        behind: Math.max(0, size - (row?.handedIndex ?? size)),
        isHere: row?.owner === this.#needs.runId,
        ...(jwk === undefined ? {} : { jwk }),
      }
    })
  }

  has(name: string): boolean {
    return this.#all.some(({ part }) => part.setting.name === name)
  }

  /** What the stream would have sent before a fact. */
  async previousOf(name: string, index: number): Promise<number | undefined> {
    const setting = this.#all.find(({ part }) => part.setting.name === name)?.part.setting
    return setting && previousOf(index, setting, { db: this.#needs.store.read })
  }

  /** By a way of its own, beside the one that is sent by; nothing where there is no such stream. */
  async probe(name: string): Promise<Probed | undefined> {
    const part = this.#all.find(({ part }) => part.setting.name === name)?.part
    if (!part) return undefined
    const sender = part.open()
    const beganMs = this.#needs.monotonicMs()
    const took = () => Math.round(this.#needs.monotonicMs() - beganMs)
    try {
      await sender.probe()
      return { tookMs: took() }
    } catch (thrown) {
      return { reason: failedBy(thrown).message, tookMs: took() }
    } finally {
      await sender.close()
    }
  }
}
