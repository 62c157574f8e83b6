// Which tap of hers a line of her own record came of, and what she has said of such lines before.
// What is not told as hers is not there. Reads only.

import type { PersonId } from '@wardkey/protocol/ids'
import type { FlowNeeds } from '../flow-needs.ts'
import { findTold, readBack } from '../timeline/read-told.ts'
import type { TimeRange } from '../timeline/read-told.ts'
import type { ToldFact } from '../timeline/told-fact.ts'

type Needs = Pick<FlowNeeds, 'db'>

/** What a badge, a PIN or a session did. Not what others decided, and not what doors said. */
const ofHand: ReadonlySet<string> = new Set([
  ...['TAP-001', 'TAP-002', 'TAP-003', 'TAP-101', 'TAP-102', 'PIN-001', 'PIN-101', 'PIN-201'],
  ...['SES-001', 'SES-002', 'SES-003', 'SES-004', 'SES-005', 'SES-009'],
  ...['SIG-001', 'SIG-002', 'SIG-003', 'SIG-101'],
  ...['BTG-001', 'BTG-002', 'BTG-003', 'BTG-004', 'BTG-101', 'BTG-102', 'OFF-002'],
  ...['ERD-001', 'ERD-002', 'ERD-003', 'ERD-004', 'ERD-101', 'ERD-102'],
])
/** What opens a session, or brings it back. */
const opening = ['TAP-001', 'BTG-002', 'OFF-002']
/** No session is open for longer. */
const lookBackMs = 48 * 3_600_000
const openingMax = 2000
const saidMax = 1000

/** Whether she may say of it that it was not she. */
export function isOwnHand(
  code: string,
  about: { readonly person: string | undefined; readonly witness: unknown },
  person: PersonId,
): boolean {
  return ofHand.has(code) && (about.person === person || about.witness === person)
}

export interface OwnTap {
  readonly line: ToldFact
  /** The line itself where it came of no tap that is known. */
  readonly tap: ToldFact
}

export async function findOwnTap(
  person: PersonId,
  index: number,
  { db }: Needs,
): Promise<OwnTap | undefined> {
  const line = await findTold(db, index)
  const witness = line?.fields['witness']
  if (!line || !isOwnHand(line.code, { person: line.person, witness }, person)) return undefined
  const isItself = line.badge !== undefined || line.session === undefined || line.person !== person
  if (isItself) return { line, tap: line }
  const { recordedMs } = line
  const times = { fromMs: Math.max(0, recordedMs - lookBackMs), toMs: recordedMs + 1 }
  const { facts } = await readBack(db, subjectOf(person), times, openingMax, opening)
  const tap = facts.find((fact) => fact.session === line.session && fact.index <= line.index)
  return { line, tap: tap ?? line }
}

/** Places in the record of all that she disowned between these times. */
export async function readDisowned(
  person: PersonId,
  times: TimeRange,
  { db }: Needs,
): Promise<readonly ToldFact[]> {
  return (await readBack(db, subjectOf(person), times, saidMax, ['BDG-008'])).facts
}

const subjectOf = (person: PersonId) => ({ column: 'person_id', ids: [person] }) as const
