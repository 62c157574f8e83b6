// A PIN as it was typed, and what checking it leans on.

import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { VerifyByNumber } from '../identity/verify-by-number.ts'
import type { VerifyPin } from '../identity/verify-pin.ts'
import type { Perform } from './perform.ts'
import type { TapInNeeds } from './tap-question.ts'

export interface EnterPinNeeds extends TapInNeeds {
  readonly perform: Perform
  readonly verifyPin: VerifyPin
  readonly verifyByNumber: VerifyByNumber
}

export interface PinEntry {
  readonly tapId: TapId
  readonly workstationId: WorkstationId
  readonly pin: string
}
