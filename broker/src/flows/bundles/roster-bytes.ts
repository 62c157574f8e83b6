// Who was in a bundle, as the store keeps it: 17 bytes a person, in the order of their ids, each
// set once. Pure.

import { createHash } from 'node:crypto'
import type { PersonId } from '@wardkey/protocol/ids'
import { isEverAllowed } from './people-for-zone.ts'
import type { ChosenPerson } from './people-for-zone.ts'

const bytesEach = 17
const isAllowedBit = 1
const mayBreakGlassBit = 2

export interface Rostered {
  /** Policy let her in there. */
  readonly isAllowed: boolean
  readonly mayBreakGlass: boolean
}

export interface Roster {
  readonly id: string
  readonly people: Buffer
}

/** `chosen` is in the order of ids. */
export function rosterOf(chosen: readonly ChosenPerson[]): Roster {
  const people = Buffer.alloc(chosen.length * bytesEach)
  chosen.forEach((one, at) => {
    const { person, mayBreakGlass } = one
    people.set(bytesOf(person.id), at * bytesEach)
    const bits = (isEverAllowed(one) ? isAllowedBit : 0) | (mayBreakGlass ? mayBreakGlassBit : 0)
    people[at * bytesEach + bytesEach - 1] = bits
  })
  return { id: createHash('sha256').update(people).digest('hex'), people }
}

/** Nothing where she is not among them. */
export function findRostered(people: Uint8Array, person: PersonId): Rostered | undefined {
  const wanted = bytesOf(person)
  const bytes = Buffer.from(people.buffer, people.byteOffset, people.byteLength)
  let low = 0
  let high = bytes.length / bytesEach - 1
  while (low <= high) {
    const middle = Math.floor((low + high) / 2)
    const from = middle * bytesEach
    const order = wanted.compare(bytes, from, from + bytesEach - 1)
    if (order === 0) {
      const bits = bytes[from + bytesEach - 1] ?? 0
      return {
        isAllowed: (bits & isAllowedBit) !== 0,
        mayBreakGlass: (bits & mayBreakGlassBit) !== 0,
      }
    }
    if (order < 0) high = middle - 1
    else low = middle + 1
  }
  return undefined
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}
