// From what a zone's workstations have in common to the signed text that one of them is given. A key
// of its own hides the cards in each: two bundles cannot be compared, and neither with the store.

import { sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import { lookupOf, staffLookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { personalPepper } from '../../identity/pin-pepper.ts'
import { shownName } from '../../identity/person-name.ts'
import { inTurns, turnOf } from './in-turns.ts'
import type { InTurns } from './in-turns.ts'
import type { KnownPerson } from './known-person.ts'
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

/** By person: what she has left; nothing where she is not to be known there. */
export type LostMeanwhile = ReadonlyMap<PersonId, ChosenPerson | undefined>

/** As a bundle has room for. */
const cardsMax = 8
const unnamed = '—'

/**
 * Whoever lost something while it was being made goes in as she is by then, or not at all: `lost` is
 * asked when nothing is left to do but to sign.
 */
export async function writeBundle(
  head: BundleHead,
  view: ZoneView,
  graces: GraceWindows,
  needs: WriteBundleNeeds,
  lost: () => Promise<LostMeanwhile> = () => Promise.resolve(new Map()),
): Promise<string> {
  const cardKey = needs.random(32)
  const pieces = await inTurns(piecesOf(view, needs))
  const fill = (piece: Piece): string => filled(piece, graces.get(piece.person.id), cardKey)
  const made = await inTurns(eachOf(pieces, fill))
  const gone = await lost()
  const people = gone.size === 0 ? made : withLost(made, view, gone, needs, fill)
  const rest = { version: 1, ...head, cardKey: text(cardKey), ...bundleRules(view) }
  const json = [`${JSON.stringify(rest).slice(0, -1)},"people":[`, ...separated(people), ']}']
  const body = await inTurns(base64Of(json))
  return `${body}.${text(await signed(Buffer.from(body, 'ascii'), needs.signKey))}`
}

/** Of a person all that is the same in each bundle of a zone, as JSON before and after the rest. */
interface Piece {
  readonly person: KnownPerson
  readonly before: string
  readonly areEnough: readonly boolean[]
  readonly areWorth: readonly boolean[]
  readonly mayUseNumber: boolean
  readonly after: string
}

/** Made once for all workstations of a zone: they differ in the key of the cards and in graces. */
const pieces = new WeakMap<ZoneView, readonly Piece[]>()

function* piecesOf(view: ZoneView, needs: WriteBundleNeeds): InTurns<readonly Piece[]> {
  const known = pieces.get(view)
  if (known) return known
  const made = yield* eachOf(view.people, (chosen) => pieceOf(chosen, view, needs))
  pieces.set(view, made)
  return made
}

function* eachOf<From, To>(all: readonly From[], make: (one: From) => To): InTurns<readonly To[]> {
  const made: To[] = []
  for (const one of all) {
    made.push(make(one))
    if (made.length % turnOf === 0) yield
  }
  return made
}

function withLost(
  made: readonly string[],
  view: ZoneView,
  gone: LostMeanwhile,
  needs: WriteBundleNeeds,
  fill: (piece: Piece) => string,
): readonly string[] {
  return view.people.flatMap(({ person }, at) => {
    if (!gone.has(person.id)) return made[at] ?? []
    const now = gone.get(person.id)
    return now ? [fill(pieceOf(now, view, needs))] : []
  })
}

type AfterKeys = 'refusal' | 'later' | 'decidedUntilMs' | 'pin' | 'mayBreakGlass' | 'mayWitness'

function pieceOf(
  { person, refusal, beforehand, mayBreakGlass, mayWitness }: ChosenPerson,
  { zone }: ZoneView,
  { pinPepper }: WriteBundleNeeds,
): Piece {
  const { nameShown } = zone.settings
  const { later, untilMs, areEnough, areWorth } = beforehand
  const shown = shownName(person.name, nameShown)
  const pepper = person.pin && text(personalPepper(pinPepper, person.id))
  const before: Pick<OfflinePerson, 'personId' | 'nameShown' | 'name' | 'role'> = {
    personId: person.id,
    ...(shown === undefined ? {} : { nameShown: shown }),
    name: shownName(person.name, 'full') ?? unnamed,
    role: person.roles[0] ?? unnamed,
  }
  const after: Pick<OfflinePerson, AfterKeys> = {
    ...(refusal === undefined ? {} : { refusal }),
    ...(later.length === 0 ? {} : { later: [...later] }),
    ...(untilMs === undefined ? {} : { decidedUntilMs: untilMs }),
    ...(person.pin && pepper !== undefined ? { pin: { ...person.pin, pepper } } : {}),
    mayBreakGlass,
    mayWitness,
  }
  return {
    person,
    before: JSON.stringify(before).slice(0, -1),
    areEnough,
    areWorth,
    mayUseNumber: mayBreakGlass && person.pin !== undefined,
    after: JSON.stringify(after).slice(1),
  }
}

function filled(
  { person, before, areEnough, areWorth, mayUseNumber, after }: Piece,
  grace: GraceWindow | undefined,
  cardKey: Buffer,
): string {
  // A number opens nothing but an emergency, and that only with a PIN: otherwise it is no use here.
  const staffNumber = mayUseNumber ? person.staffNumber : undefined
  const own: Pick<OfflinePerson, 'cards' | 'staffNumber' | 'grace'> = {
    cards: person.cards
      .slice(0, cardsMax)
      .map((card, at) => ({
        lookup: lookupOf(card, cardKey),
        isEnoughAlone: areEnough[at] === true,
      }))
      // A badge that policy takes for too little opens nothing without the network either.
      .filter((_card, at) => areWorth[at] === true),
    ...(staffNumber === undefined ? {} : { staffNumber: staffLookupOf(staffNumber, cardKey) }),
    ...(grace === undefined ? {} : { grace: { ...grace } }),
  }
  return `${before},${JSON.stringify(own).slice(1, -1)},${after}`
}

const separated = (people: readonly string[]): readonly string[] =>
  people.map((one, at) => (at === 0 ? one : `,${one}`))

/** In pieces of whole threes of bytes: base64 of them one after the other is that of all. */
function* base64Of(parts: readonly string[]): InTurns<string> {
  const pieces: string[] = []
  let over = Buffer.alloc(0)
  for (let from = 0; from < parts.length; from += turnOf) {
    const some = Buffer.from(parts.slice(from, from + turnOf).join(''), 'utf8')
    const bytes = Buffer.concat([over, some])
    const whole = bytes.length - (bytes.length % 3)
    pieces.push(bytes.toString('base64url', 0, whole))
    over = bytes.subarray(whole)
    yield
  }
  return pieces.join('') + text(over)
}

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
