// From what a zone's workstations have in common to the signed text that one of them is given. A key
// of its own hides the cards in each: two bundles cannot be compared, and neither with the store.

import { sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import { lookupOf, staffLookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { personalPepper } from '../../identity/pin-pepper.ts'
import { shownName } from '../../identity/person-name.ts'
import type { ChosenPerson } from './people-for-zone.ts'
import { bundleRules } from './zone-view.ts'
import type { ZoneView } from './zone-view.ts'

export interface WriteBundleNeeds {
  /** Ed25519, private. */
  readonly signKey: KeyObject
  /** The site's; only what is made from it for one person goes in. */
  readonly pinPepper: Uint8Array
  readonly random: (bytes: number) => Buffer
}

export interface BundleHead {
  readonly workstationId: WorkstationId
  readonly sequence: number
  readonly issuedMs: number
  readonly expiresMs: number
}

export interface GraceWindow {
  readonly pinAtMs: number
  readonly lastMs: number
}

/** By person; those that hold at that workstation, by what was read last. */
export type GraceWindows = ReadonlyMap<string, GraceWindow>

/** After so many people others have a turn: a tap does not wait for a bundle. */
const turn = 200

export async function writeBundle(
  head: BundleHead,
  view: ZoneView,
  graces: GraceWindows,
  needs: WriteBundleNeeds,
): Promise<string> {
  const cardKey = needs.random(32)
  const people: string[] = []
  for (const chosen of view.people) {
    const grace = graces.get(chosen.person.id)
    people.push(JSON.stringify(offlineOf(chosen, view, grace, cardKey, needs)))
    if (people.length % turn === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  const rest = { version: 1, ...head, cardKey: text(cardKey), ...bundleRules(view.zone) }
  const json = `${JSON.stringify(rest).slice(0, -1)},"people":[${people.join(',')}]}`
  const body = Buffer.from(json, 'utf8').toString('base64url')
  return `${body}.${text(await signed(Buffer.from(body, 'ascii'), needs.signKey))}`
}

function offlineOf(
  { person, refusal, mayBreakGlass }: ChosenPerson,
  { zone }: ZoneView,
  grace: GraceWindow | undefined,
  cardKey: Buffer,
  { pinPepper }: WriteBundleNeeds,
): OfflinePerson {
  const { nameShown, badgeAloneAssurance } = zone.settings
  const shown = shownName(person.name, nameShown)
  const pepper = person.pin && text(personalPepper(pinPepper, person.id))
  return {
    personId: person.id,
    ...(shown === undefined ? {} : { nameShown: shown }),
    name: shownName(person.name, 'full') ?? unnamed,
    role: person.roles[0] ?? unnamed,
    cards: person.cards.slice(0, cardsMax).map((card) => ({
      lookup: lookupOf(card, cardKey),
      isEnoughAlone: card.assurance >= badgeAloneAssurance,
    })),
    ...(person.staffNumber === undefined
      ? {}
      : { staffNumber: staffLookupOf(person.staffNumber, cardKey) }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(person.pin && pepper !== undefined ? { pin: { ...person.pin, pepper } } : {}),
    ...(grace === undefined ? {} : { grace: { ...grace } }),
    mayBreakGlass,
  }
}

const unnamed = '—'
/** As a bundle has room for. */
const cardsMax = 8

function text(bytes: Buffer): string {
  return bytes.toString('base64url')
}

/** Outside of the event loop: a megabyte takes milliseconds. */
function signed(body: Buffer, key: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign(null, body, key, (cause, signature) => {
      if (cause) reject(cause)
      else resolve(signature)
    })
  })
}
