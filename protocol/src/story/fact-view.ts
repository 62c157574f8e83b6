// One fact as a page reads it: who, where and what besides, by the names that came beside it.
// What is not there it says as nothing.

import { localTimes } from './time-words.ts'
import type { Times } from './time-words.ts'

export type Names = Readonly<Record<string, string>>

/** As the record has it: `code`, `atMs`, `person`, `workstation`, `rule`, `fields`, as they come. */
export type StoryFact = Readonly<Record<string, unknown>>

export class FactView {
  readonly code: string
  readonly rule: string
  readonly times: Times
  readonly #fact: StoryFact
  readonly #fields: Readonly<Record<string, unknown>>
  readonly #names: Names

  constructor(fact: StoryFact, names: Names, times: Times = localTimes) {
    const { fields } = fact
    this.times = times
    this.#fact = fact
    this.#names = names
    this.#fields = typeof fields === 'object' && fields !== null ? { ...fields } : {}
    this.code = textOf(fact['code'])
    this.rule = textOf(fact['rule'])
  }

  /** When it was written down, on the broker's clock. */
  get atMs(): number {
    return numberOf(this.#fact['atMs']) ?? 0
  }

  get who(): string {
    return this.#nameOf(this.#fact['person']) ?? 'Somebody'
  }

  /** Where it is about nobody whom anybody knows. */
  whoOr(other: string): string {
    return this.hasWho ? this.who : other
  }

  get hasWho(): boolean {
    return this.#fact['person'] !== undefined
  }

  get where(): string {
    return this.#nameOf(this.#fact['workstation']) ?? 'a workstation'
  }

  get isEmergency(): boolean {
    return this.#fields['purpose'] === 'BTG'
  }

  /** Happened at a cut-off workstation, and was taken into the record later. */
  get isOffline(): boolean {
    if (this.code.startsWith('BTG-')) return this.text('journal') !== ''
    if (this.code === 'PIN-101') return this.is('isOffline')
    return this.code.startsWith('OFF-00') && this.code !== 'OFF-001'
  }

  text(field: string): string {
    return textOf(this.#fields[field])
  }

  number(field: string): number | undefined {
    return numberOf(this.#fields[field])
  }

  is(field: string): boolean {
    return this.#fields[field] === true
  }

  /** Of a person or workstation that a field names. */
  named(field: string): string | undefined {
    return this.#nameOf(this.#fields[field])
  }

  /** Of those whom a field names one after the other. */
  namesIn(field: string): readonly (string | undefined)[] {
    const ids = this.text(field).split(' ')
    return ids.filter((id) => id !== '').map((id) => this.#nameOf(id))
  }

  /** Who did it by her own account; nothing for what a token or the broker itself did. */
  get doer(): string | undefined {
    const [kind, id] = this.text('by').split(' ')
    return kind === 'person' ? (this.#nameOf(id) ?? 'Somebody') : undefined
  }

  /** What the token is called that it was done with. */
  get token(): string | undefined {
    const by = this.text('by')
    return by.startsWith('token ') ? by.slice('token '.length) : undefined
  }

  #nameOf(id: unknown): string | undefined {
    return typeof id === 'string' && Object.hasOwn(this.#names, id) ? this.#names[id] : undefined
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
