// Who is out whatever the bundle says (decision 0038): what a broker's word adds to what is kept,
// what a newer bundle takes from it, and what a bundle says of people who are out. Pure.

import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import { peopleOut, signedPeopleOut } from '@wardkey/protocol/workstation/people-out'
import type { PeopleOut } from '@wardkey/protocol/workstation/people-out'
import { jsonOf, openSigned } from './signed-text.ts'

/** By person: as of which moment a broker has said it, on the broker's clock. */
export type KeptOut = Readonly<Record<string, number>>

export type OpenedOut =
  | { readonly kind: 'opened'; readonly word: PeopleOut }
  | { readonly kind: 'refused'; readonly reason: 'not-signed' | 'not-understood' | 'other-zone' }

/**
 * A bundle that is later by less may have been made, on another broker's clock, before they lost
 * what they lost.
 */
const slackMs = 5000
/** More than ever leave between two bundles; beyond it the bundle itself is given up. */
export const keptOutMax = 2000

/** Nothing of the text is looked at before its signature holds under the kept key. */
export function openOut(text: string, bundleKey: string, zone: string): OpenedOut {
  const json = signedPeopleOut.safeParse(text).success ? openSigned(text, bundleKey) : undefined
  if (json === undefined) return { kind: 'refused', reason: 'not-signed' }
  const parsed = peopleOut.safeParse(jsonOf(json))
  if (!parsed.success) return { kind: 'refused', reason: 'not-understood' }
  const word = parsed.data
  return word.zoneId === zone ? { kind: 'opened', word } : { kind: 'refused', reason: 'other-zone' }
}

/** Of two words about one person the later one counts, in whichever order they come. */
export function withWord(kept: KeptOut, { people, asOfMs }: PeopleOut): KeptOut {
  const all: Record<string, number> = { ...kept }
  for (const person of people) all[person] = Math.max(all[person] ?? 0, asOfMs)
  return all
}

/** What a bundle made at that moment cannot have known. */
export function notInBundle(kept: KeptOut, issuedMs: number): KeptOut {
  return Object.fromEntries(Object.entries(kept).filter(([, ms]) => ms + slackMs > issuedMs))
}

/** They are refused as somebody who is not active is: by badge, by number, and as a witness. */
export function peopleWithout(
  people: readonly OfflinePerson[],
  out: KeptOut,
): readonly OfflinePerson[] {
  return people.map((person) => {
    if (!Object.hasOwn(out, person.personId)) return person
    const { later: _later, decidedUntilMs: _until, ...rest } = person
    return { ...rest, refusal: 'person-not-active', mayBreakGlass: false }
  })
}
