// What this workstation can decide by itself, as the runtime sees it: the same questions that a
// broker would be asked, answered with the same frames. What it knows is not the runtime's business.

import type { AgentFrame, AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'

type Without<K extends AgentFrame['kind']> = K extends AgentFrame['kind']
  ? Omit<AgentFrameOf<K>, 'id'>
  : never

export type AloneQuestion = Without<'tap' | 'break-glass' | 'pin' | 'witness' | 'cancel'>
/** What happened while no broker could be told; kept, and told once when one is there. */
export type AloneReport = Without<'leave' | 'presence' | 'launched' | 'lock-was-wrong'>

export interface AlonePort {
  /** Never throws, never waits; the answer comes as a broker's frame would. */
  ask(question: AloneQuestion): void
  /** Of a session that no broker knows of. False where it is not one: then a broker is told. */
  report(report: AloneReport): boolean
}
