// An administrator says by which name HR's system knows somebody who was added by hand. Nothing of
// her changes by it; HR's system finds her by that name from now on, and what it says of her is taken.

import type { PersonId } from '@wardkey/protocol/ids'
import type { PersonLink } from '@wardkey/protocol/admin/hr'
import { raisePerson } from '../../../identity/guard-person.ts'
import { findPerson } from '../../../identity/people.ts'
import { newFact } from '../../flow-needs.ts'
import { isOwnRecord } from '../../own-record.ts'
import { refuseChange } from '../../person-flow.ts'
import type { Actor, AdminRefused } from '../../person-flow.ts'
import type { Recorded } from '../../recorded.ts'
import type { HrNeeds } from '../hr-flow.ts'
import { findByUserName, userNameLookup } from '../hr-lookups.ts'
import { findHrRow, insertHrRow } from '../hr-person-row.ts'
import type { HrPerson } from '../hr-person-row.ts'
import { dueMsOf } from '../life-cycle.ts'
import { asIfSaid, findByHandId } from './find-by-hand.ts'

export async function linkPerson(
  { personId, client, userName, by }: PersonLink & Actor & { readonly personId: PersonId },
  needs: HrNeeds,
): Promise<Recorded<{ readonly kind: 'linked' } | AdminRefused>> {
  const { db, hrKey } = needs
  const about = { person: personId, by }
  const refuse = (code: AdminRefused['code']) => refuseChange('PER-101', code, about, needs)
  if (!(await findPerson(db, personId))) return refuse('person-unknown')
  if (isOwnRecord(personId, by)) return refuse('own-record')
  if (await findHrRow(db, personId)) return refuse('person-is-hrs')
  const found = await findByHandId(personId, needs)
  if (!found) return refuse('person-forgotten')
  if (await findByUserName(db, userNameLookup(userName, hrKey))) return refuse('user-name-taken')
  const said = asIfSaid(found, client)
  const nowMs = needs.nowMs()
  const identity = { ...said.record.identity, userName }
  const linked: HrPerson = {
    ...said,
    record: { ...said.record, identity },
    // Not yet mapped by anything, and not to be reported for that before HR has spoken.
    isMapped: true,
    // HR's first word makes it 1: until then its client may also send her as somebody new.
    ...{ createdMs: nowMs, changedMs: nowMs, version: 0 },
  }
  const { employment, record } = linked
  const dueMs = dueMsOf({ employment, access: record.access }, nowMs)
  const fields = { by, source: client, changed: 'adopted' }
  return {
    answer: { kind: 'linked' },
    facts: [newFact(needs, 'PER-002', { person: personId, fields })],
    writes: [
      raisePerson(db, personId, found.person.version),
      insertHrRow(db, linked, dueMs, { hrKey, key: found.key }),
    ],
    notices: [],
  }
}
