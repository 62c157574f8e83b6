// Wrong PINs that were given at a cut-off workstation count with the others, in the unit that takes
// its journal: whoever guesses gains no tries by pulling out the cable.

import { failuresMax, foreverMs, lockMsAfter } from '@wardkey/protocol/workstation/pin-lock'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { newFact } from '../flow-needs.ts'
import type { TakeNeeds, Taking } from './take-entries.ts'

/** The wait begins now, as the guesses are known only now. */
export async function countWrongPins(
  taking: Taking,
  workstation: WorkstationId,
  needs: TakeNeeds,
): Promise<void> {
  const { db } = needs
  const nowMs = needs.nowMs()
  for (const { personId: person, count, lastMs } of taking.standing.wrongs) {
    const pin = await db
      .selectFrom('pin')
      .selectAll()
      .where('person_id', '=', person)
      .executeTakeFirst()
    // Guesses at a PIN that she has changed since tell nothing about the new one.
    if (!pin || pin.set_at_ms > lastMs) continue
    // Hearsay of one workstation may make her wait, and never for ever (promise 8).
    const most = Math.max(pin.failures, failuresMax - 1)
    const failures = Math.min(most, pin.failures + count)
    const lockMs = lockMsAfter(failures)
    const untilMs = lockMs === 0 ? 0 : Math.min(foreverMs, nowMs + lockMs)
    const query = db
      .updateTable('pin')
      .set({
        failures,
        locked_until_ms: Math.max(pin.locked_until_ms, untilMs),
        version: pin.version + 1,
      })
      .where('person_id', '=', person)
      .where('version', '=', pin.version)
      .compile()
    taking.writes.push({ query, expectRows: 1 })
    const about = { person, workstation }
    const fields = { failures, isOffline: true }
    taking.facts.push(newFact(needs, 'PIN-101', { ...about, fields }))
    if (untilMs > 0) taking.facts.push(newFact(needs, 'PIN-102', about))
  }
  taking.standing = { ...taking.standing, wrongs: [] }
}
