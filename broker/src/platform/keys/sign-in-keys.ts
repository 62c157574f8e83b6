// The keys that sign people in to EHRs, after the first: two files for each generation, and the
// order that asks for the next. Which one signs when is in the database, not here.

import { generateKeyPair, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { keyChangeReason } from '@wardkey/protocol/admin/keys/key-words'
import { keyFault } from './key-folder.ts'
import type { KeyFolder } from './key-folder.ts'
import { findSealedKey, keepSealedKey } from './private-keys.ts'

const signInOrderFile = 'sign-in.change'
export const signInAlgs = ['ES256', 'RS256'] as const
export type SignInAlg = (typeof signInAlgs)[number]

const order = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  reason: keyChangeReason,
})
export type SignInOrder = z.infer<typeof order>

/** Not on the thread that answers taps: an RSA key takes up to a second. */
const generate = promisify(generateKeyPair)

/** Throws Fault `key-missing` where the file is there and holds something else. */
export function findSignInOrder(folder: KeyFolder): SignInOrder | undefined {
  const text = folder.find(signInOrderFile)
  if (text === undefined) return undefined
  try {
    return order.parse(JSON.parse(text))
  } catch (cause) {
    throw keyFault(`${signInOrderFile}: it is not understood; order the change anew`, cause)
  }
}

export function orderSignInKeys(folder: KeyFolder, reason: SignInOrder['reason']): void {
  const id = newGeneration()
  folder.replace(signInOrderFile, `${JSON.stringify({ id, reason })}\n`)
}

export const newGeneration = (): string => randomBytes(8).toString('hex')

/** Durable when it resolves, and of no use to anybody until the schedule names it. */
export async function makeSignInKeys(
  folder: KeyFolder,
  root: Uint8Array,
  generation: string,
): Promise<void> {
  const ec = await generate('ec', { namedCurve: 'P-256' })
  const rsa = await generate('rsa', { modulusLength: 3072 })
  keepSealedKey(folder, root, nameOf('ES256', generation), ec.privateKey)
  keepSealedKey(folder, root, nameOf('RS256', generation), rsa.privateKey)
}

/** Nothing where there is no such file. */
export const findSignInKey = (
  folder: KeyFolder,
  root: Uint8Array,
  alg: SignInAlg,
  generation: string,
): KeyObject | undefined => findSealedKey(folder, root, nameOf(alg, generation))

const nameOf = (alg: SignInAlg, generation: string): string =>
  generation === 'first' ? `oidc-${alg.toLowerCase()}` : `oidc-${alg.toLowerCase()}-${generation}`
