// The lines of a file that anybody may have made: streamed, so that millions fit, and never longer
// than a limit, so that one endless line does not fill the memory.

import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'

const newline = 0x0a
const chunkBytes = 1024 * 1024

/** Takes the line from one byte up to and without another; false ends the reading. */
export type TakeLine = (bytes: Buffer, from: number, to: number) => boolean

/**
 * Lines end in a line feed and nothing else: U+2028 and a lone carriage return may stand in an
 * entry. A longer line than `bytesMax` comes cut off behind that, and is the last. One that is not
 * UTF-8 comes empty: decoded it could look like another. What follows the last line feed comes too,
 * unless it is empty.
 */
export async function* fileLines(file: string, bytesMax: number): AsyncGenerator<string> {
  for await (const bytes of wholeLines(file, bytesMax)) {
    const lines: string[] = []
    eachLine(bytes, (_bytes, from, to) => lines.push(textOf(bytes, from, to)) > 0)
    yield* lines
  }
}

/** The same lines as bytes, for whoever has too many to make texts of. */
export async function takeLines(file: string, bytesMax: number, take: TakeLine): Promise<void> {
  for await (const bytes of wholeLines(file, bytesMax)) if (!eachLine(bytes, take)) return
}

/** As `fileLines` has it. */
export function textOf(bytes: Buffer, from: number, to: number): string {
  const line = bytes.subarray(from, to)
  return isUtf8(line) ? line.toString('utf8') : ''
}

async function* wholeLines(file: string, bytesMax: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: chunkBytes })) {
    // Without an encoding a stream of a file yields buffers.
    const read = chunk as Buffer
    const bytes = rest.length === 0 ? read : Buffer.concat([rest, read])
    const end = bytes.lastIndexOf(newline) + 1
    if (end > 0) yield bytes.subarray(0, end)
    rest = bytes.subarray(end)
    if (rest.length > bytesMax) {
      yield rest.subarray(0, bytesMax + 1)
      return
    }
  }
  if (rest.length > 0) yield rest
}

function eachLine(bytes: Buffer, take: TakeLine): boolean {
  let from = 0
  while (from < bytes.length) {
    const end = bytes.indexOf(newline, from)
    const to = end < 0 ? bytes.length : end
    if (!take(bytes, from, to)) return false
    from = to + 1
  }
  return true
}
