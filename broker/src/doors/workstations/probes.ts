// A ping that probes: how often one workstation may ask for it, and what comes of it before it is
// answered. It answers nothing itself, and what it allows is no tap's.

import type { FaultCode, InvalidCode } from '@wardkey/protocol/codes'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrame } from '@wardkey/protocol/workstation/agent-frames'
import { probeTap } from '../../flows/probe-tap.ts'
import type { ProbeNeeds } from '../../flows/probe-tap.ts'
import type { FaultClass } from '../../platform/fault.ts'
import { fullBucket, takeToken } from './token-bucket.ts'
import type { Bucket, Rate } from './token-bucket.ts'

export interface ProbesNeeds extends ProbeNeeds {
  /** Monotonic. */
  readonly monoMs: () => number
}

export interface ProbeFlaw {
  readonly code: FaultCode | InvalidCode
  readonly repeat: FaultClass
}

/** A release on trial asks every ten seconds or so; a new connection does not begin anew. */
const probeRate: Rate = { capacity: 4, perSecond: 0.2 }
const fullAgainMs = (probeRate.capacity / probeRate.perSecond) * 1000
/** More than this, and those that are full again are forgotten. */
const rememberedMax = 1000

export class Probes {
  readonly #needs: ProbesNeeds
  readonly #buckets = new Map<WorkstationId, Bucket>()

  constructor(needs: ProbesNeeds) {
    this.#needs = needs
  }

  /** Nothing where the frame may be answered. Throws what a tap would throw now. */
  async flawOf(frame: AgentFrame, from: WorkstationId): Promise<ProbeFlaw | undefined> {
    if (frame.kind !== 'ping' || frame.probe !== true) return undefined
    if (!this.#mayAsk(from)) return { code: 'frame-too-fast', repeat: 'transient' }
    const outcome = await probeTap(from, this.#needs)
    return outcome === 'probed' ? undefined : { code: 'internal', repeat: 'permanent' }
  }

  #mayAsk(id: WorkstationId): boolean {
    const nowMs = this.#needs.monoMs()
    if (this.#buckets.size >= rememberedMax) this.#forget(nowMs)
    const bucket = this.#buckets.get(id) ?? fullBucket(probeRate, nowMs)
    const taken = takeToken(bucket, probeRate, nowMs)
    if (taken) this.#buckets.set(id, taken)
    return taken !== undefined
  }

  #forget(nowMs: number): void {
    for (const [id, { atMs }] of this.#buckets) {
      if (nowMs - atMs > fullAgainMs) this.#buckets.delete(id)
    }
  }
}
