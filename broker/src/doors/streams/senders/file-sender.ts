// Facts as files in a folder, for collectors that read folders. One file is written at a time, with
// `.part` at its end and flushed before anything counts as arrived; whole ones have their final
// name at once and are never touched again.

import { mkdir, open, readdir, readFile, rename, truncate } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { StreamPlace } from '../../../flows/streams/stream-row.ts'
import type { StreamOf } from '../../../platform/setting-rows/stream-settings.ts'
import { csvHead, csvRow } from '../formats/csv-event.ts'
import { jsonEvent } from '../formats/json-event.ts'
import { ocsfEvent } from '../formats/ocsf.ts'
import type { StreamEvent } from '../formats/stream-event.ts'
import { failedBy } from './sender.ts'
import type { Sender } from './sender.ts'

const batchMax = 500
const mega = 1_000_000
const digits = 12
/** Its owner writes, its group reads: a collector is another user. */
const fileMode = 0o640

interface Part {
  readonly path: string
  readonly file: FileHandle
  readonly first: number
  readonly beganMs: number
  bytes: number
  last: number
}

/** Nothing here waits for the disk in the thread that answers taps. */
export class FileSender implements Sender {
  readonly batchMax = batchMax
  readonly settling = undefined
  readonly isCut = false
  readonly #setting: StreamOf<'file'>
  readonly #version: string
  readonly #nowMs: () => number
  #part: Part | undefined
  #isOpen = false

  constructor(setting: StreamOf<'file'>, version: string, nowMs: () => number) {
    this.#setting = setting
    this.#version = version
    this.#nowMs = nowMs
  }

  /** A part that was left is cut back to what counts as arrived, and gone on with. */
  async open({ nextIndex }: StreamPlace): Promise<boolean> {
    if (this.#isOpen) return false
    await this.probe()
    await attempt(async () => {
      this.#part = await this.#findPart(nextIndex)
    })
    this.#isOpen = true
    return true
  }

  send(events: readonly StreamEvent[]): Promise<void> {
    return attempt(async () => {
      const [first, last] = [events[0], events.at(-1)]
      if (!first || !last) return
      if (this.#part && this.#isFull(this.#part)) await this.#finish(this.#part)
      const part = (this.#part ??= await this.#begin(first.index))
      const bytes = Buffer.from(events.map((event) => this.#row(event)).join(''), 'utf8')
      await writeAll(part.file, bytes, part.bytes)
      await part.file.sync()
      part.bytes += bytes.length
      part.last = last.index
    })
  }

  /** Sees that the folder is there and can be written to. */
  probe(): Promise<void> {
    return attempt(async () => {
      const { folder, name } = this.#setting
      await mkdir(folder, { recursive: true, mode: 0o750 })
      const file = await open(join(folder, `.${name}.probe`), 'w', fileMode)
      await file.close()
    })
  }

  async close(): Promise<void> {
    const part = this.#part
    this.#part = undefined
    this.#isOpen = false
    await part?.file.close()
  }

  #row(event: StreamEvent): string {
    const { format } = this.#setting
    if (format === 'csv') return csvRow(event)
    const shown = format === 'ocsf' ? ocsfEvent(event, this.#version) : jsonEvent(event)
    return `${JSON.stringify(shown)}\n`
  }

  async #begin(first: number): Promise<Part> {
    const { folder, name } = this.#setting
    const path = join(folder, `${name}-${padded(first)}.${this.#ending}.part`)
    const file = await open(path, 'w', fileMode)
    const head = Buffer.from(this.#head)
    await writeAll(file, head, 0)
    await flushFolder(folder)
    return { path, file, first, beganMs: this.#nowMs(), bytes: head.length, last: first }
  }

  async #finish(part: Part): Promise<void> {
    const { folder, name } = this.#setting
    this.#part = undefined
    await part.file.close()
    const whole = `${name}-${padded(part.first)}-${padded(part.last)}.${this.#ending}`
    await rename(part.path, join(folder, whole))
    await flushFolder(folder)
  }

  #isFull({ bytes, beganMs }: Part): boolean {
    const { rollMb, rollMs } = this.#setting
    return bytes >= rollMb * mega || this.#nowMs() - beganMs >= rollMs
  }

  async #findPart(nextIndex: number): Promise<Part | undefined> {
    const { folder, name } = this.#setting
    const pattern = new RegExp(`^${name}-([0-9]{${String(digits)}})\\.${this.#ending}\\.part$`)
    const parts = (await readdir(folder)).flatMap((file) => {
      const first = pattern.exec(file)?.[1]
      return first === undefined ? [] : [{ path: join(folder, file), first: Number(first) }]
    })
    const newest = parts.sort((a, b) => a.first - b.first).at(-1)
    if (!newest) return undefined
    const { path, first } = newest
    const headBytes = Buffer.byteLength(this.#head)
    const kept = rowsBelow(await readFile(path), nextIndex, headBytes)
    // Cut off in its head: it is begun anew.
    if (kept.bytes < headBytes) return undefined
    await truncate(path, kept.bytes)
    const file = await open(path, 'r+')
    await file.sync()
    const beganMs = Math.round((await file.stat()).birthtimeMs)
    return { path, file, first, beganMs, bytes: kept.bytes, last: kept.last ?? first }
  }

  get #head(): string {
    return this.#setting.format === 'csv' ? csvHead : ''
  }

  get #ending(): string {
    return this.#setting.format === 'csv' ? 'csv' : 'ndjson'
  }
}

/** Up to the first row that is torn, or that does not count as arrived: it is written again. */
function rowsBelow(
  text: Buffer,
  nextIndex: number,
  headBytes: number,
): { readonly bytes: number; readonly last: number | undefined } {
  let at = Math.min(headBytes, text.length)
  let last: number | undefined
  for (;;) {
    const end = text.indexOf('\n', at)
    if (end < 0) return { bytes: at, last }
    const index = indexOf(text.subarray(at, end).toString('utf8'))
    if (index === undefined || index >= nextIndex) return { bytes: at, last }
    last = index
    at = end + 1
  }
}

/** The number of a row's fact: the first cell, or the member of that name. */
function indexOf(row: string): number | undefined {
  const digit = /^([0-9]{1,16}),|"index":([0-9]{1,16})[,}]/.exec(row)
  return digit ? Number(digit[1] ?? digit[2]) : undefined
}

const padded = (index: number): string => String(index).padStart(digits, '0')

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

async function flushFolder(folder: string): Promise<void> {
  // Windows cannot flush a folder.
  if (process.platform === 'win32') return
  const file = await open(folder, 'r')
  await file.sync().finally(() => file.close())
}

async function attempt<Done>(act: () => Promise<Done>): Promise<Done> {
  try {
    return await act()
  } catch (thrown) {
    throw failedBy(thrown)
  }
}
