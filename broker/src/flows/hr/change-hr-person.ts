// HR says something new about a person: taken as one unit, or refused with a name. Saying the same
// again changes nothing, and is noted.

import type { PersonId } from '@wardkey/protocol/ids'
import { staffNumber } from '@wardkey/protocol/workstation/agent-frames'
import type { Person } from '../../identity/people.ts'
import { withoutHeldBack } from '../access-reviews/hold-back.ts'
import { newFact } from '../flow-needs.ts'
import { isOwnRecord } from '../own-record.ts'
import { refuseChange } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { changeStaffNumber } from '../staff-number-change.ts'
import { isAwaited } from './adopt/find-by-hand.ts'
import type { HrActor, HrAnswer, HrNeeds, HrRefused, HrWord } from './hr-flow.ts'
import { hrNo } from './hr-flow.ts'
import { externalIdLookup, findByExternalId, findByUserName, userNameLookup } from './hr-lookups.ts'
import { findHrPerson, openHrRow } from './hr-person-row.ts'
import type { HrPerson } from './hr-person-row.ts'
import { groupNamesOf } from './groups/hr-group-row.ts'
import type { GroupName } from './groups/hr-group-row.ts'
import type { HrIdentity } from './hr-record.ts'
import { employmentOf, statusOf, stepOf } from './life-cycle.ts'
import { mapRoles } from './map-roles.ts'
import { isSame, settlePerson } from './settle-person.ts'
import { takeBadges } from './take-badges.ts'
import type { BadgesTaken } from './take-badges.ts'

export interface HrChange extends HrActor {
  readonly personId: PersonId
  /** Only where her record is of one of these versions; any where it is absent. */
  readonly ifVersion?: readonly number[]
  /** From what is known to what is to be; called anew with each look. */
  readonly word: (now: HrPerson) => HrWord | HrRefused
  /** Gone from HR's books: ended for good, and her names are free. */
  readonly isRemoval?: boolean
}

export async function changeHrPerson(
  change: HrChange,
  needs: HrNeeds,
): Promise<Recorded<HrAnswer>> {
  const { db } = needs
  const refuse = (no: HrRefused): Recorded<HrAnswer> => ({
    ...refuseChange('PER-101', no.code, { person: change.personId, by: change.by }, needs),
    answer: no,
  })
  const found = await findHrPerson(db, change.personId)
  if (!found || found.row.deleted_ms !== null) return refuse(hrNo('person-unknown'))
  const { person, row } = found
  if (isOwnRecord(person.id, change.by)) return refuse(hrNo('own-record'))
  const key = await needs.personKeys.find(person.id)
  if (!key) return refuse(hrNo('person-unknown'))
  const was = openHrRow(row, key)
  if (change.ifVersion && !change.ifVersion.includes(was.version)) {
    return refuse(hrNo('record-moved'))
  }
  const word = change.word(was)
  if ('code' in word) return refuse(word)
  return takeWord({ person, was, key, word, change }, needs)
}

interface Taking {
  readonly person: Person
  readonly was: HrPerson
  readonly key: Buffer
  readonly word: HrWord
  readonly change: HrActor & Pick<HrChange, 'isRemoval'>
}

/** Also for whoever comes back after her record was removed. */
export async function takeWord(taking: Taking, needs: HrNeeds): Promise<Recorded<HrAnswer>> {
  const { person, was, key, word, change } = taking
  const { by } = change
  const isRemoval = change.isRemoval === true
  const about = { person: person.id, by }
  const refuse = (no: HrRefused): Recorded<HrAnswer> => ({
    ...refuseChange('PER-101', no.code, about, needs),
    answer: no,
  })
  const isGoing = isRemoval || employmentOf(word.record.identity) !== 'active'
  const badges = await takeBadges(word.badges, { personId: person.id, key, by, isGoing }, needs)
  if (badges.kind === 'refused') return refuse(badges)
  const isAgain = isSame(was.record, word.record) && badges.facts.length === 0
  if (isAgain && !isRemoval && was.deletedMs === null && !isAwaited(was)) {
    return same(taking, badges, needs)
  }
  const taken = await takenBy(was, word.record.identity, needs)
  if (taken) return refuse(taken)
  const groups = change.isRemoval === true ? [] : await groupNamesOf(needs.db, was.personId)
  const { next, roles: mapped } = nextOf(taking, groups, needs)
  const left = await withoutHeldBack(person.id, mapped, 'role', needs)
  const steps = stepsOf(taking, next, needs.nowMs())
  if (steps.step.kind === 'refused') return refuse(hrNo('employment-over'))
  const numbered = await changeStaffNumber(person.id, numberOf(was, word), key, needs)
  if (!numbered) return refuse(hrNo('staff-number-taken'))
  const { step, status } = steps
  const settled = await settlePerson(
    {
      person,
      was,
      next,
      step,
      status,
      roles: left.roles,
      badges,
      numbered,
      key,
      by,
      dropped: word.dropped,
    },
    needs,
  )
  const { outcome, sessions } = settled
  const isBadgeNews = badges.facts.length > 0 || step.kind === 'ends'
  return {
    answer: {
      ...{ kind: 'taken', outcome, person: next, status, sessions, groups, isBadgeNews },
      ...staysOf(badges),
    },
    facts: [...settled.facts, ...left.facts],
    writes: [...settled.writes, ...left.writes],
    notices: settled.notices,
  }
}

function same(
  { person, was, change, word }: Taking,
  badges: BadgesTaken,
  needs: HrNeeds,
): Recorded<HrAnswer> {
  const fields = {
    by: change.by,
    source: was.client,
    ...(word.dropped === 0 ? {} : { dropped: word.dropped }),
  }
  return {
    answer: {
      ...{ kind: 'taken', outcome: 'same', person: was, status: person.status },
      ...{ sessions: 0, isBadgeNews: false, ...staysOf(badges) },
    },
    facts: [newFact(needs, 'PER-006', { person: person.id, fields })],
    writes: [],
    notices: [],
  }
}

const staysOf = ({ stays }: BadgesTaken) => (stays === undefined ? {} : { badgeStays: stays })

/** The index is what holds this; asked first so that the no has a name. */
async function takenBy(
  was: HrPerson,
  identity: HrIdentity,
  { db, hrKey }: HrNeeds,
): Promise<HrRefused | undefined> {
  const before = was.record.identity
  if (identity.userName !== before.userName || was.deletedMs !== null) {
    const holder = await findByUserName(db, userNameLookup(identity.userName, hrKey))
    if (holder !== undefined && holder !== was.personId) {
      return { ...hrNo('user-name-taken'), holder }
    }
  }
  const { externalId } = identity
  if (externalId !== undefined && externalId !== before.externalId) {
    const lookup = externalIdLookup(was.client, externalId, hrKey)
    const [found] = await findByExternalId(db, lookup)
    if (found && !found.isDeleted && found.personId !== was.personId) {
      return { ...hrNo('external-id-taken'), holder: found.personId }
    }
  }
  return undefined
}

function nextOf(
  { was, word, change }: Taking,
  groups: readonly GroupName[],
  needs: HrNeeds,
): { readonly next: HrPerson; readonly roles: readonly string[] } {
  const { record } = word
  const isRemoval = change.isRemoval === true
  const names = groups.map(({ name }) => name)
  const { roles } = mapRoles(needs.roleRules, { ...record.place, groups: names })
  const nowMs = needs.nowMs()
  const next: HrPerson = {
    ...was,
    record,
    employment: isRemoval ? 'terminated' : employmentOf(record.identity),
    isMapped: roles.length > 0,
    changedMs: Math.max(nowMs, was.changedMs),
    deletedMs: isRemoval ? nowMs : null,
    version: was.version + 1,
  }
  return { next, roles }
}

function stepsOf({ person, was, word }: Taking, next: HrPerson, nowMs: number) {
  const isHeld = person.heldMs !== null
  const of = ({ employment, record: { access } }: HrPerson) =>
    statusOf({ employment, isHeld, access }, nowMs)
  const [before, after] = [of(was), of(next)]
  const isRehire = was.employment === 'terminated' && isNamedAnew(was, word.record.identity)
  // An administrator’s own word stands until HR says something else than before.
  const isAdmins = person.status === 'terminated' && was.employment !== 'terminated'
  if (before === after || isAdmins)
    return { step: { kind: 'same' } as const, status: person.status }
  return { step: stepOf(person.status, after, isRehire), status: after }
}

/** A new employment: said in so many words, and under the id by which HR knew her. */
function isNamedAnew(was: HrPerson, { employmentStatus, externalId }: HrIdentity): boolean {
  if (externalId === undefined || externalId !== was.record.identity.externalId) return false
  const isSaid = employmentStatus === 'active' || employmentStatus === 'pre-hire'
  return isSaid || (was.deletedMs !== null && employmentStatus !== 'terminated')
}

/** Nothing where it stays; null where it goes, or is none that could be typed at a workstation. */
export function numberOf(
  was: Pick<HrPerson, 'record' | 'deletedMs'> | undefined,
  { record }: Pick<HrWord, 'record'>,
): string | null | undefined {
  const { employeeNumber } = record.identity
  if (was?.deletedMs === null && was.record.identity.employeeNumber === employeeNumber) {
    return undefined
  }
  const parsed = staffNumber.safeParse(employeeNumber)
  return parsed.success ? parsed.data : null
}
