// What a broker has to hear of an update, told until one has noted it: how it ended, or that it did
// not begin after all. Told again it is the same word. Never rejects, and nobody waits for it.

import type { UpdateRequest } from '@wardkey/protocol/workstation/updates/update-exchange'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { BrokerPort } from '../fetch/broker-port.ts'
import { spreadMs } from '../fetch/look-for-update.ts'

export type OwedWord = Extract<UpdateRequest, { kind: 'ended' | 'not-begun' }>

export interface OwedNeeds {
  readonly broker: Pick<BrokerPort, 'ask'>
  readonly clock: Pick<Clock, 'monoMs'>
  readonly random: () => number
  readonly log: Log
  readonly onFault: (thrown: unknown) => void
}

const againMs = { first: 60_000, most: 30 * 60_000 }

export class OwedWords {
  readonly #needs: OwedNeeds
  #atMs = -Infinity
  #againMs = againMs.first
  #isTelling = false

  constructor(needs: OwedNeeds) {
    this.#needs = needs
  }

  /** `settle`: it is noted, or no broker here can ever note it. */
  async tellIfDue(word: OwedWord, settle: () => Promise<void>): Promise<void> {
    const { broker, clock, log, onFault } = this.#needs
    if (this.#isTelling || clock.monoMs() < this.#atMs) return
    this.#isTelling = true
    try {
      const answer = await broker.ask(word)
      if (answer?.kind === 'noted') {
        await settle()
        this.#againMs = againMs.first
        log.info('update.told', { kind: word.kind === 'ended' ? word.outcome : word.kind })
      } else {
        this.#later()
        // A broker of before: it counts silence, as it did, and would be asked without end.
        if (word.kind === 'not-begun' && answer?.kind === 'not-understood') await settle()
      }
    } catch (thrown) {
      onFault(thrown)
      this.#later()
    } finally {
      this.#isTelling = false
    }
  }

  #later(): void {
    const { clock, random, log } = this.#needs
    log.warn('update.not-told', {})
    this.#atMs = clock.monoMs() + spreadMs(this.#againMs, random())
    this.#againMs = Math.min(this.#againMs * 2, againMs.most)
  }
}
