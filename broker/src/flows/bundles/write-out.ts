// The signed words that people are out, for the workstations of one zone (decision 0038): the same
// texts for all of them, made once.

import { sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { PersonId } from '@wardkey/protocol/ids'
import { zoneId } from '@wardkey/protocol/ids'
import { peopleOutMax } from '@wardkey/protocol/workstation/people-out'
import type { PeopleOut } from '@wardkey/protocol/workstation/people-out'

/** `asOfMs` is after what they lost was committed: a bundle from before it knows nothing of it. */
export function writeOut(
  { zone, people, asOfMs }: { zone: string; people: readonly PersonId[]; asOfMs: number },
  signKey: KeyObject,
): readonly string[] {
  const texts: string[] = []
  for (let from = 0; from < people.length; from += peopleOutMax) {
    const word: PeopleOut = {
      version: 1,
      kind: 'people-out',
      zoneId: zoneId.parse(zone),
      asOfMs,
      people: people.slice(from, from + peopleOutMax),
    }
    const body = Buffer.from(JSON.stringify(word), 'utf8').toString('base64url')
    const signature = sign(null, Buffer.from(body, 'ascii'), signKey)
    texts.push(`${body}.${signature.toString('base64url')}`)
  }
  return texts
}
