// The keys of one record, one after the other: which one signs now, which have ended, and which a
// stranger may trust who knows but one of them. Pure.

import type { NoteVerifier } from '../signed-note.ts'
import { openKeyChange } from './key-change.ts'
import type { KeyChange } from './key-change.ts'

export interface KeyChain {
  /** What signs now. Whoever was given several keys of a record accepts each until it ends. */
  readonly now: readonly NoteVerifier[]
  readonly ended: readonly KeyChange[]
}

export const chainFrom = (keys: readonly NoteVerifier[]): KeyChain => ({ now: keys, ended: [] })

/**
 * The chain with one change more; nothing where the key before did not sign it or does not sign
 * now, and where an ended key would come back.
 */
export function followChange({ now, ended }: KeyChain, note: string): KeyChain | undefined {
  const change = openKeyChange(note)
  if (!change || !now.some((key) => isSame(key, change.from))) return undefined
  if (ended.some(({ from }) => isSame(from, change.to))) return undefined
  const others = now.filter((key) => !isSame(key, change.from) && !isSame(key, change.to))
  return { now: [...others, change.to], ended: [...ended, change] }
}

/** Every key that signed or signs. */
export const keysOf = ({ now, ended }: KeyChain): readonly NoteVerifier[] => [
  ...ended.map(({ from }) => from),
  ...now,
]

export interface TrustedKeys {
  /** What the record begins with. */
  readonly first: readonly NoteVerifier[]
  /** All that follow from those that were given. */
  readonly all: readonly NoteVerifier[]
  /** Changes on the way from the first to the given ones: a record without them is cut off. */
  readonly owed: readonly KeyChange[]
}

/**
 * Which keys to believe for whoever was given some of them, from changes that anybody may have
 * written down: a known key vouches for the one after it and for the one before it, and for nothing
 * else.
 */
export function trustFrom(given: readonly NoteVerifier[], notes: readonly string[]): TrustedKeys {
  const changes = notes.flatMap((note) => openKeyChange(note) ?? [])
  const owed: KeyChange[] = []
  const first = given.map((key) => firstBefore(key, changes, owed))
  const all = [...given]
  for (let grown = -1; grown !== all.length;) {
    grown = all.length
    for (const { from, to } of changes) {
      if (isKnown(from, all) && !isKnown(to, all)) all.push(to)
      else if (isKnown(to, all) && !isKnown(from, all)) all.push(from)
    }
  }
  return { first: first.filter((key, at) => !isKnown(key, first.slice(0, at))), all, owed }
}

/** Goes back as far as changes lead; one that would lead in a circle ends it. */
function firstBefore(
  key: NoteVerifier,
  changes: readonly KeyChange[],
  owed: KeyChange[],
): NoteVerifier {
  const passed = [key]
  for (let at = key; ;) {
    const change = changes.find(({ to }) => isSame(to, at))
    if (!change || isKnown(change.from, passed)) return at
    if (!owed.includes(change)) owed.push(change)
    passed.push(change.from)
    at = change.from
  }
}

/** By the whole key: its id is four bytes, which somebody could hit with a key of his own. */
export const isSame = (a: NoteVerifier, b: NoteVerifier): boolean =>
  a.name === b.name && a.key.equals(b.key)

const isKnown = (key: NoteVerifier, keys: readonly NoteVerifier[]): boolean =>
  keys.some((one) => isSame(one, key))
