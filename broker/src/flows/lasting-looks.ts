// Looks that go on: a page that shows people asks again every few seconds, and is one look. Its
// beginning is a fact, durable before anything is shown; again after five minutes. What is
// remembered is this process's: another broker writes its own.

import type { FactCode } from '@wardkey/protocol/fact-codes'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Perform } from './perform.ts'
import type { AboutFact, Actor } from './person-flow.ts'

export interface LastingLook extends Actor {
  readonly code: Extract<FactCode, 'ADM-005' | 'ADM-006'>
  readonly about?: Pick<AboutFact, 'person' | 'workstation' | 'zone'>
  /** Which times are looked at, where it is not now. */
  readonly times?: { readonly fromMs: number; readonly toMs: number }
}

export interface LastingNeeds extends Pick<FlowNeeds, 'newId' | 'nowMs'> {
  readonly monotonicMs: () => number
  readonly perform: Perform
}

export const lookLastsMs = 300_000
/** More callers and questions than anybody has at once: then all of them are written down anew. */
const knownMax = 10_000

interface Begun {
  readonly atMs: number
  readonly times: LastingLook['times']
}

export class LastingLooks {
  readonly #needs: LastingNeeds
  readonly #begun = new Map<string, Begun>()

  constructor(needs: LastingNeeds) {
    this.#needs = needs
  }

  /** Where the fact cannot be written, nothing is shown. */
  async see<Seen>(look: LastingLook, see: () => Promise<Seen>): Promise<Seen> {
    const { perform, monotonicMs } = this.#needs
    const { by, code, about = {}, times } = look
    const key = [by, code, about.person, about.workstation, about.zone].join('\n')
    const atMs = monotonicMs()
    if (this.#isCovered(key, atMs, times)) return see()
    const { answer } = await perform(async () => ({
      answer: await see(),
      facts: [newFact(this.#needs, code, { ...about, fields: { by, ...times } })],
      writes: [],
      notices: [],
    }))
    if (this.#begun.size >= knownMax) this.#begun.clear()
    this.#begun.set(key, { atMs, times })
    return answer
  }

  /** A page whose end moves on with the clock asks for no more than what its fact says. */
  #isCovered(key: string, atMs: number, times: LastingLook['times']): boolean {
    const begun = this.#begun.get(key)
    if (!begun || atMs - begun.atMs >= lookLastsMs) return false
    if (!times || !begun.times) return times === begun.times
    const { fromMs, toMs } = begun.times
    return times.fromMs >= fromMs && times.toMs <= toMs + lookLastsMs
  }
}
