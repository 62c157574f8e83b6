// A person's name: sealed in the store, opened only to be shown, and shown only as far as a zone
// allows. Pure but for the key that is handed in.

import { z } from 'zod'
import type { ZoneRules } from '@wardkey/protocol/workstation/broker-frames'
import { seal, unseal } from '../platform/seal.ts'

const text = z
  .string()
  .trim()
  .min(1)
  .max(60)
  // A name must not be able to hide text or turn it round.
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u)

export const personName = z.strictObject({ given: text, family: text })
export type PersonName = z.infer<typeof personName>

export function sealName(name: PersonName, key: Uint8Array, personId: string): Buffer {
  return seal(JSON.stringify(name), key, `name ${personId}`)
}

export function openName(sealed: Uint8Array, key: Uint8Array, personId: string): PersonName {
  return personName.parse(JSON.parse(unseal(sealed, key, `name ${personId}`)))
}

/** As long as a frame may show; a longer name is cut where a character ends. */
const shownMax = 80

/** The whole name, as the record keeps it sealed. */
export function nameText({ given, family }: PersonName): string {
  return `${given} ${family}`
}

/** What a screen that strangers can see may say: "R. Santos", "RS", or nothing. */
export function shownName(name: PersonName, shown: ZoneRules['nameShown']): string | undefined {
  const initial = Array.from(name.given)[0] ?? ''
  switch (shown) {
    case 'none':
      return undefined
    case 'initials':
      return `${initial}${Array.from(name.family)[0] ?? ''}`
    case 'short':
      return cut(`${initial}. ${name.family}`)
    case 'full':
      return cut(nameText(name))
  }
}

function cut(text: string): string {
  return text.slice(0, shownMax).replace(/[\ud800-\udbff]$/, '')
}
