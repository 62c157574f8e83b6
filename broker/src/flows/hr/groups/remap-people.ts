// The roles of people whose groups change, as writes for the same unit: mapped anew from what HR
// says of each in the open; whoever loses a role finds her screens locked.

import type { PersonId } from '@wardkey/protocol/ids'
import { personId } from '@wardkey/protocol/ids'
import type { Fact } from '../../../audit/fact.ts'
import { parseTexts } from '../../../identity/json-column.ts'
import { changePersonRow } from '../../../identity/people.ts'
import type { Write } from '../../../store/store.ts'
import { heldBackOf, leftOf } from '../../access-reviews/hold-back.ts'
import { standingRoles } from '../../exceptions/standing-roles.ts'
import { newFact } from '../../flow-needs.ts'
import { sessionsOfPeople } from '../../../sessions/living-session.ts'
import type { LivingSession } from '../../../sessions/living-session.ts'
import { prepared } from '../../../store/prepared-query.ts'
import { lockSessions } from '../../lock-person.ts'
import type { Notice } from '../../recorded.ts'
import { screensFirst } from '../../session-notices.ts'
import type { HrActor, HrNeeds } from '../hr-flow.ts'
import { groupsOfPeople } from './hr-group-row.ts'
import type { GroupName } from './hr-group-row.ts'
import { inParts } from './in-parts.ts'
import { hrRows } from '../hr-person-row.ts'
import { mapRoles } from '../map-roles.ts'
import { rolesToOwnHand } from '../near-own-hand.ts'

export interface Remapped {
  readonly facts: readonly Fact[]
  readonly writes: readonly Write[]
  readonly notices: readonly Notice[]
}

/** `groupsAfter` says which groups somebody is in once the unit is written. */
export async function remapPeople(
  people: readonly PersonId[],
  groupsAfter: (person: PersonId, now: readonly GroupName[]) => readonly string[],
  actor: HrActor & { readonly changed?: 'groups' | 'mapping' },
  needs: HrNeeds,
): Promise<Remapped> {
  const all: Remapped[] = []
  for (const some of inParts(people)) {
    const groups = await groupsOfPeople(needs.db, some)
    const heldBack = await heldBackOf(some, 'role', needs.db)
    const rows = await hrRows(needs.db)
      .where('person_hr.person_id', 'in', some)
      .where('person_hr.deleted_ms', 'is', null)
      .select(['person.roles', 'person.status', 'person.version as person_version'])
      .execute()
    const changed: Remapping[] = []
    for (const row of rows) {
      const id = personId.parse(row.person_id)
      const mapped = mapRoles(needs.roleRules, {
        ...wordsOf(row),
        groups: groupsAfter(id, groups.get(id) ?? []),
      })
      const held = heldBack.get(id) ?? []
      const { roles, facts, writes } = leftOf(id, mapped.roles, held, 'role', needs)
      if (writes.length > 0) all.push({ facts, writes, notices: [] })
      const had = parseTexts(row.roles)
      if (had.join(' ') === roles.join(' ')) continue
      const isLess = row.status === 'active' && had.some((role) => !roles.includes(role))
      const left = isLess ? await standingRoles(id, roles, needs) : roles
      changed.push({ id, version: row.person_version, isLess, had, roles, left })
    }
    const losing = changed.filter(({ isLess }) => isLess).map(({ id }) => id)
    const sessions = await sessionsOfPeople(needs.db, losing)
    for (const one of changed) all.push(remapped(one, sessions.get(one.id) ?? [], actor, needs))
    const facts = await rolesToOwnHand(changed, actor, needs)
    all.push({ facts, writes: [], notices: [] })
  }
  return {
    facts: all.flatMap(({ facts }) => facts),
    writes: all.flatMap(({ writes }) => writes),
    notices: screensFirst(all.flatMap(({ notices }) => notices)),
  }
}

interface Remapping {
  readonly id: PersonId
  readonly version: number
  /** She loses a role that she could be using now. */
  readonly isLess: boolean
  readonly had: readonly string[]
  readonly roles: readonly string[]
  /** Those, and what an exception gives her beside them. */
  readonly left: readonly string[]
}

const mapping = prepared<{ person: string; isMapped: number }>()((db, hole) =>
  db
    .updateTable('person_hr')
    .set({ is_mapped: hole('isMapped') })
    .where('person_id', '=', hole('person')),
)

function remapped(
  { id, version, isLess, roles, left }: Remapping,
  sessions: readonly LivingSession[],
  { by, client, changed = 'groups' }: Parameters<typeof remapPeople>[2],
  needs: HrNeeds,
): Remapped {
  const { db } = needs
  const locked = isLess ? lockSessions(sessions, 'roles-changed', needs) : []
  const isMapped = mapping(db, { person: id, isMapped: roles.length > 0 ? 1 : 0 })
  const fields = { by, source: client, changed, roles: roles.join(' ') }
  return {
    facts: [
      newFact(needs, 'PER-002', { person: id, fields }),
      ...locked.flatMap(({ facts }) => facts),
    ],
    writes: [
      changePersonRow(db, { id, version }, { roles, nowMs: needs.nowMs() }),
      { query: isMapped, expectRows: 1 },
      ...locked.flatMap(({ writes }) => writes),
    ],
    notices: [
      ...locked.flatMap(({ notices }) => notices),
      ...(isLess ? [{ kind: 'role-lost' as const, personId: id, roles: left }] : []),
    ],
  }
}

type Words = Pick<
  Awaited<ReturnType<ReturnType<typeof hrRows>['executeTakeFirstOrThrow']>>,
  'job_code' | 'department' | 'division' | 'location' | 'company' | 'scim_roles'
>

/** What mapping reads, as the row has it in the open. */
export function wordsOf(row: Words) {
  return {
    ...(row.job_code === null ? {} : { jobCode: row.job_code }),
    ...(row.department === null ? {} : { department: row.department }),
    ...(row.division === null ? {} : { division: row.division }),
    ...(row.location === null ? {} : { location: row.location }),
    ...(row.company === null ? {} : { company: row.company }),
    scimRoles: [...parseTexts(row.scim_roles)],
  }
}
