// A workstation: an agent lives on it, crashes, is started again with the same boot or with a new
// one. What outlives the agent is kept here: the journal, the boot's id, the clock on the wall.

import type { SessionId } from '@wardkey/protocol/ids'
import type { Sealer } from '@wardkey/agent/platform/seal'
import { AgentDisk } from './alone/agent-disk.ts'
import { makeSealer } from './alone/open-alone.ts'
import { AgentProcess } from './agent-process.ts'
import type { AgentProcessNeeds } from './agent-process.ts'
import { Random } from './seeded.ts'
import { ProcessClock } from './virtual-time.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface AgentPlaceNeeds extends Omit<
  AgentProcessNeeds,
  'clock' | 'random' | 'bootId' | 'journal' | 'disk' | 'sealer' | 'upMs'
> {
  readonly seed: number
  readonly time: VirtualTime
  /** What its clock on the wall says when time begins, as far as it is right. */
  readonly dayOneMs: number
  /** Its process ended; what was in its memory is gone. */
  readonly onEnded: (index: number) => void
}

export class AgentPlace {
  process: AgentProcess
  readonly #needs: AgentPlaceNeeds
  readonly #journal: { openSession: SessionId | undefined } = { openSession: undefined }
  readonly disk: AgentDisk
  readonly sealer: Sealer
  /** Since when a broker can be asked; nothing while none can. */
  linkUpMs: number | undefined
  #bootedMs = -3_600_000
  #boots = 1
  #lives = 0
  #aheadMs = 0

  constructor(needs: AgentPlaceNeeds) {
    this.#needs = needs
    const random = new Random(needs.seed, 'agent-disk', needs.index)
    this.disk = new AgentDisk(random)
    this.sealer = makeSealer(random.bytes(32).toString('base64url'))
    this.process = this.#live()
  }

  start(): void {
    this.process.start()
  }

  get isUp(): boolean {
    return this.process.clock.isAlive
  }

  /** When anything was last heard from a broker, over any connection. */
  heardMs = 0

  setClock(byMs: number): void {
    this.#aheadMs += byMs
    this.timesSet += 1
  }

  timesSet = 0

  /** The system ends what an agent that crashed had shown, and starts it again. */
  crash(kind: 'process' | 'system', downMs: number): void {
    if (!this.isUp) return
    const { time, network, index, onEnded } = this.#needs
    this.process.clock.end()
    this.process.browser.hideAll()
    for (const wire of network.wiresOf({ workstation: index })) {
      wire.loseAgent(kind === 'system' ? 40_000 : 5)
    }
    onEnded(index)
    this.linkUpMs = undefined
    if (kind === 'system') {
      this.#boots += 1
      this.disk.losePower()
    }
    time.after(downMs, () => {
      if (kind === 'system') this.#bootedMs = time.nowMs
      this.process = this.#live()
      this.process.start()
    })
  }

  #live(): AgentProcess {
    this.#lives += 1
    const { seed, index, time, dayOneMs } = this.#needs
    return new AgentProcess({
      ...this.#needs,
      clock: new ProcessClock(time, () => dayOneMs + this.#aheadMs),
      random: new Random(seed, 'agent', index, this.#lives),
      bootId: `b007-${String(this.#boots).padStart(4, '0')}`,
      journal: this.#journal,
      disk: this.disk,
      sealer: this.sealer,
      upMs: time.nowMs - this.#bootedMs,
    })
  }
}
