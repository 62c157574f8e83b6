// The journal's file: lines sealed one by one, in an order that cannot be changed. It writes what
// it is given, whole or not at all, and finds at a start how much of it can still be read.

import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { removeFile, replaceFile } from '../../platform/durable-file.ts'
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
   * is kept beside it.
   */
  readonly state: 'whole' | 'torn' | 'damaged'
}

const headBound = 'offline journal'

export class JournalFile {
  readonly #path: string
  readonly #sealer: Sealer
  #handle: FileHandle | undefined
  #bytes = 0

  constructor(path: string, sealer: Sealer) {
    this.#path = path
    this.#sealer = sealer
  }

  find(wallMs: number): Found {
    if (!existsSync(this.#path)) return { contents: undefined, state: 'whole' }
    const parts = readFileSync(this.#path, 'latin1').split('\n')
    const rest = parts.pop() ?? ''
    const contents = this.#contentsOf(parts)
    const read = contents ? contents.lines.length + 1 : 0
    const isWhole = contents !== undefined && read === parts.length
    if (isWhole && rest === '') return { contents, state: 'whole' }
    // A kill leaves a part of the line that was being written, and of nothing before it.
    if (isWhole) return { contents, state: 'torn' }
    copyFileSync(this.#path, `${this.#path}.damaged-${String(Math.round(wallMs))}`)
    return { contents, state: 'damaged' }
  }

  /** All of it anew. Rejects where it is not durable; the file before it is then still there. */
  async rewrite(contents: Contents): Promise<void> {
    await this.close()
    const { journalId, base, lines } = contents
    const head = JSON.stringify({ version: 1, journalId, ...base })
    const sealed = [this.#sealer.seal(head, headBound), ...lines.map(this.#seal(journalId))]
    const bytes = textOf(sealed)
    await replaceFile(this.#path, bytes)
    this.#handle = await open(this.#path, 'r+')
    this.#bytes = bytes.length
  }

  /** False where the file must be written anew first. */
  get isOpen(): boolean {
    return this.#handle !== undefined
  }

  /** Rejects where it is not durable; then nothing of it counts, and the file is closed. */
  async append(journalId: string, lines: readonly Line[]): Promise<void> {
    const handle = this.#handle
    if (!handle) throw new Error('the journal is not open')
    const bytes = textOf(lines.map(this.#seal(journalId)))
    try {
      await writeWhole(handle, bytes, this.#bytes)
      await handle.datasync()
      this.#bytes += bytes.length
    } catch (thrown) {
      // As far as that still works: a line that does not count is better not there.
      await handle.truncate(this.#bytes).catch(() => undefined)
      await this.close()
      throw thrown
    }
  }

  async remove(): Promise<void> {
    await this.close()
    await removeFile(this.#path)
  }

  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    // A file that cannot be closed is not used again either way.
    await handle?.close().catch(() => undefined)
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

/** A disk that is nearly full takes a part and says so only in a number. */
async function writeWhole(handle: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done)
    if (bytesWritten === 0) throw new Error('nothing was written')
    done += bytesWritten
  }
}
