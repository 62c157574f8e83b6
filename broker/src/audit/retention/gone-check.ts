// Whether what is gone from a record may be: each entry without a body has to be in the list of one
// purge that the key in force then signed, of its class, past the time of the rule in force, and
// under no hold. It reads the record as it goes by, believes no row, and names what it finds. Pure.

import { z } from 'zod'
import { classRules, retentionClassOf } from '@wardkey/protocol/retention-classes'
import type { EndingClass } from '@wardkey/protocol/retention-classes'
import { followChange } from '../key-changes/key-chain.ts'
import type { KeyChain } from '../key-changes/key-chain.ts'
import { GoneSet } from './gone-set.ts'
import { holdsHash, openPurge, parsePurgeList, textHash } from './purge-statement.ts'
import type { PurgeStatement } from './purge-statement.ts'

export type GoneFlaw =
  /** A body is missing, and no purge of the record covers it. */
  | 'gone'
  /** It was taken before the rule in force let it go, or by no rule, or by a clock that leapt. */
  | 'gone-early'
  /** It was taken while a hold covered it, or stood that the purge did not know. */
  | 'gone-on-hold'
  /** The purge, or its list, is not what the key then in force signed, or is of another class. */
  | 'gone-unproved'

export interface GoneFound {
  readonly flaw: GoneFlaw
  readonly entry: number
}

/** A clock is right to within so much: the broker keeps everything for so much longer. */
export const clockLeapMs = 7 * 86_400_000

const dayMs = 86_400_000
/** Cheap to look for; whatever has it is parsed. */
const watched = ['"code":"HLD-00', '"code":"RET-00'].map((text) => Buffer.from(text))
const timeBegin = Buffer.from('{"atMs":')

const text = z.string().max(1000)
const days = z.int().min(0)
const ruleFields = z.object({
  number: z.int().min(1),
  access: days,
  presence: days,
  administration: days,
  operational: days,
})
const fact = z.object({
  code: text,
  atMs: z.int().min(0),
  person: text.optional(),
  workstation: text.optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
})
type Watched = z.infer<typeof fact>

interface Hold {
  /** Nobody and no place in particular: then times say whether it covers something. */
  readonly isAll: boolean
  readonly fromMs: number
  readonly untilMs: number
}
const holdFields = z.object({
  id: text,
  fromMs: z.int().optional(),
  untilMs: z.int().optional(),
})

interface Purge extends PurgeStatement {
  readonly index: number
  readonly holdsThen: readonly Hold[]
}

export class GoneCheck {
  /** Of the place that is read: only the key in force there says what may go. */
  #chain: KeyChain
  readonly #gone = new GoneSet()
  readonly #purges = new Map<number, Purge>()
  readonly #holds = new Map<string, Hold>()
  #rule: z.infer<typeof ruleFields> | undefined
  #newestMs = 0
  #lastMs = 0
  /** Of the latest purge: a record that ends before it was purged by a clock that was ahead. */
  #purged: { readonly atMs: number; readonly first: number } | undefined
  #found: GoneFound | undefined

  constructor(chain: KeyChain) {
    this.#chain = chain
  }

  /** How many entries are gone, lawfully or not. */
  get count(): number {
    return this.#gone.count
  }

  gone(index: number): void {
    this.#gone.add(index)
  }

  /** The key changes here. One that does not hold is left to whoever compares with checkpoints. */
  change(note: string): void {
    this.#chain = followChange(this.#chain, note) ?? this.#chain
  }

  /** The canonical bytes of an entry that is there. */
  entry(index: number, body: Buffer): void {
    if (watched.some((code) => body.includes(code))) this.#take(index, body)
    const atMs = timeOf(body)
    if (atMs === undefined) return
    this.#newestMs = Math.max(this.#newestMs, atMs)
    this.#lastMs = atMs
  }

  /** The list of a purge, after its fact. One that nobody signed covers nothing. */
  list(number: number, list: string): void {
    const purge = this.#purges.get(number)
    if (!purge) return
    const { first, last, index: ownIndex, beforeMs } = purge
    const gone = textHash(list) === purge.listHash ? parsePurgeList(list) : undefined
    if (gone?.length !== purge.count) {
      this.#find('gone-unproved', first)
      return
    }
    for (const { index, code, atMs } of gone) {
      const isIts = index >= first && index <= last && index < ownIndex
      if (!isIts || retentionClassOf(code) !== purge.class) this.#find('gone-unproved', index)
      else if (atMs >= beforeMs) this.#find('gone-early', index)
      else if (purge.holdsThen.some((hold) => covers(hold, atMs))) this.#find('gone-on-hold', index)
      this.#gone.cover(index)
    }
  }

  end(): GoneFound | undefined {
    if (this.#purged && this.#lastMs < this.#purged.atMs - clockLeapMs) {
      this.#find('gone-early', this.#purged.first)
    }
    const open = this.#gone.firstOpen()
    if (open !== undefined) this.#find('gone', open)
    return this.#found
  }

  #take(index: number, body: Buffer): void {
    const read = parse(body)
    if (read?.code === 'RET-002') this.#rule = ruleFields.safeParse(read.fields).data
    else if (read?.code === 'HLD-001') this.#hold(read)
    else if (read?.code === 'HLD-003') this.#holds.delete(idOf(read))
    else if (read?.code === 'RET-004') this.#purge(index, read)
  }

  #hold({ person, workstation, fields }: Watched): void {
    const read = holdFields.safeParse(fields).data
    if (!read) return
    const { id, fromMs = 0, untilMs = Number.MAX_SAFE_INTEGER } = read
    const isAll = person === undefined && workstation === undefined
    this.#holds.set(id, { isAll, fromMs, untilMs })
  }

  #purge(index: number, { atMs, fields }: Watched): void {
    const purge = openPurge(fields, this.#chain.now)
    if (!purge || this.#purges.has(purge.purge)) {
      // What it would have covered stays uncovered.
      this.#find('gone-unproved', index)
      return
    }
    const { first } = purge
    const isKnown = purge.holds === this.#holds.size
    if (!isKnown || purge.holdsHash !== holdsHash(this.#holds.keys())) {
      this.#find('gone-on-hold', first)
    }
    if (!this.#isDue(purge, atMs)) this.#find('gone-early', first)
    this.#purges.set(purge.purge, { ...purge, index, holdsThen: [...this.#holds.values()] })
    if (!this.#purged || atMs > this.#purged.atMs) this.#purged = { atMs, first }
  }

  #isDue({ rule, days: kept, beforeMs, ...purge }: PurgeStatement, atMs: number): boolean {
    const name: EndingClass = purge.class
    const isRule = this.#rule?.number === rule && this.#rule[name] === kept
    const isLong = kept >= classRules[name].floorDays
    const isTrue = atMs <= this.#newestMs + clockLeapMs
    return isRule && isLong && isTrue && beforeMs <= atMs - kept * dayMs
  }

  /** The first that is found is named. */
  #find(flaw: GoneFlaw, entry: number): void {
    this.#found ??= { flaw, entry }
  }
}

const covers = ({ isAll, fromMs, untilMs }: Hold, atMs: number): boolean =>
  isAll && atMs >= fromMs && atMs <= untilMs

function idOf({ fields }: Watched): string {
  const id = fields?.['id']
  return typeof id === 'string' ? id : ''
}

function parse(body: Buffer): Watched | undefined {
  try {
    return fact.safeParse(JSON.parse(body.toString('utf8'))).data
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}

/** Canonical bodies begin with their time; of any other it is not looked at. */
function timeOf(body: Buffer): number | undefined {
  if (!body.subarray(0, timeBegin.length).equals(timeBegin)) return undefined
  let atMs = 0
  for (let at = timeBegin.length; at < body.length; at++) {
    const digit = (body[at] ?? 0) - 0x30
    if (digit < 0 || digit > 9) break
    atMs = atMs * 10 + digit
  }
  return atMs
}
