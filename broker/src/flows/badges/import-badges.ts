// One row of a list of badges: what it would do, by the very flow that enrols a badge, or done, if
// it still means whom it meant. A badge that is hers already is done.

import type { BadgeImportedRow, BadgeImportRow } from '@wardkey/protocol/admin/badges/badge-import'
import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import type { PersonId } from '@wardkey/protocol/ids'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { findCardHolder } from '../../identity/find-card-holder.ts'
import { findPerson } from '../../identity/people.ts'
import { openName, shownName } from '../../identity/person-name.ts'
import { badgeOwner } from './badge-owner.ts'
import { enrolBadge } from '../enrol-badge.ts'
import type { HrNeeds } from '../hr/hr-flow.ts'
import type { Perform } from '../perform.ts'
import { refuseChange } from '../person-flow.ts'
import type { AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'

export type ImportBadgesNeeds = HrNeeds & { readonly perform: Perform }

interface Looked {
  readonly recorded: Recorded<{ readonly kind: 'enrolled' } | AdminRefused>
  readonly row: BadgeImportedRow
}

/** Nothing is written: the flow says what it would write, and that is let go. */
export async function previewBadge(
  row: BadgeImportRow,
  by: string,
  needs: HrNeeds,
): Promise<BadgeImportedRow> {
  return (await look(row, by, needs)).row
}

/** `import-moved` where it would do other than was shown, unless nothing is left to do. */
export async function applyBadge(
  row: BadgeImportRow,
  by: string,
  needs: ImportBadgesNeeds,
): Promise<BadgeImportedRow> {
  let last: BadgeImportedRow | undefined
  await needs.perform(async () => {
    const now = await look(row, by, needs)
    last = now.row
    const { seen } = row
    const isSeen = seen?.outcome === now.row.outcome && seen.personId === now.row.personId
    if (isSeen || now.row.outcome !== 'enrols') return now.recorded
    last = { line: row.line, outcome: 'refused', code: 'import-moved' }
    return no('import-moved', now.row.personId, by, needs)
  })
  if (!last) throw new Error('a row that nobody looked at')
  return last
}

async function look(
  { line, owner, card, technology }: BadgeImportRow,
  by: string,
  needs: HrNeeds,
): Promise<Looked> {
  const personId = await badgeOwner(owner, needs)
  if (!personId) {
    const recorded = no('person-unknown', undefined, by, needs)
    return { recorded, row: { line, outcome: 'refused', code: 'person-unknown' } }
  }
  const name = await nameOf(personId, needs)
  const whom = { line, personId, ...(name === undefined ? {} : { name }) }
  const holder = await findCardHolder(needs.db, lookupOf(card, needs.cardKey))
  if (holder?.personId === personId) {
    const recorded = no('badge-taken', personId, by, needs)
    return { recorded, row: { ...whom, outcome: 'same' } }
  }
  const order = { personId, card, by, ...(technology === undefined ? {} : { technology }) }
  const recorded = await enrolBadge(order, needs)
  if (recorded.answer.kind === 'enrolled') {
    return {
      recorded: { ...recorded, answer: { kind: 'enrolled' } },
      row: { ...whom, outcome: 'enrols' },
    }
  }
  const { code } = recorded.answer
  const taken = code === 'badge-taken' && holder ? { holder: holder.personId } : {}
  return {
    recorded: { ...recorded, answer: recorded.answer },
    row: { ...whom, outcome: 'refused', code, ...taken },
  }
}

async function nameOf(id: PersonId, { db, personKeys }: HrNeeds): Promise<string | undefined> {
  const person = await findPerson(db, id)
  const key = person && (await personKeys.find(id))
  return key && shownName(openName(person.nameSealed, key, id), 'short')
}

function no(
  code: AdminRefusalCode,
  person: PersonId | undefined,
  by: string,
  needs: HrNeeds,
): Recorded<AdminRefused> {
  return refuseChange('BDG-101', code, { ...(person ? { person } : {}), by }, needs)
}
