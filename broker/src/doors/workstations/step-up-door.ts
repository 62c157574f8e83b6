// Where the frames of a signature go. Declared by the door that needs it.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { Answered } from '../../flows/perform.ts'

export interface StepUpDoor {
  tap(at: WorkstationId, frame: AgentFrameOf<'sign-tap'>): Promise<Answered<BrokerFrame>>
  pin(at: WorkstationId, frame: AgentFrameOf<'sign-pin'>): Promise<Answered<BrokerFrame>>
  cancel(at: WorkstationId, frame: AgentFrameOf<'sign-cancel'>): Promise<Answered<BrokerFrame>>
}
