// What is said over one connection: hello first, then frames, each answered in its turn. Whatever
// does not parse, comes too fast or out of turn is answered with a code, or ends the connection.

import { z } from 'zod'
import { messageId } from '@wardkey/protocol/ids'
import type { MessageId, WorkstationId } from '@wardkey/protocol/ids'
import type { FaultCode, InvalidCode } from '@wardkey/protocol/codes'
import type { AgentFrame, AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { InventoryBody } from '@wardkey/protocol/workstation/fleet/inventory'
import { parseAgentFrame } from '@wardkey/protocol/workstation/parse-frame'
import { oldestSpoken } from '@wardkey/protocol/workstation/version'
import { connect } from '../../flows/connect.ts'
import type { ConnectNeeds } from '../../flows/connect.ts'
import { isOtherHardware, refuseCopy } from '../../flows/enrolment/refuse-copy.ts'
import type { CopyKnownBy } from '../../flows/enrolment/refuse-copy.ts'
import { newMessageId } from '../../flows/flow-needs.ts'
import type { LaunchTimes } from '../../flows/speed/speed-book.ts'
import { Fault } from '../../platform/fault.ts'
import type { FaultClass } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import { answerFrame } from './answer-frame.ts'
import type { AnswerNeeds } from './answer-frame.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'
import type { OutWords } from './out-words.ts'
import { Probes } from './probes.ts'

export interface ConverseNeeds extends AnswerNeeds, ConnectNeeds {
  readonly log: Log
  /** Monotonic milliseconds: the deadlines of connections must not move with the clock. */
  readonly monoMs: () => number
  /** For metrics: what a frame was answered with, and how long it took from its arrival. */
  readonly onAnswered?: (frame: AgentFrame['kind'], answer: string, tookMs: number) => void
  readonly onInvalid?: (code: InvalidCode) => void
  /** A chart is shown: how long each stage took, for the page of speed. */
  readonly onLaunched?: (times: LaunchTimes) => void
  /** Absent where nobody keeps what workstations are made of. */
  readonly keepInventory?: (id: WorkstationId, inventory: InventoryBody) => Promise<void>
  /** Whether somebody answers at the other end of an older connection, at this moment. */
  readonly isStillThere?: (older: Connection) => Promise<boolean>
}

/** Frames that are not understood before the connection ends: a newer agent may know more kinds. */
const strikesMax = 5
const inventoryEveryMs = 1000

export class Conversation {
  readonly #needs: ConverseNeeds
  readonly #connections: Connections

  /** Absent where no workstation decides by itself. */
  readonly #outWords: OutWords | undefined
  readonly #probes: Probes

  constructor(needs: ConverseNeeds, connections: Connections, outWords?: OutWords) {
    this.#needs = needs
    this.#connections = connections
    this.#outWords = outWords
    this.#probes = new Probes(needs)
  }

  hear(connection: Connection, text: string): void {
    const { monoMs } = this.#needs
    const nowMs = monoMs()
    connection.heardMs = nowMs
    if (connection.phase === 'closed') return
    if (!connection.takeToken(nowMs)) {
      this.#invalid(connection, 'frame-too-fast', '')
      connection.close(1008, 'frame-too-fast')
      return
    }
    const parsed = parseAgentFrame(text)
    if (parsed.kind === 'invalid') this.#notUnderstood(connection, text, parsed)
    else this.#take(connection, parsed.frame, nowMs)
  }

  #take(connection: Connection, frame: AgentFrame, arrivedMs: number): void {
    const isFirst = connection.phase === 'silent'
    // Hello once, and nothing before it: until then nobody knows what the screen shows.
    if (isFirst !== (frame.kind === 'hello')) {
      this.#invalid(connection, 'frame-not-understood', 'hello')
      connection.close(1008, 'hello-once-and-first')
      return
    }
    if (isFirst) connection.phase = 'greeting'
    const isTaken = connection.enqueue(frame, (next) => this.#answer(connection, next, arrivedMs))
    if (!isTaken) connection.close(1008, 'frame-too-fast')
  }

  async #answer(connection: Connection, frame: AgentFrame, arrivedMs: number): Promise<void> {
    try {
      const answer =
        frame.kind === 'hello'
          ? await this.#greet(connection, frame)
          : await this.#reply(connection, frame)
      this.#needs.onAnswered?.(frame.kind, answer, this.#needs.monoMs() - arrivedMs)
    } catch (thrown) {
      this.#failed(connection, frame, thrown)
    }
  }

  async #greet(connection: Connection, hello: AgentFrameOf<'hello'>): Promise<string> {
    if (hello.version < oldestSpoken) {
      this.#sendFailed(connection, hello.id, 'version-not-spoken', 'permanent')
      connection.close(4400, 'version-not-spoken')
      return 'version-not-spoken'
    }
    const copied = await this.#copyKnownBy(connection, hello)
    if (copied !== undefined) {
      await this.#needs.perform(() => refuseCopy(connection.workstationId, copied, this.#needs))
      connection.close(4410, 'copy')
      return 'copy'
    }
    // It ended while the older one was asked: it must not take the place of one that lives, and be
    // held for connected ever after.
    if (connection.phase !== 'greeting') return 'gone'
    connection.agentVersion = hello.agentVersion
    connection.bootId = hello.bootId
    connection.wasGreeted = true
    connection.greetedMs = this.#needs.nowMs()
    connection.bundleSequence = hello.bundleSequence
    // Before the look at what is open: a lock that somebody sends meanwhile waits for the welcome.
    this.#connections.add(connection)
    const { perform } = this.#needs
    const done = await perform(() => connect(hello, connection.workstationId, this.#needs))
    connection.welcome(done)
    this.#outWords?.welcomed(connection)
    return done.answer ? 'welcome' : 'not-enrolled'
  }

  /** Nothing for the one machine that the identity belongs to. */
  async #copyKnownBy(
    { workstationId }: Connection,
    { hardware, bootId }: AgentFrameOf<'hello'>,
  ): Promise<CopyKnownBy | undefined> {
    if (await isOtherHardware(workstationId, hardware, this.#needs)) return 'other-hardware'
    for (;;) {
      const older = this.#connections.find(workstationId)
      if (!older || older.bootId === bootId) return undefined
      // One machine runs once: where the run before still answers, there are two.
      const isThere = (await this.#needs.isStillThere?.(older)) ?? false
      // Somebody else may have come meanwhile, who is to be asked as well.
      if (this.#connections.find(workstationId) === older) {
        return isThere ? 'both-answer' : undefined
      }
    }
  }

  async #reply(
    connection: Connection,
    frame: Exclude<AgentFrame, { kind: 'hello' }>,
  ): Promise<string> {
    const flaw = await this.#probes.flawOf(frame, connection.workstationId)
    if (flaw) {
      this.#sendFailed(connection, frame.id, flaw.code, flaw.repeat)
      return 'failed'
    }
    const answer = await answerFrame(frame, connection, this.#needs)
    if (frame.kind === 'launched') this.#launched(connection, frame)
    if (frame.kind === 'tap') connection.lastTapMs = this.#needs.nowMs()
    if (answer.kind === 'answered') {
      connection.sendAnswer(answer.answered)
      const { kind } = answer.answered.answer
      // Nobody hears it, and a newer connection may have said before that nothing is shown there.
      if (kind === 'admitted' && connection.phase === 'closed') {
        this.#connections.greetAnew(connection.workstationId)
      }
      return kind
    }
    if (frame.kind === 'health') connection.health = frame
    if (frame.kind === 'inventory') await this.#keep(connection, frame)
    if (frame.kind === 'out-kept') this.#outWords?.kept(connection, frame.replyTo)
    connection.sendUnrecorded(answer.frame)
    return answer.frame.kind
  }

  /** What failed to open took its time for other reasons: that is counted elsewhere. */
  #launched({ zoneId, agentVersion }: Connection, frame: AgentFrameOf<'launched'>): void {
    const { outcome, stagesMs } = frame
    if (outcome === 'shown') this.#needs.onLaunched?.({ zoneId, agentVersion, stagesMs })
  }

  /** Not more often than an agent of ours says it. */
  async #keep(connection: Connection, frame: AgentFrameOf<'inventory'>): Promise<void> {
    const nowMs = this.#needs.monoMs()
    if (nowMs < connection.inventoryAfterMs) return
    connection.inventoryAfterMs = nowMs + inventoryEveryMs
    const { kind: _kind, id: _id, ...inventory } = frame
    await this.#needs.keepInventory?.(connection.workstationId, inventory)
  }

  /** The workstation hears a code and whether to ask again; the operator hears why. */
  #failed(connection: Connection, frame: AgentFrame, thrown: unknown): void {
    const fault =
      thrown instanceof Fault ? thrown : new Fault('internal', 'ambiguous', { cause: thrown })
    this.#needs.log.error('workstation.frame-failed', {
      workstationId: connection.workstationId,
      kind: frame.kind,
      code: fault.code,
      reason: reasonOf(fault.cause),
    })
    this.#needs.onAnswered?.(frame.kind, 'failed', 0)
    this.#sendFailed(connection, frame.id, fault.code, fault.class)
    // What it asked for may have been done all the same: its next hello tells the two apart.
    const isInDoubt = thrown instanceof Fault && thrown.class === 'ambiguous'
    if (frame.kind === 'hello' || isInDoubt) connection.close(1013, 'try-again')
  }

  #notUnderstood(
    connection: Connection,
    text: string,
    invalid: { readonly code: InvalidCode; readonly place: string },
  ): void {
    this.#invalid(connection, invalid.code, invalid.place)
    connection.strikes += 1
    const replyTo = invalid.code === 'frame-not-understood' ? idOf(text) : undefined
    if (replyTo === undefined || connection.strikes > strikesMax || connection.phase === 'silent') {
      connection.close(1008, invalid.code)
      return
    }
    this.#sendFailed(connection, replyTo, invalid.code, 'permanent')
  }

  #sendFailed(
    connection: Connection,
    replyTo: MessageId,
    code: FaultCode | InvalidCode,
    repeat: FaultClass,
  ): void {
    const id = newMessageId(this.#needs)
    connection.sendUnrecorded({ kind: 'failed', id, replyTo, code, repeat })
  }

  #invalid(connection: Connection, code: InvalidCode, place: string): void {
    const { workstationId } = connection
    this.#needs.onInvalid?.(code)
    // The place is a path of field names; never the frame, which may hold a PIN.
    this.#needs.log.warn('workstation.frame-invalid', { workstationId, code, place })
  }
}

const anyFrame = z.object({ id: messageId })

/** The id of a frame that says nothing else we know, so that its sender learns which it was. */
function idOf(text: string): MessageId | undefined {
  // It was parsed as JSON within its limits a moment ago; only its shape was not ours.
  const parsed = anyFrame.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data.id : undefined
}

/** An error's name and code: messages of databases quote values. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown'
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
}
