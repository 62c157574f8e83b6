// Files of age (age-encryption.org/v1), as streams: each piece of 64 KiB is sealed by itself, in
// its place, and the last one says that it is. What is opened was not changed, moved or cut.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { fileKeyBytes, headerBytesMax, openHeader, writeHeader } from './age-header.ts'
import type { Identity } from './age-keys.ts'

const pieceBytes = 64 * 1024
const tagBytes = 16
const nonceBytes = 16

/** Opens one file: by an identity, or, right after writing it, by the key it was written with. */
export type Opener = Identity | { readonly fileKey: Buffer }

/** `fileKey` is kept by nobody but who has to read the file again at once. */
export function encryptAge(
  recipients: readonly KeyObject[],
  fileKey = randomBytes(fileKeyBytes),
): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  if (recipients.length === 0) throw new Error('nobody could open it')
  return async function* encrypt(source) {
    yield writeHeader(fileKey, recipients)
    const nonce = randomBytes(nonceBytes)
    yield nonce
    const key = payloadKey(fileKey, nonce)
    let counter = 0
    let held = Buffer.alloc(0)
    for await (const chunk of source) {
      held = Buffer.concat([held, chunk])
      // Never the last whole piece: whether another one follows is not known yet.
      while (held.length > pieceBytes) {
        yield sealPiece(held.subarray(0, pieceBytes), key, counter, false)
        held = held.subarray(pieceBytes)
        counter += 1
      }
    }
    yield sealPiece(held, key, counter, true)
  }
}

/** Throws where it is not for this opener, was changed, or ends before its end. */
export async function* decryptAge(
  source: AsyncIterable<Buffer>,
  opener: Opener,
): AsyncGenerator<Buffer> {
  const reader = new Reader(source)
  const header = await reader.header()
  const fileKey = 'fileKey' in opener ? opener.fileKey : openHeader(header, opener)
  if (!fileKey) throw new Error('this identity does not open the file, or its head was changed')
  const key = payloadKey(fileKey, await reader.take(nonceBytes))
  for (let counter = 0; ; counter++) {
    const piece = await reader.take(pieceBytes + tagBytes, true)
    const isLast = await reader.isAtEnd()
    const text = openPiece(piece, key, counter, isLast)
    // An empty last piece is right only where all of it is empty.
    if (text.length === 0 && counter > 0) throw new Error('the file was changed')
    yield text
    if (isLast) return
  }
}

class Reader {
  readonly #source: AsyncIterator<Buffer>
  #held = Buffer.alloc(0)
  #isOver = false

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async header(): Promise<string> {
    for (;;) {
      const mark = this.#held.indexOf('\n--- ')
      const end = mark < 0 ? -1 : this.#held.indexOf('\n', mark + 1)
      if (end >= 0) return (await this.take(end + 1)).toString('latin1')
      if (this.#held.length > headerBytesMax || !(await this.#more())) {
        throw new Error('the file is not of age’s format')
      }
    }
  }

  /** So many bytes, or, where that is allowed, what is left of them. */
  async take(bytes: number, isLess = false): Promise<Buffer> {
    while (this.#held.length < bytes && (await this.#more()));
    if (this.#held.length < bytes && !isLess) throw new Error('the file ends too early')
    const taken = this.#held.subarray(0, bytes)
    this.#held = this.#held.subarray(bytes)
    return taken
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#held.length === 0 && (await this.#more()));
    return this.#held.length === 0
  }

  async #more(): Promise<boolean> {
    if (this.#isOver) return false
    const next = await this.#source.next()
    if (next.done === true) this.#isOver = true
    else this.#held = Buffer.concat([this.#held, next.value])
    return !this.#isOver
  }
}

const payloadKey = (fileKey: Buffer, nonce: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32))

/** Eleven bytes of a counter, and one that says whether it is the last (STREAM). */
function nonceOf(counter: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(counter), 3)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

function sealPiece(piece: Buffer, key: Buffer, counter: number, isLast: boolean): Buffer {
  const options = { authTagLength: tagBytes }
  const cipher = createCipheriv('chacha20-poly1305', key, nonceOf(counter, isLast), options)
  return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
}

function openPiece(piece: Buffer, key: Buffer, counter: number, isLast: boolean): Buffer {
  if (piece.length < tagBytes) throw new Error('the file ends too early')
  const options = { authTagLength: tagBytes }
  const cipher = createDecipheriv('chacha20-poly1305', key, nonceOf(counter, isLast), options)
  cipher.setAuthTag(piece.subarray(-tagBytes))
  const text = cipher.update(piece.subarray(0, -tagBytes))
  try {
    cipher.final()
  } catch (cause) {
    throw new Error('the file was changed, or ends before its end', { cause })
  }
  return text
}
