// Bundles as a broker would sign them, for workstations under test: people with badges and PINs
// that are hashed for real, and a key that signs. It knows no broker.

import { createHmac, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto'
import { hashSync } from '@node-rs/argon2'
import { personId, workstationId, zoneId } from '@wardkey/protocol/ids'
import { lookupOf, staffLookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { bundlePartMax } from '@wardkey/protocol/workstation/offline-bundle'
import type { OfflineBundle, OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import type { PeopleOut } from '@wardkey/protocol/workstation/people-out'

const cardKey = Buffer.alloc(32, 7)

/** Cheap on purpose: how dear a PIN is, is the library's to test. */
const cheap = { algorithm: 2, memoryCost: 64, timeCost: 1, parallelism: 1 } as const

export class BundleSigner {
  readonly #keys = generateKeyPairSync('ed25519')

  /** As a welcome says it. */
  get bundleKey(): string {
    return this.#keys.publicKey.export({ format: 'jwk' }).x ?? ''
  }

  sign(bundle: OfflineBundle): string {
    return this.#signed(bundle)
  }

  signOut(word: PeopleOut): string {
    return this.#signed(word)
  }

  #signed(what: object): string {
    const body = Buffer.from(JSON.stringify(what)).toString('base64url')
    const signature = sign(null, Buffer.from(body, 'ascii'), this.#keys.privateKey)
    return `${body}.${signature.toString('base64url')}`
  }

  /** Frames without their ids, in order. */
  frames(bundle: OfflineBundle, partMax = bundlePartMax) {
    return partsOf(this.sign(bundle), bundle.sequence, partMax)
  }
}

export function partsOf(text: string, sequence: number, partMax = bundlePartMax) {
  const parts = Math.ceil(text.length / partMax)
  return Array.from({ length: parts }, (_, part) => ({
    kind: 'bundle' as const,
    sequence,
    part,
    parts,
    text: text.slice(part * partMax, (part + 1) * partMax),
  }))
}

export interface Wanted extends Partial<Omit<OfflinePerson, 'pin' | 'cards'>> {
  readonly uid?: string
  readonly isEnoughAlone?: boolean
  /** Empty: she has none. */
  readonly pinText?: string
  readonly number?: string
}

export function offlinePersonOf(wanted: Wanted = {}): OfflinePerson {
  const { uid = '04a1b2c3d4e501', isEnoughAlone = true, pinText = '27051846', number } = wanted
  const { uid: _uid, isEnoughAlone: _enough, pinText: _pin, number: _number, ...change } = wanted
  const pepper = randomBytes(32)
  const peppered = createHmac('sha256', pepper).update(pinText).digest('base64url')
  const lookup = lookupOf({ technology: 'simulated', canonical: uid }, cardKey)
  return {
    personId: personId.parse(randomUUID()),
    nameShown: 'R. Santos',
    name: 'Rosa Santos',
    role: 'nurse',
    cards: [{ lookup, isEnoughAlone }],
    mayBreakGlass: true,
    ...(pinText === ''
      ? {}
      : {
          pin: {
            hash: hashSync(peppered, cheap),
            pepper: pepper.toString('base64url'),
            lockedUntilMs: 0,
          },
        }),
    ...(number === undefined ? {} : { staffNumber: staffLookupOf(number, cardKey) }),
    ...change,
  }
}

export function offlineBundleOf(
  workstation: string,
  nowMs: number,
  change: Partial<OfflineBundle> = {},
): OfflineBundle {
  return {
    version: 1,
    workstationId: workstationId.parse(workstation),
    zoneId: zoneId.parse('4-west'),
    sequence: 1,
    issuedMs: nowMs,
    expiresMs: nowMs + 8 * 3_600_000,
    cardKey: cardKey.toString('base64url'),
    pinMode: 'grace',
    graceRollingMs: 3_600_000,
    graceAbsoluteMs: 12 * 3_600_000,
    emergencyLastsMs: 1_800_000,
    emergencyWitness: 'when-weak',
    steps: [
      { kind: 'open-web', url: 'http://127.0.0.1:1/', allowedOrigins: ['http://127.0.0.1:1'] },
    ],
    people: [offlinePersonOf()],
    ...change,
  }
}
