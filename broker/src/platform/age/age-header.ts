// The header of an age file (age-encryption.org/v1): the file's key, wrapped for each recipient,
// and a code over all of it. It reads and writes no files.

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  generateKeyPairSync,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { publicBytes, publicKeyOf, wrapKeyOf } from './age-keys.ts'
import type { Identity } from './age-keys.ts'

const version = 'age-encryption.org/v1'
export const fileKeyBytes = 16
const tagBytes = 16
const nonce = Buffer.alloc(12)
/** Far more than any number of recipients needs. */
export const headerBytesMax = 64 * 1024

export function writeHeader(fileKey: Buffer, recipients: readonly KeyObject[]): Buffer {
  const stanzas = recipients.map((recipient) => stanzaFor(fileKey, recipient))
  const text = `${version}\n${stanzas.join('')}---`
  return Buffer.from(`${text} ${unpadded(codeOf(text, fileKey))}\n`)
}

/** Nothing where it is no such header, was changed, or is not for this identity. */
export function openHeader(text: string, identity: Identity): Buffer | undefined {
  const end = text.lastIndexOf('\n---')
  const code = bytesOf(/^--- (.{43})\n$/.exec(text.slice(end + 1))?.[1])
  if (!text.startsWith(`${version}\n`) || end < 0 || !code) return undefined
  const lines = text.slice(version.length + 1, end + 1).split('\n')
  for (let at = 0; at < lines.length; at++) {
    const share = bytesOf(/^-> X25519 (.{43})$/.exec(lines[at] ?? '')?.[1])
    const body = bytesOf(/^.{43}$/.exec(lines[at + 1] ?? '')?.[0])
    if (!share || !body) continue
    const key = unwrap(share, body, identity)
    if (!key) continue
    const expected = codeOf(`${text.slice(0, end)}\n---`, key)
    return timingSafeEqual(expected, code) ? key : undefined
  }
  return undefined
}

function stanzaFor(fileKey: Buffer, recipient: KeyObject): string {
  const { privateKey } = generateKeyPairSync('x25519')
  const share = publicBytes(privateKey)
  const key = wrapKeyOf(privateKey, recipient, share, publicBytes(recipient))
  // Each wrapping key is used once, so that the specification's nonce of zeros is safe.
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: tagBytes })
  const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
  return `-> X25519 ${unpadded(share)}\n${unpadded(body)}\n`
}

function unwrap(share: Buffer, body: Buffer, { key: secret }: Identity): Buffer | undefined {
  if (body.length !== fileKeyBytes + tagBytes) return undefined
  try {
    const key = wrapKeyOf(secret, publicKeyOf(share), share, publicBytes(secret))
    const cipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: tagBytes })
    cipher.setAuthTag(body.subarray(fileKeyBytes))
    return Buffer.concat([cipher.update(body.subarray(0, fileKeyBytes)), cipher.final()])
  } catch {
    // Another recipient's, as most of a header with several are.
    return undefined
  }
}

function codeOf(text: string, fileKey: Buffer): Buffer {
  const key = Buffer.from(hkdfSync('sha256', fileKey, Buffer.alloc(0), 'header', 32))
  return createHmac('sha256', key).update(text).digest()
}

/** From base64 as it has to be written: spare bits that anybody can change are no signature. */
function bytesOf(text = ''): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && unpadded(bytes) === text ? bytes : undefined
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
