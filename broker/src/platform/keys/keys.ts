// All keys of the broker, opened once at start and handed to whoever needs one. Nothing here keeps
// a key anywhere but in memory and in the key folder.

import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK } from 'jose'
import type { JWK } from 'jose'
import { findAuthorityKey, makeAuthorityKey } from './authority-keys.ts'
import { keyFault, makeKeyFolder, openKeyFolder } from './key-folder.ts'
import type { KeyFolder } from './key-folder.ts'
import { deriveKey, hasMasterKey, isMasterInFolder, openMasterKey } from './master-key.ts'
import type { MasterSettings } from './master-key.ts'
import { hasPrivateKey, makePrivateKey, openPrivateKey, privateKeyNames } from './private-keys.ts'
import { findRecordKey } from './record-keys.ts'
import { findSignInKey, makeSignInKeys, signInAlgs } from './sign-in-keys.ts'
import { makeMasterWhereNeeded, makeRootKey, openRootKey } from './root-key.ts'

export interface Keys {
  readonly folder: KeyFolder
  /** Keyed hash of card identities (identity/card-lookup). */
  readonly cardKey: Buffer
  /** Keyed hash of staff numbers (identity/staff-number). */
  readonly staffKey: Buffer
  /** Keyed hash of HR's names and ids of people (flows/hr/hr-person-row). */
  readonly hrKey: Buffer
  /** Pepper of PINs (identity/pin-hashing). */
  readonly pinPepper: Buffer
  /** Wraps the people's own keys (audit/person-keys). */
  readonly personKek: Buffer
  /** Signs and seals cookies of the OIDC door. */
  readonly cookieKey: Buffer
  /** Binds sign-ins with hospital accounts to one errand and one browser. */
  readonly accountKey: Buffer
  /**
   * TLS session tickets of that day (a number that grows daily): brokers with the same keys resume
   * each other's sessions, across restarts, and a ticket is worth nothing the day after. Nor is it
   * after the end of the authority that it was made under: `authority` is the hash of a later one.
   */
  readonly ticketKeys: (day: number, authority?: string) => Buffer
  /** Ed25519: the first that signed checkpoints; the record says what became of it. */
  readonly record: KeyObject
  /** Ed25519: those after it, by their public half (record-keys); looked for each time. */
  readonly findRecordKey: (print: string) => KeyObject | undefined
  /** Ed25519: signs the bundles of workstations. */
  readonly bundle: KeyObject
  /** Ed25519: cosigns the checkpoints of other records, whose witness this broker is. */
  readonly witness: KeyObject
  /** P-256: signs workstations' certificates. */
  readonly authority: KeyObject
  /** P-256: one that comes after it (authority-keys); looked for each time. */
  readonly findAuthorityKey: (generation: string) => KeyObject | undefined
  readonly makeAuthorityKey: (generation: string) => KeyObject
  /** P-256: the workstation door's own. */
  readonly server: KeyObject
  /** Private signing keys of the OIDC provider at first, ES256 first. */
  readonly jwks: readonly JWK[]
  /** Those of a later generation (sign-in-keys); nothing where one of the two is not there. */
  readonly findJwks: (generation: string) => Promise<readonly JWK[] | undefined>
  readonly makeJwks: (generation: string) => Promise<void>
}

export interface KeySettings extends MasterSettings {
  readonly keysDir: string
}

/** TLS wants name, HMAC key and AES key in one. */
const ticketKeyBytes = 48

/** Throws Fault `key-missing` when one is missing, damaged, or where others can read it. */
export async function openKeys(settings: KeySettings): Promise<Keys> {
  const folder = openKeyFolder(settings.keysDir)
  const root = openRootKey(folder, settings)
  const open = (name: Parameters<typeof openPrivateKey>[2]): KeyObject =>
    openPrivateKey(folder, root, name)
  return {
    folder,
    cardKey: deriveKey(root, 'card-lookup'),
    staffKey: deriveKey(root, 'staff-number-lookup'),
    hrKey: deriveKey(root, 'hr-lookup'),
    pinPepper: deriveKey(root, 'pin-pepper'),
    personKek: deriveKey(root, 'person-keys'),
    cookieKey: deriveKey(root, 'cookies'),
    accountKey: deriveKey(root, 'account-sign-ins'),
    ticketKeys: (day, authority) => {
      const under = authority === undefined ? '' : ` ${authority}`
      return deriveKey(root, `tls-tickets ${String(day)}${under}`, ticketKeyBytes)
    },
    record: open('record'),
    findRecordKey: (print) => findRecordKey(folder, root, print),
    bundle: open('bundle'),
    witness: ed25519Of(deriveKey(root, 'witness')),
    authority: open('authority'),
    findAuthorityKey: (generation) => findAuthorityKey(folder, root, generation),
    makeAuthorityKey: (generation) => makeAuthorityKey(folder, root, generation),
    server: open('server'),
    jwks: [await jwkOf(open('oidc-es256'), 'ES256'), await jwkOf(open('oidc-rs256'), 'RS256')],
    findJwks: async (generation) => {
      const found = signInAlgs.map((alg) => findSignInKey(folder, root, alg, generation))
      const [es256, rs256] = found
      return es256 && rs256 && [await jwkOf(es256, 'ES256'), await jwkOf(rs256, 'RS256')]
    },
    makeJwks: (generation) => makeSignInKeys(folder, root, generation),
  }
}

/**
 * Makes what is missing and says what that was; what is there stays. Refuses to make a new master
 * key beside keys that were sealed under another: they would be lost without anybody noticing.
 */
export function makeKeys(settings: KeySettings): readonly string[] {
  const folder = makeKeyFolder(settings.keysDir)
  const made: string[] = []
  const isFirst = !privateKeyNames.some((name) => hasPrivateKey(folder, name))
  if (!isFirst && isMasterInFolder(settings) && !hasMasterKey(folder)) {
    throw keyFault(`${folder.path}: it holds sealed keys but no master key; restore that`)
  }
  if (makeMasterWhereNeeded(folder, settings)) made.push('master')
  // Never beside keys that are there: they come from the master key itself, or from a root that is
  // lost.
  if (isFirst && makeRootKey(folder, openMasterKey(folder, settings))) made.push('root')
  const root = openRootKey(folder, settings)
  for (const name of privateKeyNames) {
    if (makePrivateKey(folder, root, name)) made.push(name)
  }
  return made
}

/** The DER header of an Ed25519 private key (RFC 8410 §7). */
const pkcs8Header = Buffer.from('302e020100300506032b657004220420', 'hex')

function ed25519Of(seed: Buffer): KeyObject {
  const key = Buffer.concat([pkcs8Header, seed])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

async function jwkOf(key: KeyObject, alg: 'ES256' | 'RS256'): Promise<JWK> {
  const kid = await calculateJwkThumbprint(await exportJWK(createPublicKey(key)))
  return { ...(await exportJWK(key)), kid, alg, use: 'sig' }
}
