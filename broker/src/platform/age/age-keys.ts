// Keys of age (age-encryption.org/v1, X25519): a recipient that may lie anywhere, and the identity
// that opens what was written for it. It keeps none of them.

import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { fromBech32, toBech32 } from './bech32.ts'

const keyBytes = 32
const spkiHeader = Buffer.from('302a300506032b656e032100', 'hex')
const pkcs8Header = Buffer.from('302e020100300506032b656e04220420', 'hex')
const recipientPrefix = 'age'
const identityPrefix = 'age-secret-key-'

export interface Identity {
  /** `AGE-SECRET-KEY-1…` */
  readonly text: string
  readonly recipient: string
  readonly key: KeyObject
}

export function makeIdentity(): Identity {
  const { privateKey } = generateKeyPairSync('x25519')
  const bytes = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(pkcs8Header.length)
  return identityOf(toBech32(identityPrefix, bytes).toUpperCase(), privateKey)
}

/** Nothing where the text is no identity. Lines that begin with # say something to people. */
export function parseIdentity(text: string): Identity | undefined {
  const lines = text.split('\n').map((line) => line.trim())
  const [line = '', ...more] = lines.filter((one) => one !== '' && !one.startsWith('#'))
  const bytes = more.length === 0 ? fromBech32(identityPrefix, line) : undefined
  if (bytes?.length !== keyBytes) return undefined
  const key = Buffer.concat([pkcs8Header, bytes])
  return identityOf(line, createPrivateKey({ key, format: 'der', type: 'pkcs8' }))
}

/** Nothing where the text is no recipient: `age1…`. */
export function parseRecipient(text: string): KeyObject | undefined {
  const bytes = fromBech32(recipientPrefix, text)
  return bytes?.length === keyBytes ? publicKeyOf(bytes) : undefined
}

/** The key that wraps a file's key for one recipient (the specification's X25519 stanza). */
export function wrapKeyOf(secret: KeyObject, other: KeyObject, share: Buffer, recipient: Buffer) {
  const shared = diffieHellman({ privateKey: secret, publicKey: other })
  if (shared.every((byte) => byte === 0)) throw new Error('a share of low order')
  const salt = Buffer.concat([share, recipient])
  return Buffer.from(hkdfSync('sha256', shared, salt, 'age-encryption.org/v1/X25519', keyBytes))
}

export function publicBytes(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(spkiHeader.length)
}

export function publicKeyOf(bytes: Uint8Array): KeyObject {
  const key = Buffer.concat([spkiHeader, bytes])
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

function identityOf(text: string, key: KeyObject): Identity {
  return { text, key, recipient: toBech32(recipientPrefix, publicBytes(key)) }
}
