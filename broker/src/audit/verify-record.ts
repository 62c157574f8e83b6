// Verifies an exported record from the record's public key alone, and an earlier checkpoint where
// there is one. Pure: lines in, verdict out. It trusts nothing that a key it knows did not sign.

import { openCheckpoint } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import { entryRead, isEntryRead } from './entry-bytes.ts'
import { textOf } from './file-lines.ts'
import { flawBetween } from './flaw-between.ts'
import type { Flaw } from './flaw-between.ts'
import { chainFrom, followChange, isSame, keysOf, trustFrom } from './key-changes/key-chain.ts'
import type { KeyChain } from './key-changes/key-chain.ts'
import { keyChangeIn } from './key-changes/key-change.ts'
import type { KeyChange } from './key-changes/key-change.ts'
import {
  emptyFrontier,
  grow,
  hashBytes,
  leafHash,
  prefixedLeafHash,
  rootOf,
} from './merkle/tree-hash.ts'
import type { Frontier, Hash } from './merkle/tree-hash.ts'
import { parseRecordLine, signedMax } from './record-lines.ts'
import type { RecordLine } from './record-lines.ts'
import { GoneCheck } from './retention/gone-check.ts'
import type { GoneFlaw } from './retention/gone-check.ts'
import { parseBase64 } from './signed-note.ts'
import type { NoteVerifier } from './signed-note.ts'
import { cosignedBy } from './witness/cosignature.ts'

export type Verdict =
  | {
      readonly kind: 'valid'
      readonly signed: number
      /** Entries after the last checkpoint: there, but not yet vouched for. */
      readonly unsigned: number
      /** How many entries retention took, as it may; absent where none. */
      readonly gone?: number
      /** Where witnesses were asked for: entries up to the last checkpoint that enough cosigned. */
      readonly witnessed?: number
    }
  | {
      readonly kind: 'invalid'
      readonly flaw: Flaw | GoneFlaw
      /** The first entry that is not as it was signed. */
      readonly entry: number
      /** Where only a range can be named, its last entry. */
      readonly untilEntry?: number
    }

/** Checkpoints have to be cosigned by so many of these witnesses. */
export interface WitnessDemand {
  readonly keys: readonly NoteVerifier[]
  readonly quorum: number
  /** So many entries at the end may not be under one: witnesses hear a moment later. */
  readonly lagMax: number
}

type LineOf<Kind extends RecordLine['kind']> = Extract<RecordLine, { kind: Kind }>

/** Hashes kept while their checkpoint is awaited: one more than any checkpoint signs is enough. */
const pendingMax = signedMax + 1
/** Entries are far shorter; longer lines are the parser's. */
const usualBytesMax = 32 * 1024

export class RecordVerifier {
  readonly #given: readonly NoteVerifier[]
  #chain: KeyChain
  /** Changes that have to come: the given key is not the record's first. */
  #owed: readonly KeyChange[] = []
  /** Entries since the last checkpoint that say they change the key. */
  #changes: { readonly entry: number; readonly note: string }[] = []
  readonly #earlier: Checkpoint | undefined
  readonly #witnesses: WitnessDemand | undefined
  #witnessed = 0
  #frontier: Frontier = emptyFrontier
  /**
   * Leaf hashes of the first entries since the last checkpoint, side by side, and how many entries
   * those were.
   */
  readonly #pending = Buffer.alloc(pendingMax * hashBytes)
  #pendingCount = 0
  readonly #entry = entryRead(usualBytesMax)
  #gone: GoneCheck
  #isEarlierSeen: boolean
  #isBegun = false
  #flaw: Verdict | undefined
  #lastNote: string | undefined
  /** The first entry since the last checkpoint that bears another number than its place. */
  #misnumbered: { flaw: Flaw; entry: number } | undefined

  constructor(keys: readonly NoteVerifier[], earlier?: Checkpoint, witnesses?: WitnessDemand) {
    this.#given = keys
    this.#chain = chainFrom(keys)
    this.#gone = new GoneCheck(this.#chain)
    this.#earlier = earlier
    this.#witnesses = witnesses
    this.#isEarlierSeen = earlier === undefined || earlier.size === 0
  }

  /** How many entries were read; for progress. */
  get read(): number {
    return this.#frontier.size + this.#pendingCount
  }

  /** The newest checkpoint that held, to be kept until the next visit. */
  get lastNote(): string | undefined {
    return this.#lastNote
  }

  /** The keys that signed, those that have ended first, as far as it was read. */
  get chain(): KeyChain {
    return this.#chain
  }

  /** False once a flaw is found: nothing after it can be believed, so nothing after it is read. */
  take(text: string): boolean {
    if (this.#flaw) return false
    const line = parseRecordLine(text)
    if (!line || (line.kind === 'header') === this.#isBegun) this.#fail('unreadable', this.read)
    else if (line.kind === 'header') this.#takeHeader(line)
    else if (line.kind === 'entry') this.#takeEntry(line)
    else if (line.kind === 'gone') this.#takeGone(line)
    else if (line.kind === 'purge') this.#gone.list(line.number, line.list)
    else this.#takeCheckpoint(line)
    return !this.#flaw
  }

  /** The same of a line as it lies in a file; it holds on to none of the bytes. */
  takeBytes(bytes: Buffer, from: number, to: number): boolean {
    const isUsual = this.#isBegun && !this.#flaw && isEntryRead(bytes, from, to, this.#entry)
    if (!isUsual) return this.take(textOf(bytes, from, to))
    const { index, bytes: entry, length } = this.#entry
    this.#look(entry.subarray(1, length))
    this.#takeLeaf(index, () => prefixedLeafHash(entry.subarray(0, length)))
    return true
  }

  end(): Verdict {
    if (!this.#isBegun) this.#fail('unreadable', 0)
    if (this.#flaw) return this.#flaw
    // Numbers alone prove nothing, but where no checkpoint follows they are all there is.
    if (this.#misnumbered) return { kind: 'invalid', ...this.#misnumbered }
    const earlier = this.#earlier
    if (earlier && !this.#isEarlierSeen) {
      return { kind: 'invalid', flaw: 'truncated', entry: this.#frontier.size }
    }
    if (this.#isOwing()) return { kind: 'invalid', flaw: 'truncated', entry: this.read }
    const found = this.#gone.end()
    if (found) return { kind: 'invalid', ...found }
    const signed = this.#frontier.size
    const unsigned = this.#pendingCount
    const gone = this.#gone.count === 0 ? {} : { gone: this.#gone.count }
    if (!this.#witnesses) return { kind: 'valid', signed, unsigned, ...gone }
    const witnessed = this.#witnessed
    if (signed - witnessed > this.#witnesses.lagMax || (signed > 0 && witnessed === 0)) {
      return { kind: 'invalid', flaw: 'unwitnessed', entry: witnessed }
    }
    return { kind: 'valid', signed, unsigned, witnessed, ...gone }
  }

  /** An export of another record is not one of this record, whoever signed it. */
  #takeHeader({ origin, keyChanges = [] }: LineOf<'header'>): void {
    this.#isBegun = true
    if (!this.#given.some(({ name }) => name === origin)) this.#fail('unreadable', 0)
    const { first, owed } = trustFrom(this.#given, keyChanges)
    this.#chain = chainFrom(first)
    this.#gone = new GoneCheck(this.#chain)
    this.#owed = owed
  }

  #takeEntry({ index, body }: LineOf<'entry'>): void {
    const bytes = Buffer.from(body, 'utf8')
    this.#look(bytes)
    this.#takeLeaf(index, () => leafHash(bytes))
  }

  /** Whether it may be gone is said at the end; that this was its hash the checkpoint says. */
  #takeGone({ index, leaf }: LineOf<'gone'>): void {
    const hash = parseBase64(leaf)
    if (hash?.length !== hashBytes) this.#fail('unreadable', this.read)
    else {
      this.#gone.gone(this.read)
      this.#takeLeaf(index, () => hash)
    }
  }

  /**
   * A change of key is judged where a checkpoint vouches for it: until then anybody may have put it
   * there. Purges after it are by its key all the same.
   */
  #look(body: Buffer): void {
    const note = this.#pendingCount < pendingMax ? keyChangeIn(body) : undefined
    if (note === undefined) this.#gone.entry(this.read, body)
    else {
      this.#changes.push({ entry: this.read, note })
      this.#gone.change(note)
    }
  }

  /** A change that is there, but not signed yet, is on its way. */
  #isOwing(): boolean {
    const { ended } = this.#changes.reduce<KeyChain>(
      (chain, { note }) => followChange(chain, note) ?? chain,
      this.#chain,
    )
    return !this.#owed.every(({ to }) => ended.some((change) => isSame(change.to, to)))
  }

  #takeLeaf(index: number, hash: () => Hash): void {
    const expected = this.read
    if (index !== expected) {
      this.#misnumbered ??= { flaw: index > expected ? 'missing' : 'inserted', entry: expected }
    }
    if (this.#pendingCount < pendingMax) hash().copy(this.#pending, this.#pendingCount * hashBytes)
    this.#pendingCount += 1
  }

  #takeCheckpoint({ note, leaves: text }: LineOf<'checkpoint'>): void {
    const checkpoint = openCheckpoint(note, this.#chain.now)
    const first = this.#frontier.size
    if (!checkpoint || checkpoint.size <= first) {
      const isEnded = !checkpoint && openCheckpoint(note, keysOf(this.#chain)) !== undefined
      this.#fail(isEnded ? 'key-ended' : 'checkpoint', first, this.read - 1)
      return
    }
    // The list of leaf hashes is believed only if the signed root follows from it.
    const leaves = listOf(text)
    const listed = leaves && grow(this.#frontier, leaves)
    if (leaves && listed && isOf(checkpoint, listed)) {
      this.#compare(leaves, first)
      if (!this.#flaw) this.#advance(leaves, listed, note)
      return
    }
    // Entries as they were signed under a spoilt list: the record is whole, its export is not.
    const isWhole = isOf(checkpoint, grow(this.#frontier, this.#found))
    this.#fail(isWhole ? 'checkpoint' : 'changed', first, checkpoint.size - 1)
  }

  /** Names the first entry that is not the signed one, and what became of that. */
  #compare(leaves: Buffer, first: number): void {
    const isSame = this.#pendingCount <= pendingMax && leaves.equals(this.#found)
    const found = isSame ? undefined : flawBetween(hashesOf(leaves), hashesOf(this.#found))
    if (found) this.#fail(found.flaw, first + found.offset)
    else if (this.#misnumbered) this.#fail('misnumbered', this.#misnumbered.entry)
  }

  get #found(): Buffer {
    return this.#pending.subarray(0, Math.min(this.#pendingCount, pendingMax) * hashBytes)
  }

  #advance(leaves: Buffer, to: Frontier, note: string): void {
    if (!this.#followChanges(note)) return
    const earlier = this.#earlier
    if (earlier && !this.#isEarlierSeen && earlier.size <= to.size) {
      const upTo = leaves.subarray(0, (earlier.size - this.#frontier.size) * hashBytes)
      if (!isOf(earlier, grow(this.#frontier, upTo))) {
        // Both are signed with the record's key: somebody who holds it wrote a second history.
        this.#fail('forked', 0, earlier.size - 1)
        return
      }
      this.#isEarlierSeen = true
    }
    this.#frontier = to
    this.#lastNote = note
    const { keys, quorum } = this.#witnesses ?? { keys: [], quorum: 1 }
    if (cosignedBy(note, keys).length >= quorum) this.#witnessed = to.size
    this.#pendingCount = 0
  }

  /**
   * What is signed now says that the key changes: the key after has to sign it, too, and from the
   * next checkpoint on alone. False where a change does not hold.
   */
  #followChanges(note: string): boolean {
    for (const change of this.#changes.splice(0)) {
      const next = followChange(this.#chain, change.note)
      const isSigned = next && openCheckpoint(note, next.now.slice(-1)) !== undefined
      if (!isSigned) {
        this.#fail(next ? 'checkpoint' : 'key-change', change.entry)
        return false
      }
      this.#chain = next
    }
    return true
  }

  #fail(flaw: Flaw, entry: number, untilEntry?: number): void {
    this.#flaw ??= {
      kind: 'invalid',
      flaw,
      entry,
      ...(untilEntry === undefined || untilEntry <= entry ? {} : { untilEntry }),
    }
  }
}

const isOf = ({ size, root }: Checkpoint, frontier: Frontier): boolean =>
  size === frontier.size && root.equals(rootOf(frontier))

function listOf(text: string): Buffer | undefined {
  const bytes = parseBase64(text)
  return bytes && bytes.length % hashBytes === 0 ? bytes : undefined
}

function hashesOf(bytes: Buffer): Hash[] {
  return Array.from({ length: bytes.length / hashBytes }, (_, index) =>
    bytes.subarray(index * hashBytes, (index + 1) * hashBytes),
  )
}
