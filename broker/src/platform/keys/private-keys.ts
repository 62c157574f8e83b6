// The broker's private keys, each in a file of its own, sealed under the root key and bound to
// its name: a file renamed to another key's does not open.

import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { seal, unseal } from '../seal.ts'
import { deriveKey } from './master-key.ts'
import { keyFault } from './key-folder.ts'
import type { KeyFolder } from './key-folder.ts'

const generate = {
  /** Signs the record's checkpoints (C2SP signed-note: Ed25519). */
  record: () => generateKeyPairSync('ed25519').privateKey,
  /** Signs what workstations may decide with by themselves: of use for nothing else. */
  bundle: () => generateKeyPairSync('ed25519').privateKey,
  /** The authority of the workstations' certificates. */
  authority: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  /** What the broker shows to workstations. */
  server: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'oidc-es256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  /** For EHRs that know nothing but RSA. */
  'oidc-rs256': () => generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey,
} as const satisfies Record<string, () => KeyObject>

export type PrivateKeyName = keyof typeof generate
export const privateKeyNames = Object.keys(generate) as PrivateKeyName[]

export function openPrivateKey(
  folder: KeyFolder,
  root: Uint8Array,
  name: PrivateKeyName,
): KeyObject {
  const key = findSealedKey(folder, root, name)
  if (key) return key
  throw keyFault(`${folder.path}: there is no ${fileOf(name)}; run wardkey-broker init`)
}

/** Nothing where there is no such file. Throws Fault `key-missing` where it does not open. */
export function findSealedKey(
  folder: KeyFolder,
  root: Uint8Array,
  name: string,
): KeyObject | undefined {
  const text = folder.find(fileOf(name))
  if (text === undefined) return undefined
  try {
    const pem = unseal(Buffer.from(text, 'base64'), sealingKey(root), boundTo(name))
    return createPrivateKey(pem)
  } catch (cause) {
    throw keyFault(`${fileOf(name)}: it does not open under this master key`, cause)
  }
}

/** False where there is one already: a key is never made anew over another. */
export function makePrivateKey(folder: KeyFolder, root: Uint8Array, name: PrivateKeyName): boolean {
  if (folder.find(fileOf(name)) !== undefined) return false
  return keepSealedKey(folder, root, name, generate[name]())
}

/** Durable when it returns; false where there is one of this name already. */
export function keepSealedKey(
  folder: KeyFolder,
  root: Uint8Array,
  name: string,
  key: KeyObject,
): boolean {
  const pem = key.export({ format: 'pem', type: 'pkcs8' }).toString()
  const sealed = seal(pem, sealingKey(root), boundTo(name))
  return folder.create(fileOf(name), `${sealed.toString('base64')}\n`)
}

export function hasPrivateKey(folder: KeyFolder, name: PrivateKeyName): boolean {
  return folder.find(fileOf(name)) !== undefined
}

function fileOf(name: string): string {
  return `${name}.key.sealed`
}

function boundTo(name: string): string {
  return `private-key ${name}`
}

function sealingKey(root: Uint8Array): Buffer {
  return deriveKey(root, 'private-keys')
}
