// The key of the workstation authority that comes after the present one: a file a generation,
// and the order that says what is to become of it. Which one is meant the database says, not here.

import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { keyFault } from './key-folder.ts'
import type { KeyFolder } from './key-folder.ts'
import { findSealedKey, keepSealedKey } from './private-keys.ts'
import { newGeneration } from './sign-in-keys.ts'

const authorityOrderFile = 'authority.change'

const order = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  step: z.enum(['prepare', 'rotate', 'take-back', 'end']),
})
export type AuthorityOrder = z.infer<typeof order>

/** Throws Fault `key-missing` where the file is there and holds something else. */
export function findAuthorityOrder(folder: KeyFolder): AuthorityOrder | undefined {
  const text = folder.find(authorityOrderFile)
  if (text === undefined) return undefined
  try {
    return order.parse(JSON.parse(text))
  } catch (cause) {
    throw keyFault(`${authorityOrderFile}: it is not understood; order the change anew`, cause)
  }
}

export function orderAuthority(folder: KeyFolder, step: AuthorityOrder['step']): void {
  const written: AuthorityOrder = { id: newGeneration(), step }
  folder.replace(authorityOrderFile, `${JSON.stringify(written)}\n`)
}

export const findAuthorityKey = (
  folder: KeyFolder,
  root: Uint8Array,
  generation: string,
): KeyObject | undefined => findSealedKey(folder, root, nameOf(generation))

/**
 * Durable when it returns. Killed before, a try with the same generation takes up what is there; of
 * two brokers on one folder both go on with the key that came first.
 */
export function makeAuthorityKey(
  folder: KeyFolder,
  root: Uint8Array,
  generation: string,
): KeyObject {
  const known = findAuthorityKey(folder, root, generation)
  if (known) return known
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  if (keepSealedKey(folder, root, nameOf(generation), key)) return key
  return findAuthorityKey(folder, root, generation) ?? key
}

const nameOf = (generation: string): string => `authority-${generation}`
