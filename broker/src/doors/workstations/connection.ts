// One workstation's connection: frames in, one at a time and in their order; frames out, none
// before the welcome. It holds little (thousands of them sit idle) and decides nothing.

import type { TLSSocket } from 'node:tls'
import type { MessageId, WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrame, AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame, BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { bundlePartMax } from '@wardkey/protocol/workstation/offline-bundle'
import type { MadeBundle } from '../../flows/bundles/bundle-desk.ts'
import type { Answered } from '../../flows/perform.ts'
import { Fault } from '../../platform/fault.ts'
import type { AgentSocket } from './agent-socket.ts'
import { fullBucket, takeToken } from './token-bucket.ts'
import type { Bucket, Rate } from './token-bucket.ts'

/** A burst as large as an agent's outbox after a long outage, and then a person's pace. */
const frameRate: Rate = { capacity: 512, perSecond: 50 }
/** Beyond this the socket is not read until the frames before are answered. */
const pauseAt = 16
/** Frames that came in one piece before the pause took hold; more is no agent of ours. */
const queueMax = 512
/** What a workstation may leave unread before it counts as gone. */
const bufferedMax = 256 * 1024
/** Frames from others that wait for the welcome. */
const heldMax = 64
/** What has not got there by then is begun anew later. */
const bundleWithinMs = 60_000

/** Frames that say nothing about anybody's access: they need no receipt. */
export type Unrecorded = BrokerFrameOf<'failed' | 'noted' | 'pong' | 'rules'>

export type Phase = 'silent' | 'greeting' | 'welcome' | 'closed'

export class Connection {
  readonly socket: AgentSocket
  readonly workstationId: WorkstationId
  readonly sinceMs: number
  /** What it came by, with the certificate that it showed. */
  tls: TLSSocket | undefined
  /** silent, greeting, welcome, closed: never back. */
  phase: Phase = 'silent'
  /** Its hello was taken, so that its goodbye belongs in the record. */
  wasGreeted = false
  heardMs: number
  /** Frames that were not understood so far. */
  strikes = 0
  closeReason = 'gone'
  /** Its hello, by the wall clock: what a tap opened there since then is newer than its journal. */
  greetedMs = 0
  agentVersion = ''
  /** Which start of its operating system said hello. */
  bootId = ''
  zoneId = ''
  lastTapMs: number | undefined
  /** What it is made of is taken again from then on, on the monotonic clock. */
  inventoryAfterMs = 0
  /** The newest bundle that it said it has when it came. */
  bundleSequence: number | undefined
  health: Pick<AgentFrameOf<'health'>, 'reader' | 'browser'> | undefined
  #bucket: Bucket
  #isBusy = false
  #queue: AgentFrame[] | undefined
  #held: string[] | undefined
  #lateMs: number | undefined

  constructor(socket: AgentSocket, workstationId: WorkstationId, nowMs: number) {
    this.socket = socket
    this.workstationId = workstationId
    this.sinceMs = nowMs
    this.heardMs = nowMs
    this.#bucket = fullBucket(frameRate, nowMs)
  }

  /** False where it goes too fast. */
  takeToken(nowMs: number): boolean {
    const bucket = takeToken(this.#bucket, frameRate, nowMs)
    if (bucket) this.#bucket = bucket
    return bucket !== undefined
  }

  /** Takes frames one after the other through `answer`; false where too many wait. */
  enqueue(frame: AgentFrame, answer: (frame: AgentFrame) => Promise<void>): boolean {
    this.#queue ??= []
    if (this.#queue.length >= queueMax) return false
    this.#queue.push(frame)
    if (this.#queue.length === pauseAt) this.socket.pause()
    if (!this.#isBusy) void this.#drain(answer)
    return true
  }

  /** `answer` never throws: the door makes an answer of whatever goes wrong. */
  async #drain(answer: (frame: AgentFrame) => Promise<void>): Promise<void> {
    this.#isBusy = true
    for (;;) {
      const frame = this.phase === 'closed' ? undefined : this.#queue?.shift()
      if (!frame) break
      await answer(frame)
      if (this.socket.isPaused && (this.#queue?.length ?? 0) < pauseAt) this.socket.resume()
    }
    this.#isBusy = false
    this.#queue = undefined
  }

  /** An answer goes out only with the receipt that it is true. */
  sendAnswer({ answer }: Answered<BrokerFrame>): void {
    this.#send(answer)
  }

  sendUnrecorded(frame: Unrecorded): void {
    this.#send(frame)
  }

  /** From the notices of somebody else's unit; before the welcome it waits, lest it go unheard. */
  sendNotice(frame: BrokerFrame): void {
    if (this.phase === 'welcome') {
      this.#send(frame)
      return
    }
    this.#held ??= []
    if (this.#held.length >= heldMax) this.close(1013, 'overflow')
    else this.#held.push(JSON.stringify(frame))
  }

  /** The welcome, what belongs to it, and then what waited for it. */
  welcome({ answer }: Answered<readonly BrokerFrame[] | undefined>): void {
    if (this.phase !== 'greeting') return
    if (!answer) {
      this.close(4401, 'not-enrolled')
      return
    }
    this.phase = 'welcome'
    for (const frame of answer) {
      if (frame.kind === 'welcome') this.zoneId = frame.rules.zoneId
      this.#send(frame)
    }
    const held = this.#held ?? []
    this.#held = undefined
    for (const text of held) this.#write(text)
  }

  /**
   * In parts, each after the one before is out: it never fills the line, and answers go between.
   * Throws where the peer does not take it in time, or is gone.
   */
  async sendBundle(
    { issued, text }: MadeBundle,
    newId: () => MessageId,
  ): Promise<{ readonly parts: number }> {
    const { sequence } = issued.answer
    const parts = Math.ceil(text.length / bundlePartMax)
    const signal = AbortSignal.timeout(bundleWithinMs)
    for (let part = 0; part < parts; part++) {
      if (this.phase !== 'welcome' || signal.aborted) throw new Fault('link-down', 'transient')
      const from = part * bundlePartMax
      const some = text.slice(from, from + bundlePartMax)
      const frame = { kind: 'bundle', id: newId(), sequence, part, parts, text: some } as const
      await this.#writeOut(JSON.stringify(frame), signal)
    }
    return { parts }
  }

  /** A peer that does not answer our farewell within one turn of the wheel is cut off. */
  cutIfLate(nowMs: number): void {
    this.#lateMs ??= nowMs
    if (nowMs > this.#lateMs) this.socket.terminate()
  }

  close(code: number, reason: string): void {
    if (this.phase === 'closed') return
    this.phase = 'closed'
    this.closeReason = reason
    this.socket.resume()
    this.socket.close(code, reason)
  }

  /** Without a farewell: for a peer that is not there to hear one. */
  cut(reason: string): void {
    if (this.phase !== 'closed') this.closeReason = reason
    this.phase = 'closed'
    this.socket.terminate()
  }

  #send(frame: BrokerFrame): void {
    this.#write(JSON.stringify(frame))
  }

  #writeOut(text: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = (): void => {
        reject(new Fault('link-down', 'transient'))
      }
      signal.addEventListener('abort', late, { once: true })
      this.socket.send(text, (cause) => {
        signal.removeEventListener('abort', late)
        if (cause) reject(new Fault('link-down', 'transient', { cause }))
        else resolve()
      })
    })
  }

  #write(text: string): void {
    if (this.phase === 'closed') return
    this.socket.send(text)
    if (this.socket.bufferedAmount > bufferedMax) this.cut('not-reading')
  }
}
