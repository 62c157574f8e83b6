// After people.roles was changed: who of those who are here would have other roles by it, and their
// roles made so, held to what was shown (decision 0039).

import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { parseTexts } from '../../../identity/json-column.ts'
import { heldBackOf } from '../../access-reviews/hold-back.ts'
import { newFact } from '../../flow-needs.ts'
import { isOwnRecord } from '../../own-record.ts'
import type { Recorded } from '../../recorded.ts'
import { groupsOfPeople } from '../groups/hr-group-row.ts'
import { remapPeople, wordsOf } from '../groups/remap-people.ts'
import type { HrNeeds } from '../hr-flow.ts'
import { hrRows } from '../hr-person-row.ts'
import { mapRoles } from '../map-roles.ts'

export interface RoleChange {
  readonly personId: PersonId
  readonly had: readonly string[]
  readonly roles: readonly string[]
}

export interface RolePage {
  readonly changes: readonly RoleChange[]
  /** Where to go on; absent at the end. */
  readonly next?: PersonId
}

/** `limit` people are looked at; those whom nothing would change are not named. */
export async function planRemap(
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
  needs: HrNeeds,
): Promise<RolePage> {
  const rows = await rowsIn(needs)
    .where('person_hr.person_id', '>', after)
    .orderBy('person_hr.person_id')
    .limit(limit)
    .execute()
  const changes = (await changesOf(rows, needs)).filter((one) => !isSame(one.had, one.roles))
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { changes, ...(last ? { next: personId.parse(last.person_id) } : {}) }
}

export interface Remapping {
  readonly changed: readonly PersonId[]
  /** What would change is no longer what was shown: nothing of hers was touched. */
  readonly moved: readonly PersonId[]
}

/** One unit. Who has the roles already is left alone, so that the same may be asked again. */
export async function applyRemap(
  shown: readonly RoleChange[],
  by: string,
  needs: HrNeeds,
): Promise<Recorded<Remapping>> {
  const ids = shown.map((one) => one.personId)
  const rows = await rowsIn(needs).where('person_hr.person_id', 'in', ids).execute()
  const now = new Map((await changesOf(rows, needs)).map((one) => [one.personId, one]))
  const changed: PersonId[] = []
  const moved: PersonId[] = []
  for (const { personId: id, had, roles } of shown) {
    const is = now.get(id)
    // Her own roles are a colleague's to change.
    if (!is || !isSame(is.roles, roles) || isOwnRecord(id, by)) moved.push(id)
    else if (isSame(is.had, had)) changed.push(id)
    else if (!isSame(is.had, roles)) moved.push(id)
  }
  const actor = { by, client: 'settings', changed: 'mapping' } as const
  const remapped = await remapPeople(
    changed,
    (_person, groups) => groups.map(({ name }) => name),
    actor,
    needs,
  )
  const fields = { by, action: 'people.remap', changed: changed.length, moved: moved.length }
  return {
    answer: { changed, moved },
    facts: [newFact(needs, 'ADM-001', { fields }), ...remapped.facts],
    writes: remapped.writes,
    notices: remapped.notices,
  }
}

/** Whoever has left for good keeps what she had. */
function rowsIn({ db }: HrNeeds) {
  return hrRows(db)
    .where('person_hr.deleted_ms', 'is', null)
    .where('person.status', '<>', 'terminated')
    .select('person.roles')
}

type Rows = Awaited<ReturnType<ReturnType<typeof rowsIn>['execute']>>

async function changesOf(rows: Rows, needs: HrNeeds): Promise<readonly RoleChange[]> {
  const ids = rows.map((row) => personId.parse(row.person_id))
  const groups = await groupsOfPeople(needs.db, ids)
  const heldBack = await heldBackOf(ids, 'role', needs.db)
  return rows.map((row) => {
    const names = (groups.get(row.person_id) ?? []).map(({ name }) => name)
    const mapped = mapRoles(needs.roleRules, { ...wordsOf(row), groups: names })
    const held = heldBack.get(row.person_id) ?? []
    const roles = mapped.roles.filter((role) => !held.includes(role))
    return { personId: personId.parse(row.person_id), had: parseTexts(row.roles), roles }
  })
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.join(' ') === b.join(' ')
