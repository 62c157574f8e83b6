// Verifies an exported record from the record's public key alone, and an earlier checkpoint where
// there is one. Pure: lines in, verdict out. It trusts nothing that a key it knows did not sign.

import { openCheckpoint } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import { emptyFrontier, grow, hashBytes, leafHash, rootOf } from './merkle/tree-hash.ts'
import type { Frontier, Hash } from './merkle/tree-hash.ts'
import { parseRecordLine } from './record-lines.ts'
import type { NoteVerifier } from './signed-note.ts'

export type Flaw =
  /** This entry is not what was signed at its place. */
  | 'changed'
  /** An entry that was signed is not there; this one stands in its place. */
  | 'missing'
  /** Entries that were signed stand in another order. */
  | 'reordered'
  /** An entry that nobody signed stands between those that were. */
  | 'inserted'
  /** The record ends before an earlier checkpoint does. */
  | 'truncated'
  /** The record does not continue the earlier checkpoint: another history. */
  | 'forked'
  /** A signature does not hold, or a checkpoint does not fit what is before it. */
  | 'checkpoint'
  /** A line is not of this format. */
  | 'unreadable'

export type Verdict =
  | {
      readonly kind: 'valid'
      readonly signed: number
      /** Entries after the last checkpoint: there, but not yet vouched for. */
      readonly unsigned: number
    }
  | {
      readonly kind: 'invalid'
      readonly flaw: Flaw
      /** The first entry that is not as it was signed. */
      readonly entry: number
      /** Where only a range can be named, its last entry. */
      readonly untilEntry?: number
    }

export class RecordVerifier {
  readonly #keys: readonly NoteVerifier[]
  readonly #earlier: Checkpoint | undefined
  #frontier: Frontier = emptyFrontier
  /** Entries since the last checkpoint, by leaf hash; `#nextIndex` numbers the next. */
  #pending: Hash[] = []
  #isEarlierSeen: boolean
  #flaw: Verdict | undefined
  #misnumbered: { flaw: Flaw; entry: number } | undefined

  constructor(keys: readonly NoteVerifier[], earlier?: Checkpoint) {
    this.#keys = keys
    this.#earlier = earlier
    this.#isEarlierSeen = earlier === undefined || earlier.size === 0
  }

  /** How many entries were read; for progress. */
  get read(): number {
    return this.#frontier.size + this.#pending.length
  }

  /** False once a flaw is found: nothing after it can be believed, so nothing after it is read. */
  take(text: string): boolean {
    if (this.#flaw) return false
    const line = parseRecordLine(text)
    if (!line) this.#fail('unreadable', this.read)
    else if (line.kind === 'entry') this.#takeEntry(line.index, line.body)
    else if (line.kind === 'checkpoint') this.#takeCheckpoint(line.note, line.leaves)
    return !this.#flaw
  }

  end(): Verdict {
    if (this.#flaw) return this.#flaw
    // Numbers alone prove nothing, but where no checkpoint follows they are all there is.
    if (this.#misnumbered) return { kind: 'invalid', ...this.#misnumbered }
    const earlier = this.#earlier
    if (earlier && !this.#isEarlierSeen) {
      return {
        kind: 'invalid',
        flaw: 'truncated',
        entry: Math.min(this.#frontier.size, earlier.size),
      }
    }
    return { kind: 'valid', signed: this.#frontier.size, unsigned: this.#pending.length }
  }

  #takeEntry(index: number, body: string): void {
    const expected = this.read
    if (index !== expected) {
      this.#misnumbered ??= { flaw: index > expected ? 'missing' : 'inserted', entry: expected }
    }
    this.#pending.push(leafHash(Buffer.from(body, 'utf8')))
  }

  #takeCheckpoint(note: string, leavesText: string): void {
    const checkpoint = openCheckpoint(note, this.#keys)
    const leaves = hashesOf(Buffer.from(leavesText, 'base64'))
    const first = this.#frontier.size
    if (!checkpoint || checkpoint.size <= first) {
      this.#fail('checkpoint', first, this.read - 1)
      return
    }
    // The list of leaf hashes is believed only if the signed root follows from it.
    const listed = leaves && grow(this.#frontier, leaves)
    if (listed?.size === checkpoint.size && rootOf(listed).equals(checkpoint.root)) {
      this.#compare(leaves ?? [], first)
      if (!this.#flaw) this.#advance(leaves ?? [], listed)
      return
    }
    const found = grow(this.#frontier, this.#pending)
    const isWhole = found.size === checkpoint.size && rootOf(found).equals(checkpoint.root)
    // Entries as they were signed under a spoilt list: the record is whole, its export is not.
    if (isWhole) this.#fail('checkpoint', first, checkpoint.size - 1)
    else this.#fail('changed', first, checkpoint.size - 1)
  }

  /** Names the first entry that is not the signed one, and what became of that. */
  #compare(leaves: readonly Hash[], first: number): void {
    const count = Math.max(leaves.length, this.#pending.length)
    for (let offset = 0; offset < count; offset++) {
      const signed = leaves[offset]
      const found = this.#pending[offset]
      if (signed && found && signed.equals(found)) continue
      this.#fail(flawAt(leaves, this.#pending, offset), first + offset)
      return
    }
  }

  #advance(leaves: readonly Hash[], to: Frontier): void {
    const earlier = this.#earlier
    if (earlier && !this.#isEarlierSeen && earlier.size <= to.size) {
      const upTo = leaves.slice(0, earlier.size - this.#frontier.size)
      const isSame = rootOf(grow(this.#frontier, upTo)).equals(earlier.root)
      if (!isSame) {
        this.#fail('forked', this.#frontier.size, earlier.size - 1)
        return
      }
      this.#isEarlierSeen = true
    }
    this.#frontier = to
    this.#pending = []
    this.#misnumbered = undefined
  }

  #fail(flaw: Flaw, entry: number, untilEntry?: number): void {
    this.#flaw = {
      kind: 'invalid',
      flaw,
      entry,
      ...(untilEntry === undefined || untilEntry <= entry ? {} : { untilEntry }),
    }
  }
}

function flawAt(signed: readonly Hash[], found: readonly Hash[], offset: number): Flaw {
  const here = found[offset]
  const wanted = signed[offset]
  const isFoundLater = wanted !== undefined && found.slice(offset).some((h) => h.equals(wanted))
  const isSignedLater = here !== undefined && signed.slice(offset).some((h) => h.equals(here))
  if (here === undefined) return 'missing'
  if (wanted === undefined) return 'inserted'
  if (isFoundLater && isSignedLater) return 'reordered'
  if (isFoundLater) return 'inserted'
  if (isSignedLater) return 'missing'
  return 'changed'
}

function hashesOf(bytes: Buffer): Hash[] | undefined {
  if (bytes.length % hashBytes !== 0) return undefined
  return Array.from({ length: bytes.length / hashBytes }, (_, index) =>
    bytes.subarray(index * hashBytes, (index + 1) * hashBytes),
  )
}
