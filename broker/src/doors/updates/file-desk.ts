// The files of releases, as they are given out: one folder, plain names, ranges, and so many at
// once that taps are not held up. What the bytes are the workstation verifies itself.

import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Writable } from 'node:stream'
import { updateFileName } from '@wardkey/protocol/workstation/updates/manifest'
import type { UpdateFile } from '@wardkey/protocol/workstation/updates/manifest'

/** Over a gigabit line each has some megabytes a second left. */
const atOnceMax = 16
const retryAfterMs = 30_000
/** Whoever reads slower than this is cut off, and goes on where it was. */
const sendWithinMs = 15 * 60_000
const chunkBytes = 256 * 1024

export type OpenedFile =
  | { readonly kind: 'missing' }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | { readonly kind: 'no-such-range'; readonly size: number }
  | {
      readonly kind: 'opened'
      readonly isPart: boolean
      readonly from: number
      /** The first byte that is not sent. */
      readonly until: number
      readonly size: number
      /** Ends the stream; a reader that went away is nobody's fault. */
      readonly sendTo: (out: Writable) => Promise<void>
    }

export class FileDesk {
  readonly #folder: string
  /** Who reads now: one at a time for each. */
  readonly #readers = new Set<string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** True where each of them is there with its size and hash. */
  async hasFiles(files: readonly UpdateFile[]): Promise<boolean> {
    for (const file of files) {
      if (!(await this.#isWhole(file))) return false
    }
    return true
  }

  async open(name: string, range: string | undefined, reader: string): Promise<OpenedFile> {
    if (!updateFileName.safeParse(name).success) return { kind: 'missing' }
    if (this.#readers.size >= atOnceMax || this.#readers.has(reader)) {
      return { kind: 'busy', retryAfterMs }
    }
    this.#readers.add(reader)
    let handle: FileHandle | undefined
    let isSending = false
    try {
      const opened = await openPlain(join(this.#folder, name))
      if (!opened) return { kind: 'missing' }
      handle = opened
      const { size } = await opened.stat()
      const part = parseRange(range, size)
      if (part === 'none') return { kind: 'no-such-range', size }
      const { from, until } = part
      const sendTo = (out: Writable) =>
        send(opened, from, until, out).finally(() => this.#readers.delete(reader))
      isSending = true
      return { kind: 'opened', isPart: range !== undefined, from, until, size, sendTo }
    } finally {
      if (!isSending) {
        this.#readers.delete(reader)
        await handle?.close()
      }
    }
  }

  async #isWhole({ name, bytes, sha256 }: UpdateFile): Promise<boolean> {
    const handle = await openPlain(join(this.#folder, name))
    if (!handle) return false
    try {
      if ((await handle.stat()).size !== bytes) return false
      const hash = createHash('sha256')
      const stream = handle.createReadStream({ autoClose: false, highWaterMark: chunkBytes })
      for await (const chunk of stream) hash.update(chunk as Buffer)
      return hash.digest('hex') === sha256
    } finally {
      await handle.close()
    }
  }
}

/** The whole file where none is asked for, or one range with its first byte; others are none. */
export function parseRange(
  header: string | undefined,
  size: number,
): { readonly from: number; readonly until: number } | 'none' {
  const [, first, last] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (header === undefined && size > 0) return { from: 0, until: size }
  if (first === undefined) return 'none'
  const from = Number(first)
  const until = last === undefined || last === '' ? size : Math.min(size, Number(last) + 1)
  return from < until ? { from, until } : 'none'
}

async function openPlain(path: string): Promise<FileHandle | undefined> {
  const handle = await openUnlinked(path)
  let isPlain = false
  try {
    isPlain = (await handle?.stat())?.isFile() === true
  } finally {
    if (!isPlain) await handle?.close()
  }
  return isPlain ? handle : undefined
}

async function openUnlinked(path: string): Promise<FileHandle | undefined> {
  try {
    // Not through a link: nothing that is elsewhere is given out by its name here.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'ENOENT' || code === 'ELOOP') return undefined
    throw thrown
  }
}

async function send(handle: FileHandle, from: number, until: number, out: Writable): Promise<void> {
  const signal = AbortSignal.timeout(sendWithinMs)
  const stream = handle.createReadStream({ start: from, end: until - 1, highWaterMark: chunkBytes })
  try {
    await pipeline(stream, out, { signal })
  } catch (thrown) {
    // It went away, or was too slow: it asks for the rest, or does not.
    if (!isGone(thrown)) throw thrown
  }
}

function isGone(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return ['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'ECONNRESET', 'EPIPE'].includes(String(code))
}
