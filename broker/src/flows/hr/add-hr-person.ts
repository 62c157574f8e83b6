// HR names somebody new: a person with a key of her own, her record and her roles, in one unit. Who
// had left and is named again by the same external id is the same person, with nothing of before;
// who was added by hand under her staff number may be adopted.

import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { sealFields } from '../../audit/sealed-fields.ts'
import { findPerson, insertPerson } from '../../identity/people.ts'
import { nameText, sealName } from '../../identity/person-name.ts'
import { newFact } from '../flow-needs.ts'
import { isOwnRecord } from '../own-record.ts'
import { refuseChange } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { changeStaffNumber } from '../staff-number-change.ts'
import { adoptPerson } from './adopt/adopt-person.ts'
import { findByHand, isAwaited } from './adopt/find-by-hand.ts'
import { numberOf, takeWord } from './change-hr-person.ts'
import type { HrActor, HrAnswer, HrNeeds, HrRefused, HrWord } from './hr-flow.ts'
import { hrNo } from './hr-flow.ts'
import { externalIdLookup, findByExternalId, findByUserName, userNameLookup } from './hr-lookups.ts'
import { findHrPerson, findHrRow, insertHrRow, openHrRow } from './hr-person-row.ts'
import type { HrPerson } from './hr-person-row.ts'
import { personNameOf } from './hr-record.ts'
import { nameOnceInConsole } from './near-own-hand.ts'
import { dueMsOf, employmentOf, statusOf } from './life-cycle.ts'
import { mapRoles } from './map-roles.ts'
import { takeBadges } from './take-badges.ts'

/** `isConfirmed`: an administrator saw whom of those added by hand it would adopt. */
export async function addHrPerson(
  joining: HrActor & { readonly word: HrWord; readonly isConfirmed?: boolean },
  needs: HrNeeds,
): Promise<Recorded<HrAnswer>> {
  const { word, client, by } = joining
  const { identity } = word.record
  const refuse = (no: HrRefused): Recorded<HrAnswer> => ({
    ...refuseChange('PER-101', no.code, { by, ...(no.holder ? { person: no.holder } : {}) }, needs),
    answer: no,
  })
  const named = await findByUserName(needs.db, userNameLookup(identity.userName, needs.hrKey))
  if (named !== undefined) {
    const linked = await awaited(named, joining, needs)
    return linked ?? refuse({ ...hrNo('user-name-taken'), holder: named })
  }
  if (identity.externalId !== undefined) {
    const lookup = externalIdLookup(client, identity.externalId, needs.hrKey)
    const [known] = await findByExternalId(needs.db, lookup)
    if (known && !known.isDeleted) {
      return refuse({ ...hrNo('external-id-taken'), holder: known.personId })
    }
    const back = known && (await returning(known.personId, joining, needs))
    if (back) return back
  }
  const byHand = await findByHand(identity, needs)
  if (byHand) return adoptPerson({ isConfirmed: false, ...joining }, byHand, needs)
  return join(joining, refuse, needs)
}

/**
 * An administrator said by which name this client knows her, and it has not spoken of her yet: a
 * client that never looks for a name sends her as somebody new (decision 0053). Once.
 */
async function awaited(
  id: PersonId,
  { word, client, by }: HrActor & { readonly word: HrWord },
  needs: HrNeeds,
): Promise<Recorded<HrAnswer> | undefined> {
  const found = await findHrPerson(needs.db, id)
  const key = found && (await needs.personKeys.find(id))
  if (!found || !key || found.person.status === 'terminated') return undefined
  const was = openHrRow(found.row, key)
  if (!isAwaited(was) || was.client !== client || isOwnRecord(id, by)) return undefined
  const { person } = found
  const taken = await takeWord({ person, was, key, word, change: { client, by } }, needs)
  // What she had before is news to whoever sends her.
  if (taken.answer.kind === 'refused') return taken
  return { ...taken, answer: { ...taken.answer, isBadgeNews: true } }
}

/** Nothing where she was forgotten meanwhile: then she is somebody new. */
async function returning(
  id: PersonId,
  { word, client, by }: HrActor & { readonly word: HrWord },
  needs: HrNeeds,
): Promise<Recorded<HrAnswer> | undefined> {
  const person = await findPerson(needs.db, id)
  const row = person && (await findHrRow(needs.db, id))
  const key = await needs.personKeys.find(id)
  if (!row || !key) return undefined
  return takeWord({ person, was: openHrRow(row, key), key, word, change: { client, by } }, needs)
}

async function join(
  { word, client, by }: HrActor & { readonly word: HrWord },
  refuse: (no: HrRefused) => Recorded<HrAnswer>,
  needs: HrNeeds,
): Promise<Recorded<HrAnswer>> {
  const { db, hrKey } = needs
  const { record } = word
  const id = personId.parse(needs.newId())
  const nowMs = needs.nowMs()
  const { key, write } = needs.personKeys.make(id)
  const badges = await takeBadges(word.badges, { personId: id, key, by }, needs)
  if (badges.kind === 'refused') return refuse(badges)
  const numbered = await changeStaffNumber(id, numberOf(undefined, word) ?? undefined, key, needs)
  if (!numbered) return refuse(hrNo('staff-number-taken'))
  const { roles } = mapRoles(needs.roleRules, { ...record.place, groups: [] })
  const employment = employmentOf(record.identity)
  const { access } = record
  const status = statusOf({ employment, isHeld: false, access }, nowMs)
  const person: HrPerson = {
    ...{ personId: id, client, record, employment, isMapped: roles.length > 0 },
    ...{ createdMs: nowMs, changedMs: nowMs, deletedMs: null, version: 1 },
  }
  const name = personNameOf(record.identity)
  const { employeeNumber } = record.identity
  const { dropped } = word
  const fact = newFact(needs, 'PER-001', {
    person: id,
    fields: {
      ...{ by, source: client, status, roles: roles.join(' ') },
      ...(dropped === 0 ? {} : { dropped }),
    },
  })
  const told = {
    name: nameText(name),
    ...(employeeNumber === undefined ? {} : { staffNumber: employeeNumber }),
  }
  const dueMs = dueMsOf({ employment, access }, nowMs)
  const nameSealed = sealName(name, key, id)
  const besides = await nameOnceInConsole(person, by, needs)
  return {
    answer: {
      ...{ kind: 'taken', outcome: 'joined', person, status, sessions: 0 },
      ...{ groups: [], isBadgeNews: badges.facts.length > 0 },
    },
    facts: [
      { ...fact, sealed: sealFields({ id: fact.id, person: id }, told, key) },
      ...besides,
      ...badges.facts,
    ],
    writes: [
      write,
      insertPerson(db, { id, nameSealed, roles, status, access, nowMs }),
      insertHrRow(db, person, dueMs, { hrKey, key }),
      ...numbered,
      ...badges.writes,
    ],
    notices: [],
  }
}
