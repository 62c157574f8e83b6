// The journal's file: lines sealed one by one, in an order that cannot be changed. It writes what
// it is given, whole or not at all, and finds at a start how much of it can still be read.

import { createHash } from 'node:crypto'
import type { Disk, DiskFile } from '../../platform/disk.ts'
import type { Sealer } from '../../platform/seal.ts'
import { baseOf, follows, journalHead } from './journal-lines.ts'
import type { Base, Line } from './journal-lines.ts'

export interface Contents {
  readonly journalId: string
  readonly base: Base
  readonly lines: readonly Line[]
}

export interface Found {
  readonly contents: Contents | undefined
  /**
   * `torn`: the last line was not written to its end. `damaged`: more than that; the file as it was
   * is kept beside it, once, unless there is no room for that (`damaged-not-kept`).
   */
  readonly state: 'whole' | 'torn' | 'damaged' | 'damaged-not-kept'
}

const headBound = 'offline journal'

export class JournalFile {
  readonly #path: string
  readonly #sealer: Sealer
  readonly #disk: Disk
  #file: DiskFile | undefined
  #bytes = 0

  constructor(path: string, sealer: Sealer, disk: Disk) {
    this.#path = path
    this.#sealer = sealer
    this.#disk = disk
  }

  find(): Found {
    const bytes = this.#disk.read(this.#path)
    if (!bytes) return { contents: undefined, state: 'whole' }
    const parts = bytes.toString('latin1').split('\n')
    const rest = parts.pop() ?? ''
    const contents = this.#contentsOf(parts)
    const read = contents ? contents.lines.length + 1 : 0
    const isWhole = contents !== undefined && read === parts.length
    if (isWhole && rest === '') return { contents, state: 'whole' }
    // A kill leaves a part of the line that was being written, and of nothing before it.
    if (isWhole) return { contents, state: 'torn' }
    return { contents, state: this.#keepAside(bytes) ? 'damaged' : 'damaged-not-kept' }
  }

  /** Named for what is in it: nobody starts a workstation so often that its disk is full of it. */
  #keepAside(bytes: Buffer): boolean {
    const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
    const to = `${this.#path}.damaged-${name}`
    try {
      if (!this.#disk.read(to)?.equals(bytes)) this.#disk.copy(this.#path, to)
      return true
    } catch {
      // A workstation without its old journal still opens charts; one that does not start, none.
      return false
    }
  }

  /** All of it anew. Rejects where it is not durable; the file before it is then still there. */
  async rewrite(contents: Contents): Promise<void> {
    await this.close()
    const { journalId, base, lines } = contents
    const head = JSON.stringify({ version: 1, journalId, ...base })
    const sealed = [this.#sealer.seal(head, headBound), ...lines.map(this.#seal(journalId))]
    const bytes = textOf(sealed)
    await this.#disk.replace(this.#path, bytes)
    this.#file = await this.#disk.open(this.#path)
    this.#bytes = bytes.length
  }

  /** False where the file must be written anew first. */
  get isOpen(): boolean {
    return this.#file !== undefined
  }

  /** Rejects where it is not durable; then nothing of it counts, and the file is closed. */
  async append(journalId: string, lines: readonly Line[]): Promise<void> {
    const file = this.#file
    if (!file) throw new Error('the journal is not open')
    const bytes = textOf(lines.map(this.#seal(journalId)))
    try {
      await file.write(bytes, this.#bytes)
      await file.flush()
      this.#bytes += bytes.length
    } catch (thrown) {
      // As far as that still works: a line that does not count is better not there.
      await file.cut(this.#bytes).catch(() => undefined)
      await this.close()
      throw thrown
    }
  }

  async remove(): Promise<void> {
    await this.close()
    await this.#disk.remove(this.#path)
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    // A file that cannot be closed is not used again either way.
    await file?.close().catch(() => undefined)
  }

  #seal =
    (journalId: string) =>
    ({ seq, text }: Line): Buffer =>
      this.#sealer.seal(text, `${headBound} ${journalId} ${String(seq)}`)

  /** As far as each line can be opened and follows from the one before. */
  #contentsOf([first = '', ...sealed]: readonly string[]): Contents | undefined {
    const headText = this.#sealer.unseal(Buffer.from(first, 'base64url'), headBound)
    if (headText === undefined) return undefined
    const { journalId, seq, hash } = journalHead.parse(JSON.parse(headText))
    const base = { seq, hash }
    const lines: Line[] = []
    for (const part of sealed) {
      const last = lines.at(-1)
      const after = last ? baseOf(last) : base
      const bound = `${headBound} ${journalId} ${String(after.seq + 1)}`
      const text = this.#sealer.unseal(Buffer.from(part, 'base64url'), bound)
      const line = text === undefined ? undefined : follows(after, text)
      if (!line) break
      lines.push(line)
    }
    return { journalId, base, lines }
  }
}

function textOf(sealed: readonly Buffer[]): Buffer {
  return Buffer.from(sealed.map((one) => `${one.toString('base64url')}\n`).join(''), 'latin1')
}
