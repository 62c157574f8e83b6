// What this workstation can decide by itself, as the runtime sees it: the same questions that a
// broker would be asked, answered with the same frames. What it knows is not the runtime's
// business.

import type { SessionId } from '@wardkey/protocol/ids'
import type { AgentFrame, AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { Offline, State } from '../machine/state.ts'
import type { Surroundings } from '../machine/screen-view.ts'

type Without<K extends AgentFrame['kind']> = K extends AgentFrame['kind']
  ? Omit<AgentFrameOf<K>, 'id'>
  : never

export type AloneQuestion = Without<'tap' | 'break-glass' | 'pin' | 'witness' | 'cancel'>
/** What happened while no broker could be told; kept, and told once when one is there. */
export type AloneReport = Without<'leave' | 'presence' | 'launched' | 'lock-was-wrong'>

/** For `wardkey-agent status`: it names nobody. */
export interface AloneStatus {
  /** On the wall's clock; absent where it may decide nothing. */
  readonly untilMs?: number
  readonly people: number
  /** Lines that no broker has taken in yet. */
  readonly waiting: number
  /** A broker has refused them: somebody must look. */
  readonly isStuck: boolean
  /** How often something was found gone of its journal that no broker knows of; absent for none. */
  readonly gaps?: number
}

export interface AlonePort {
  /** Before the link: what is known from an earlier run is told to the machine. */
  start(): void
  /** Never throws, never waits; the answer comes as a broker's frame would. */
  ask(question: AloneQuestion): void
  /** Of a session that no broker knows of. False where it is not one: then a broker is told. */
  report(report: AloneReport): boolean
  /** The workstation slept, or its clock jumped: what was proved before counts no longer. */
  resumed(): void
  /**
   * Each frame of a broker, before the machine. True where it is none of the machine's. `ageMs`: at
   * most so long ago it was sent.
   */
  hear(frame: BrokerFrame, ageMs?: number): boolean
  linkChanged(link: Surroundings['link']): void
  /** What the workstation is now: which sessions wait here, and whose they are. */
  follow(state: State): void
  readonly status: AloneStatus
  /** What a hello says of it. */
  readonly known: Pick<AgentFrameOf<'hello'>, 'bundleSequence' | 'waitsToMerge' | 'gaps'>
  /** Resolves when what must not be lost is on the disk, as far as it takes it. */
  close(): Promise<void>
}

/** Who listens to it. */
export interface AloneEars {
  readonly onFrame: (frame: BrokerFrame) => void
  readonly onOffline: (offline: Offline | undefined) => void
  readonly onConfirmed: (sessionId: SessionId, isKept: boolean) => void
  /** False where there is no line to a broker. */
  readonly send: (frame: AgentFrame) => boolean
}
