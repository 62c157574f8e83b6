// A fact as a time line shows it: with its sentence, and without what is sealed. Pure.

import { factCodes } from '@wardkey/protocol/fact-codes'
import type { TimelineFact } from '@wardkey/protocol/console/timeline'
import type { ToldFact } from './told-fact.ts'

const sentences = new Map(Object.entries(factCodes).map(([code, { sentence }]) => [code, sentence]))

/** In the time line of her who spoke; the fact itself is about somebody else. */
const spoken = new Map([
  ['BTG-004', 'Spoke with the badge for a colleague without a strong proof.'],
  ['BTG-102', 'Showed a badge to speak for a colleague, and it was refused.'],
  ['ERD-002', 'Spoke with badge and PIN for a colleague who needed a badge or a PIN.'],
  ['ERD-102', 'Showed a badge to speak for a colleague, and it was refused.'],
])

/**
 * `sealed`: facts under the newest checkpoint. `of`: whose time line it is, where it is somebody’s.
 * A code of a newer release is its own sentence.
 */
export function shownFact(fact: ToldFact, sealed: number, of?: string): TimelineFact {
  const { index, atMs, recordedMs, code, person, workstation, session, rule, fields } = fact
  const isWitness = of !== undefined && fields['witness'] === of
  const own = isWitness && person !== of ? spoken.get(code) : undefined
  const sentence = own ?? sentences.get(code) ?? code
  return {
    ...{ index, atMs, code, sentence, isSealed: index < sealed },
    ...(recordedMs === atMs ? {} : { recordedMs }),
    ...(person && { personId: person }),
    ...(workstation && { workstationId: workstation }),
    ...(session && { sessionId: session }),
    ...(rule === undefined ? {} : { rule }),
    ...(Object.keys(fields).length === 0 ? {} : { fields: { ...fields } }),
  }
}
