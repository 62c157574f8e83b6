// A fact as a time line shows it: with its sentence, and without what is sealed. Pure.

import { factCodes } from '@wardkey/protocol/fact-codes'
import type { TimelineFact } from '@wardkey/protocol/console/timeline'
import type { ToldFact } from './told-fact.ts'

const sentences = new Map(Object.entries(factCodes).map(([code, { sentence }]) => [code, sentence]))

/** `sealed`: facts under the newest checkpoint. A code of a newer release is its own sentence. */
export function shownFact(fact: ToldFact, sealed: number): TimelineFact {
  const { index, atMs, recordedMs, code, person, workstation, session, rule, fields } = fact
  const sentence = sentences.get(code) ?? code
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
