// What a world goes by: the product's own rules, and the places where a planted fault can take hold
// of one without editing it.

import { step } from '@wardkey/agent/machine/step'
import type { Disk } from '@wardkey/agent/platform/disk'
import type { LinkPort } from '@wardkey/agent/runtime/agent'
import type { Notice, Recorded } from '@wardkey/broker/flows/recorded'
import type { Flow, Perform } from '@wardkey/broker/flows/perform'
import type { LostWorkstations } from '@wardkey/broker/flows/sweep'
import type { Store } from '@wardkey/broker/store/store'
import type { MemoryDisk } from './memory-store.ts'

export interface Rules {
  readonly step: typeof step
  /** What a flow says should happen, before it is written. */
  readonly recorded: <Answer>(recorded: Recorded<Answer>) => Recorded<Answer>
  readonly perform: (real: Perform, world: PerformWorld) => Perform
  readonly store: (real: Store, disk: MemoryDisk) => Store
  /** Whether a broker does what a notice says. */
  readonly isCarried: (notice: Notice) => boolean
  /** What a workstation says, as it leaves it. */
  readonly said: (text: string) => string
  readonly link: (real: LinkPort) => LinkPort
  /** A workstation's own disk, as what decides alone there sees it. */
  readonly agentDisk: (real: Disk) => Disk
  readonly lost: (real: LostWorkstations) => LostWorkstations
  /** Whether brokers hear of each other's notices. */
  readonly areBrokersTold: boolean
}

export interface PerformWorld {
  readonly store: Store
  readonly after: (delayMs: number, run: () => void) => unknown
}

const same = <T>(value: T): T => value

export const ownRules: Rules = {
  step,
  recorded: same,
  perform: same,
  store: same,
  isCarried: () => true,
  said: same,
  link: same,
  agentDisk: same,
  lost: same,
  areBrokersTold: true,
}

/** The flow as it is, and then what `change` makes of its outcome. */
export function changed<Answer>(
  flow: Flow<Answer>,
  change: (recorded: Recorded<Answer>) => Recorded<Answer>,
): Flow<Answer> {
  return async (look) => change(await flow(look))
}
