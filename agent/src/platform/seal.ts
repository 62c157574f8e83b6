// Authenticated encryption for what is kept on this workstation's disk: AES-256-GCM under a key
// that the system's storage seals, bound to its place, so that a copy elsewhere does not open.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { SealedStorage } from './sealed-storage.ts'

const nonceBytes = 12
const tagBytes = 16
const keyText = /^[A-Za-z0-9_-]{43}$/

export interface Sealer {
  seal(text: string, bound: string): Buffer
  /** Nothing where the bytes were changed, cut, sealed elsewhere, or for another place. */
  unseal(sealed: Uint8Array, bound: string): string | undefined
}

/** Makes the key where there is none yet. Throws what the storage throws. */
export function openSealer(storage: SealedStorage): Sealer {
  const key = Buffer.from(keptKey(storage), 'base64url')
  return {
    seal: (text, bound) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(bound))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, body, cipher.getAuthTag()])
    },
    unseal: (sealed, bound) => {
      if (sealed.length < nonceBytes + tagBytes) return undefined
      const bytes = Buffer.from(sealed)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
        .setAAD(Buffer.from(bound))
        .setAuthTag(bytes.subarray(-tagBytes))
      try {
        const body = decipher.update(bytes.subarray(nonceBytes, -tagBytes))
        return Buffer.concat([body, decipher.final()]).toString('utf8')
      } catch {
        // Not ours, or not any more: whoever asked says what follows from that.
        return undefined
      }
    },
  }
}

/** What cannot be a key is as good as none; what it sealed is lost, and found to be so. */
function keptKey(storage: SealedStorage): string {
  const found = storage.find()
  if (found !== undefined && keyText.test(found)) return found
  const made = randomBytes(32).toString('base64url')
  storage.keep(made)
  return made
}
