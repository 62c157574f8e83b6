// Authenticated encryption for what the store holds sealed: AES-256-GCM, bound to its place, so
// that a sealed value copied elsewhere does not open there.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const nonceBytes = 12
const tagBytes = 16

/** Under one key no nonce comes twice: 96 random bits each, few seals a person. */
export function seal(text: string, key: Uint8Array, bound: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(bound))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, body, cipher.getAuthTag()])
}

/** Throws when the bytes were changed, are under another key, or were sealed for another place. */
export function unseal(sealed: Uint8Array, key: Uint8Array, bound: string): string {
  return unsealBytes(sealed, key, bound).toString('utf8')
}

function unsealBytes(sealed: Uint8Array, key: Uint8Array, bound: string): Buffer {
  const bytes = Buffer.from(sealed)
  if (bytes.length < nonceBytes + tagBytes) throw new Error('sealed bytes are too short')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
    .setAAD(Buffer.from(bound))
    .setAuthTag(bytes.subarray(-tagBytes))
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()])
}
