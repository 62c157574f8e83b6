// A badge is used in a zone whose doors tell who comes in, and they have not told of its owner, or
// have told that she left. It says nothing of zones without such doors, nor before it has listened
// to the doors for as long as a door's word is good. Pure.

import { sightingOf } from './alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from './alert-fact.ts'
import type { AlertLimits } from './alert-limits.ts'
import { KeptByKey, keysMax } from './kept-by-key.ts'

/** A door that has told of so many has a reader that works and people who use it. */
const entriesMin = 10

interface DoorWord {
  readonly index: number
  readonly atMs: number
  readonly direction: unknown
}

export class BadgeWithoutDoor implements AlertRule {
  readonly name = 'badge-without-door'
  readonly #limits: Pick<AlertLimits, 'doorMs'>
  readonly #words = new KeptByKey<DoorWord>(keysMax)
  /** Of each zone: when its doors last told of so many entries, the oldest of them first. */
  readonly #entries = new KeptByKey<readonly number[]>(keysMax)
  /** Said of this stay already. */
  readonly #said = new KeptByKey<number>(keysMax)
  #sinceMs: number | undefined

  constructor(limits: Pick<AlertLimits, 'doorMs'>) {
    this.#limits = limits
  }

  take(fact: AlertFact): readonly Sighting[] {
    this.#sinceMs ??= fact.atMs
    const { person, zone } = fact
    if (person === undefined || zone === undefined) return []
    if (fact.code === 'PRE-002') this.#hear(fact, person, zone)
    return fact.code === 'TAP-001' ? this.#judge(fact, person, zone) : []
  }

  #hear({ index, atMs, fields }: AlertFact, person: string, zone: string): void {
    const { direction } = fields
    this.#words.set(`${person} ${zone}`, { index, atMs, direction })
    this.#said.delete(`${person} ${zone}`)
    if (direction !== 'in') return
    this.#entries.set(zone, [...(this.#entries.get(zone) ?? []), atMs].slice(-entriesMin))
  }

  #judge(fact: AlertFact, person: string, zone: string): readonly Sighting[] {
    const { atMs, workstation } = fact
    if (!this.#tells(zone, atMs)) return []
    const key = `${person} ${zone}`
    const word = this.#words.get(key)
    const isGood = word !== undefined && atMs - word.atMs <= this.#limits.doorMs
    if (isGood && word.direction === 'in') return []
    const saidMs = this.#said.get(key)
    if (saidMs !== undefined && atMs - saidMs <= this.#limits.doorMs) return []
    this.#said.set(key, atMs)
    const seen = isGood ? [word, fact] : [fact]
    const about = { subject: `person ${person}`, people: [person], workstation, zone }
    return [sightingOf(this.name, about, seen)]
  }

  #tells(zone: string, atMs: number): boolean {
    const { doorMs } = this.#limits
    const entries = this.#entries.get(zone) ?? []
    const isHeard = this.#sinceMs !== undefined && atMs - this.#sinceMs > doorMs
    return isHeard && entries.length === entriesMin && atMs - (entries[0] ?? 0) <= doorMs
  }
}
