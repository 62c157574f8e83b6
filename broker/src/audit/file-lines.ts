// The lines of a file that anybody may have made: streamed, so that millions fit, and never longer
// than a limit, so that one endless line does not fill the memory.

import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'

const newline = 0x0a

/**
 * Lines end in a line feed and nothing else: U+2028 and a lone carriage return may stand in an
 * entry. A longer line than `bytesMax` comes cut off behind that, and is the last. One that is not
 * UTF-8 comes empty: decoded it could look like another. What follows the last line feed comes too,
 * unless it is empty.
 */
export async function* fileLines(file: string, bytesMax: number): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    // Without an encoding a stream of a file yields buffers.
    const read = chunk as Buffer
    const bytes = rest.length === 0 ? read : Buffer.concat([rest, read])
    let from = 0
    for (let to = bytes.indexOf(newline); to >= 0; to = bytes.indexOf(newline, from)) {
      yield textOf(bytes.subarray(from, to))
      from = to + 1
    }
    rest = bytes.subarray(from)
    if (rest.length > bytesMax) {
      yield rest.toString('utf8', 0, bytesMax + 1)
      return
    }
  }
  if (rest.length > 0) yield textOf(rest)
}

const textOf = (line: Buffer): string => (isUtf8(line) ? line.toString('utf8') : '')
