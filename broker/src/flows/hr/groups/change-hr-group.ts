// HR's groups: added, changed and removed with their members, and with the roles that members gain
// or lose by it, in one unit. A member that is there already, or is not, is no error.

import type { PersonId } from '@wardkey/protocol/ids'
import { personId } from '@wardkey/protocol/ids'
import { newFact } from '../../flow-needs.ts'
import type { AdminRefused } from '../../person-flow.ts'
import type { Recorded } from '../../recorded.ts'
import type { HrActor, HrNeeds } from '../hr-flow.ts'
import { hrNo } from '../hr-flow.ts'
import { findGroup, findGroupByName, membersOf } from './hr-group-row.ts'
import type { HrGroup } from './hr-group-row.ts'
import {
  addMembers,
  deleteGroup,
  dropMembers,
  insertGroup,
  updateGroup,
} from './hr-group-writes.ts'
import { inParts } from './in-parts.ts'
import { remapPeople } from './remap-people.ts'
import type { Remapped } from './remap-people.ts'

export interface GroupWord {
  readonly displayName: string
  readonly externalId: string | null
  readonly members: readonly PersonId[]
}

export type GroupAnswer =
  | {
      readonly kind: 'taken'
      readonly outcome: 'added' | 'changed' | 'same' | 'removed'
      readonly group: HrGroup
      readonly members: readonly PersonId[]
    }
  | AdminRefused

/** People whose roles one act may change: each is a row, a fact and perhaps a screen. */
const peopleMax = 2000

export async function addHrGroup(
  { word, client, by }: HrActor & { readonly word: GroupWord },
  needs: HrNeeds,
): Promise<Recorded<GroupAnswer>> {
  const { db } = needs
  if (await findGroupByName(db, word.displayName)) return refuse('group-name-taken', { by }, needs)
  const nowMs = needs.nowMs()
  const group: HrGroup = {
    id: needs.newId(),
    client,
    ...{ displayName: word.displayName, externalId: word.externalId },
    ...{ createdMs: nowMs, changedMs: nowMs, version: 1 },
  }
  const members = [...new Set(word.members)].sort()
  const joined = await joining(group, group, { added: members, dropped: [], all: members }, needs, {
    by,
    client,
  })
  if ('code' in joined) return refuse(joined.code, { by }, needs)
  const fields = { by, source: client, group: group.id, added: members.length }
  return {
    answer: { kind: 'taken', outcome: 'added', group, members },
    facts: [newFact(needs, 'HRG-001', { fields }), ...joined.facts],
    writes: [insertGroup(db, group), ...addMembers(db, group.id, members), ...joined.writes],
    notices: joined.notices,
  }
}

export interface GroupChange extends HrActor {
  readonly groupId: string
  readonly ifVersion?: readonly number[]
  readonly word: (now: GroupWord) => GroupWord | AdminRefused
}

export async function changeHrGroup(
  change: GroupChange,
  needs: HrNeeds,
): Promise<Recorded<GroupAnswer>> {
  const { db } = needs
  const { by, client, groupId } = change
  const about = { by, group: groupId }
  const was = await findGroup(db, groupId)
  if (!was) return refuse('group-unknown', about, needs)
  if (change.ifVersion && !change.ifVersion.includes(was.version)) {
    return refuse('record-moved', about, needs)
  }
  const had = await membersOf(db, groupId)
  const { displayName, externalId } = was
  const word = change.word({ displayName, externalId, members: had })
  if ('code' in word) return refuse(word.code, about, needs)
  const all = [...new Set(word.members)].sort()
  const [before, after] = [new Set(had), new Set(all)]
  const added = all.filter((member) => !before.has(member))
  const dropped = had.filter((member) => !after.has(member))
  const isSameName = word.displayName === displayName && word.externalId === externalId
  if (isSameName && added.length + dropped.length === 0) {
    const fields = { ...about, source: client, added: 0, dropped: 0 }
    return taken('same', was, had, [newFact(needs, 'HRG-002', { fields })])
  }
  const holder = await findGroupByName(db, word.displayName)
  if (holder !== undefined && holder !== was.id) return refuse('group-name-taken', about, needs)
  const group = {
    ...was,
    ...{ displayName: word.displayName, externalId: word.externalId },
    ...{ changedMs: Math.max(needs.nowMs(), was.changedMs), version: was.version + 1 },
  }
  const joined = await joining(was, group, { added, dropped, all }, needs, { by, client })
  if ('code' in joined) return refuse(joined.code, about, needs)
  const fields = { ...about, source: client, added: added.length, dropped: dropped.length }
  return {
    ...taken('changed', group, all, [newFact(needs, 'HRG-002', { fields }), ...joined.facts]),
    writes: [
      updateGroup(db, was, group),
      ...dropMembers(db, was.id, dropped),
      ...addMembers(db, was.id, added),
      ...joined.writes,
    ],
    notices: joined.notices,
  }
}

export async function removeHrGroup(
  { groupId, ifVersion, by, client }: Omit<GroupChange, 'word'>,
  needs: HrNeeds,
): Promise<Recorded<GroupAnswer>> {
  const about = { by, group: groupId }
  const was = await findGroup(needs.db, groupId)
  if (!was) return refuse('group-unknown', about, needs)
  if (ifVersion && !ifVersion.includes(was.version)) return refuse('record-moved', about, needs)
  const dropped = await membersOf(needs.db, groupId)
  const joined = await joining(was, was, { added: [], dropped, all: [] }, needs, { by, client })
  if ('code' in joined) return refuse(joined.code, about, needs)
  const fields = { ...about, source: client, dropped: dropped.length }
  return {
    ...taken('removed', was, [], [newFact(needs, 'HRG-003', { fields }), ...joined.facts]),
    writes: [...deleteGroup(needs.db, was), ...joined.writes],
    notices: joined.notices,
  }
}

interface Members {
  readonly added: readonly PersonId[]
  readonly dropped: readonly PersonId[]
  readonly all: readonly PersonId[]
}

async function joining(
  was: HrGroup,
  group: HrGroup,
  { added, dropped, all }: Members,
  needs: HrNeeds,
  actor: HrActor,
): Promise<Remapped | AdminRefused> {
  if (!(await areKnown(added, needs))) return hrNo('person-unknown')
  const isRenamed = was.displayName !== group.displayName
  const about = new Set(isRenamed ? [...all, ...dropped] : [...added, ...dropped])
  if (about.size > peopleMax) return hrNo('group-too-large')
  const isIn = new Set(all)
  return remapPeople(
    [...about],
    (person, now) => [
      ...now.filter(({ id }) => id !== group.id).map(({ name }) => name),
      ...(isIn.has(person) ? [group.displayName] : []),
    ],
    actor,
    needs,
  )
}

async function areKnown(people: readonly PersonId[], { db }: HrNeeds): Promise<boolean> {
  const known = new Set<PersonId>()
  for (const some of inParts(people)) {
    const rows = await db
      .selectFrom('person_hr')
      .select('person_id')
      .where('person_id', 'in', some)
      .where('deleted_ms', 'is', null)
      .execute()
    for (const row of rows) known.add(personId.parse(row.person_id))
  }
  return people.every((person) => known.has(person))
}

function taken(
  outcome: 'changed' | 'same' | 'removed',
  group: HrGroup,
  members: readonly PersonId[],
  facts: Recorded<GroupAnswer>['facts'],
): Recorded<GroupAnswer> {
  return { answer: { kind: 'taken', outcome, group, members }, facts, writes: [], notices: [] }
}

function refuse(
  code: AdminRefused['code'],
  fields: Readonly<Record<string, string>>,
  needs: HrNeeds,
): Recorded<GroupAnswer> {
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'HRG-101', { rule: code, fields })],
    writes: [],
    notices: [],
  }
}
