// What brokers say, at the moment of saying it, against what is on the disk by then: nothing is
// answered before what it caused is durable. And what workstations left, for the reckoning at the
// end of a run.

import { z } from 'zod'
import { leftName } from './books.ts'
import type { Books } from './books.ts'
import { Violation } from './violation.ts'

const saidShape = z.looseObject({
  kind: z.string(),
  id: z.string(),
  tapId: z.string().optional(),
  sessionId: z.string().optional(),
  replyTo: z.string().optional(),
  reason: z.string().optional(),
})

/** Facts that stand behind each answer to a tap. */
const standsBehind: ReadonlyMap<string, RegExp> = new Map([
  ['admitted', /^(TAP-(001|004)|BTG-002)$/],
  ['ask-witness', /^BTG-(007|102)$/],
  ['ask-pin', /^(TAP-(002|004)|BTG-001)$/],
  ['refused', /^(TAP-(101|102|004)|BTG-(101|102))$/],
])

export class Words {
  readonly #books: Books
  /** Leaves as they were sent, by the frame's id. */
  readonly #leaves = new Map<string, string>()
  /** How often each was wanted by a machine that lived to send it. */
  readonly #wanted = new Map<string, { count: number; readonly index: number }>()

  constructor(books: Books) {
    this.#books = books
  }

  /** The machine wants the broker to know; it must arrive, whatever breaks. */
  left(index: number, workstation: string, session: string, reason: string): void {
    const name = leftName(workstation, session, reason)
    const wanted = this.#wanted.get(name) ?? { count: 0, index }
    wanted.count += 1
    this.#wanted.set(name, wanted)
  }

  /** What was in the memory of an agent that crashed is told as a restart, or not at all. */
  forgetOf(index: number): void {
    for (const [name, wanted] of this.#wanted) {
      const told = this.#books.lefts.get(name) ?? 0
      if (wanted.index === index) wanted.count = Math.min(wanted.count, told)
    }
  }

  heardByBroker(workstation: string, text: string): void {
    if (!text.includes('"kind":"leave"')) return
    const { id, sessionId, reason } = saidShape.parse(JSON.parse(text))
    this.#leaves.set(id, leftName(workstation, sessionId ?? '', reason ?? ''))
  }

  saidByBroker(text: string): void {
    const { kind, tapId, sessionId, replyTo } = saidShape.parse(JSON.parse(text))
    const needed = standsBehind.get(kind)
    if (needed) {
      const facts = this.#books.taps.get(tapId ?? '') ?? []
      const isThere = facts.some((fact) => needed.test(fact.code))
      if (!isThere)
        throw new Violation('nothing is answered before it is durable', `${kind} ${String(tapId)}`)
      const isSession = kind !== 'admitted' || facts.some((fact) => fact.session === sessionId)
      if (!isSession) throw new Violation('nothing is answered before it is durable', 'a session')
    }
    if (kind === 'noted') {
      const left = this.#leaves.get(replyTo ?? '')
      if (left !== undefined && !this.#books.lefts.has(left)) {
        throw new Violation('nothing is answered before it is durable', `noted ${left}`)
      }
    }
  }

  /** At the end, when everything could be told. */
  reckon(): void {
    for (const [name, { count }] of this.#wanted) {
      const told = this.#books.lefts.get(name) ?? 0
      if (told < count) {
        throw new Violation(
          'every lock is in the record',
          `${name}: ${String(told)} of ${String(count)}`,
        )
      }
    }
  }
}
