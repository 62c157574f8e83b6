// Two machines with one identity: a disk was copied after it was enrolled. Only one of them is let
// in, since a word that locks a screen must reach the screen that it is meant for (0051).

import { sql } from 'kysely'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { hardwarePartsMax } from '@wardkey/protocol/workstation/enrolment'
import type { HardwareClaim } from '@wardkey/protocol/workstation/enrolment'
import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'
import { sameMachine, storedHardware } from './same-machine.ts'

/** By what a copy was known: other hardware, or the true one that answered at the same moment. */
export type CopyKnownBy = 'other-hardware' | 'both-answer'

/** Of what stands in the books: nothing where an old agent says nothing, or nothing was kept. */
export async function isOtherHardware(
  id: WorkstationId,
  hardware: HardwareClaim | undefined,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('workstation')
    .select('hardware')
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined && sameMachine(storedHardware(row.hardware), hardware) === 'another'
}

export function refuseCopy(
  id: WorkstationId,
  knownBy: CopyKnownBy,
  needs: FlowNeeds,
): Promise<Recorded<'refused'>> {
  return Promise.resolve({
    answer: 'refused',
    facts: [newFact(needs, 'WKS-103', { workstation: id, fields: { reason: knownBy } })],
    writes: [],
    notices: [],
  })
}

/**
 * Kept from its first hello on, and grown as parts of it are replaced. What a hello leaves out
 * stays: a card that was off for one start must not make a stranger of the machine at the next.
 */
export function noteHardware(
  db: Kysely<Schema>,
  id: WorkstationId,
  kept: string | null,
  said: HardwareClaim | undefined,
): readonly Write[] {
  const before = storedHardware(kept) ?? []
  const news = said?.filter((part) => !before.includes(part)) ?? []
  if (news.length === 0) return []
  const text = JSON.stringify([...before, ...news].slice(0, hardwarePartsMax))
  if (text === kept) return []
  const query = db
    .updateTable('workstation')
    .set({ hardware: text })
    .where('id', '=', id)
    .where('status', '=', sql.lit('active'))
    .compile()
  return [{ query }]
}
