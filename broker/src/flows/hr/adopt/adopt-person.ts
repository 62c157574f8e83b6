// HR names somebody who was added by hand: she stays the same person, with her badges and her PIN,
// and is HR's from now on. Never by a number alone unless an administrator said so (decision 0053).

import { isOwnRecord } from '../../own-record.ts'
import { refuseChange } from '../../person-flow.ts'
import type { Recorded } from '../../recorded.ts'
import type { HrActor, HrAnswer, HrNeeds, HrRefused, HrWord } from '../hr-flow.ts'
import { hrNo } from '../hr-flow.ts'
import type { HrPerson } from '../hr-person-row.ts'
import { personNameOf } from '../hr-record.ts'
import { employmentOf, statusOf, stepOf } from '../life-cycle.ts'
import { mapRoles } from '../map-roles.ts'
import { settlePerson } from '../settle-person.ts'
import { takeBadges } from '../take-badges.ts'
import { asIfSaid } from './find-by-hand.ts'
import type { ByHand } from './find-by-hand.ts'

export interface Adopting extends HrActor {
  readonly word: HrWord
  /** An administrator saw whom it would be, and said yes to that. */
  readonly isConfirmed: boolean
}

/** The number is asked before, and that neither her user name nor HR's id is somebody else's. */
export async function adoptPerson(
  { word, client, by, isConfirmed }: Adopting,
  found: ByHand,
  needs: HrNeeds,
): Promise<Recorded<HrAnswer>> {
  const { person, key } = found
  const { record, dropped } = word
  const refuse = (no: HrRefused): Recorded<HrAnswer> => ({
    ...refuseChange('PER-101', no.code, { person: person.id, by }, needs),
    answer: { ...no, holder: person.id },
  })
  if (isOwnRecord(person.id, by)) return refuse(hrNo('own-record'))
  const { roles } = mapRoles(needs.roleRules, { ...record.place, groups: [] })
  const isSure = isConfirmed || isAllowed(word, found, roles, needs)
  if (!isSure) return refuse(hrNo('person-added-by-hand'))
  const nowMs = needs.nowMs()
  const was = asIfSaid(found, client)
  const next: HrPerson = {
    ...was,
    ...{ record, employment: employmentOf(record.identity), isMapped: roles.length > 0 },
    ...{ createdMs: nowMs, changedMs: nowMs, version: 1 },
  }
  const isGoing = next.employment !== 'active'
  const badges = await takeBadges(word.badges, { personId: person.id, key, by, isGoing }, needs)
  if (badges.kind === 'refused') return refuse(badges)
  const { step, status } = stepsOf(found, was, next, nowMs)
  if (step.kind === 'refused') return refuse(hrNo('employment-over'))
  const settled = await settlePerson(
    {
      ...{ person, was, next, step, status, roles, badges, key, by, dropped },
      ...{ numbered: [], isAdoption: true },
    },
    needs,
  )
  const { outcome, sessions, facts, writes, notices } = settled
  return {
    answer: {
      ...{ kind: 'taken', outcome, person: next, status, sessions, groups: [] },
      isBadgeNews: true,
      ...(badges.stays === undefined ? {} : { badgeStays: badges.stays }),
    },
    ...{ facts, writes, notices },
  }
}

/**
 * By the setting, nobody looks: so the name has to be hers too, HR has to say that she works here,
 * and the mapping has to give her something. A number that was given to somebody new must not give
 * a stranger badges, nor a slip in the mapping take a nurse's roles.
 */
function isAllowed(
  { record: { identity } }: HrWord,
  { name }: ByHand,
  roles: readonly string[],
  { adoptBy }: HrNeeds,
): boolean {
  if (adoptBy !== 'staff-number' || roles.length === 0) return false
  return employmentOf(identity) === 'active' && isOneName(name, personNameOf(identity))
}

export function isOneName(a: ByHand['name'], b: ByHand['name']): boolean {
  const folded = (text: string): string =>
    text
      .normalize('NFKD')
      .replace(/[^\p{L}]/gu, '')
      .toLowerCase()
  const first = (given: string): string => folded(given.split(/[\s-]/)[0] ?? '')
  return folded(a.family) === folded(b.family) && first(a.given) === first(b.given)
}

/** What an administrator said of her stands until HR says something else than was so. */
function stepsOf({ person }: ByHand, was: HrPerson, next: HrPerson, nowMs: number) {
  const of = ({ employment, record: { access } }: HrPerson) =>
    statusOf({ employment, isHeld: person.heldMs !== null, access }, nowMs)
  const after = of(next)
  if (of(was) === after) return { step: { kind: 'same' } as const, status: person.status }
  return { step: stepOf(person.status, after, false), status: after }
}
