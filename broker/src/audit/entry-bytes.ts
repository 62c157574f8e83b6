// Entry lines of an export, read byte by byte exactly as the exporter writes nearly all of them: a
// parser of JSON makes five objects of each. It judges nothing: whatever it does not know is left
// to the parser (record-lines.ts), and what it knows that one reads alike. Pure.

const head = Buffer.from('{"kind":"entry","index":')
const middle = Buffer.from(',"body":"')
const quote = 0x22
const backslash = 0x5c
const closing = 0x7d
const zero = 0x30
/** As many as a number can have that is surely exact. */
const digitsMax = 15

/** Where an entry is put; one for many lines, so that none is made anew. */
export interface EntryRead {
  index: number
  /** 00 and the body, as they are hashed (RFC 6962 §2.1). */
  readonly bytes: Buffer
  /** How many of the bytes those are. */
  length: number
}

export const entryRead = (bytesMax: number): EntryRead => ({
  index: 0,
  bytes: Buffer.alloc(bytesMax),
  length: 0,
})

/** False where the line, which may be anything, is not in the usual form. */
export function isEntryRead(line: Buffer, from: number, to: number, into: EntryRead): boolean {
  if (to - from > into.bytes.length || !isThere(head, line, from, to)) return false
  const first = from + head.length
  let at = first
  let index = 0
  for (; at < to; at++) {
    const digit = (line[at] ?? 0) - zero
    if (digit < 0 || digit > 9) break
    index = index * 10 + digit
  }
  const digits = at - first
  if (digits === 0 || digits > digitsMax || (digits > 1 && line[first] === zero)) return false
  if (!isThere(middle, line, at, to)) return false
  into.index = index
  into.length = copyBody(line, at + middle.length, to, into.bytes)
  return into.length > 0
}

/** Returns how much was written, or 0 where it is no text of plain characters to the line's end. */
function copyBody(line: Buffer, from: number, to: number, into: Buffer): number {
  into[0] = 0
  let length = 1
  for (let at = from; at < to; at++) {
    let byte = line[at] ?? 0
    if (byte === quote) return at === to - 2 && line[at + 1] === closing ? length : 0
    if (byte === backslash) {
      at += 1
      byte = line[at] ?? 0
      if (byte !== quote && byte !== backslash) return 0
    } else if (byte < 0x20 || byte > 0x7e) return 0
    into[length] = byte
    length += 1
  }
  return 0
}

function isThere(text: Buffer, line: Buffer, from: number, to: number): boolean {
  if (to - from < text.length) return false
  for (let at = 0; at < text.length; at++) if (line[from + at] !== text[at]) return false
  return true
}
