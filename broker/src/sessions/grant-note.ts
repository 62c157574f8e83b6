// What a person wrote about her emergency, and a reviewer about it: sealed under her own key, bound
// to the grant, so that it is forgotten with her.

import { seal, unseal } from '../platform/seal.ts'

export function sealNote(note: string, key: Uint8Array, grantId: string): Buffer {
  return seal(note, key, `emergency note ${grantId}`)
}

export function openNote(sealed: Uint8Array, key: Uint8Array, grantId: string): string {
  return unseal(sealed, key, `emergency note ${grantId}`)
}

export function sealReview(text: string, key: Uint8Array, grantId: string): Buffer {
  return seal(text, key, `emergency review ${grantId}`)
}

export function openReview(sealed: Uint8Array, key: Uint8Array, grantId: string): string {
  return unseal(sealed, key, `emergency review ${grantId}`)
}
