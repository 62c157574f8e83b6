// One row of an import: what it would do, by the very flow that does it, or done, if it is still
// what was shown. A row that is so already is done.

import type { ImportedRow, ImportOutcome, ImportRow } from '@wardkey/protocol/admin/hr'
import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Perform } from '../../perform.ts'
import { refuseChange } from '../../person-flow.ts'
import type { Recorded } from '../../recorded.ts'
import { addHrPerson } from '../add-hr-person.ts'
import { isOneName } from '../adopt/adopt-person.ts'
import { asIfSaid, findByHand } from '../adopt/find-by-hand.ts'
import type { ByHand } from '../adopt/find-by-hand.ts'
import { changeHrPerson } from '../change-hr-person.ts'
import type { HrAnswer, HrNeeds, HrOutcome, HrWord } from '../hr-flow.ts'
import { groupsOf } from '../groups/hr-group-row.ts'
import {
  externalIdLookup,
  findByExternalId,
  findByUserName,
  userNameLookup,
} from '../hr-lookups.ts'
import { findHrRow, openHrRow } from '../hr-person-row.ts'
import type { HrPerson } from '../hr-person-row.ts'
import { personNameOf } from '../hr-record.ts'
import type { HrRecord } from '../hr-record.ts'
import { mapRoles } from '../map-roles.ts'
import { recordOfCells } from './record-of-cells.ts'
import type { RowWord } from './record-of-cells.ts'
import { changedWords } from '../settle-person.ts'

export type ImportNeeds = HrNeeds & { readonly perform: Perform }

const client = 'csv'
const outcomes: Readonly<Record<HrOutcome, ImportOutcome>> = {
  joined: 'joins',
  adopted: 'adopts',
  returned: 'returns',
  changed: 'changes',
  ended: 'ends',
  same: 'same',
}

/** Nothing is written: the flow says what it would write, and that is let go. */
export async function previewRow(row: ImportRow, by: string, needs: HrNeeds): Promise<ImportedRow> {
  const was = await knownBy(row, needs)
  const word = recordOfCells(row.cells, was?.record)
  if (word.kind === 'wrong') return wrong(row, was, word.place)
  const recorded = await flowOf(word, was, by, needs)
  return shown(row, was, word, recorded.answer, needs)
}

/** `import-moved` where it would do other than was shown, unless nothing is left to do. */
export async function applyRow(
  row: ImportRow,
  by: string,
  needs: ImportNeeds,
): Promise<ImportedRow> {
  let last: ImportedRow | undefined
  const { answer } = await needs.perform(async () => {
    const was = await knownBy(row, needs)
    const word = recordOfCells(row.cells, was?.record)
    const recorded: Recorded<HrAnswer> =
      word.kind === 'wrong'
        ? await flowNo('person-unknown', by, needs)
        : await flowOf(word, was, by, needs)
    const now =
      word.kind === 'wrong'
        ? wrong(row, was, word.place)
        : await shown(row, was, word, recorded.answer, needs)
    last = now
    const { seen } = row
    const isSeen =
      seen?.outcome === now.outcome &&
      seen.version === now.version &&
      seen.adopts === now.adopts?.personId
    if (isSeen || now.outcome === 'same' || now.outcome === 'refused') return recorded
    last = { ...now, outcome: 'refused', code: 'import-moved' }
    return flowNo('import-moved', by, needs)
  })
  if (!last) throw new Error('a row that nobody looked at')
  return answer.kind === 'refused' && last.outcome !== 'refused'
    ? { ...last, outcome: 'refused', code: answer.code }
    : last
}

async function knownBy({ cells }: ImportRow, needs: HrNeeds): Promise<HrPerson | undefined> {
  const { db, hrKey } = needs
  const externalId = cells.external_id?.trim() ?? ''
  const userName = cells.user_name?.trim() ?? ''
  const [byId] =
    externalId === '' ? [] : await findByExternalId(db, externalIdLookup(client, externalId, hrKey))
  const found: PersonId | undefined =
    byId && !byId.isDeleted
      ? byId.personId
      : await findByUserName(db, userNameLookup(userName, hrKey))
  const row = found && (await findHrRow(db, found))
  const key = found && (await needs.personKeys.find(found))
  return row && key && row.deleted_ms === null ? openHrRow(row, key) : undefined
}

function flowOf(
  { record, badges }: Extract<RowWord, { kind: 'word' }>,
  was: HrPerson | undefined,
  by: string,
  needs: HrNeeds,
): Promise<Recorded<HrAnswer>> {
  const word: HrWord = { record, badges, dropped: 0 }
  // Whoever applies it saw in the preview whom it would adopt.
  if (!was) return addHrPerson({ client, by, word, isConfirmed: true }, needs)
  const order = { client, by, personId: was.personId, ifVersion: [was.version], word: () => word }
  return changeHrPerson(order, needs)
}

/** A no in the record, by the flow that writes such noes. */
function flowNo(code: AdminRefusalCode, by: string, needs: HrNeeds): Promise<Recorded<HrAnswer>> {
  const { answer, ...rest } = refuseChange('PER-101', code, { by }, needs)
  return Promise.resolve({ ...rest, answer })
}

async function shown(
  row: ImportRow,
  was: HrPerson | undefined,
  { record }: Extract<RowWord, { kind: 'word' }>,
  answer: HrAnswer,
  needs: HrNeeds,
): Promise<ImportedRow> {
  const adopts = was ? undefined : await adoptedBy(record, needs)
  const groups = was ? await groupsOf(needs.db, was.personId) : []
  const { roles, rules } = mapRoles(needs.roleRules, { ...record.place, groups })
  const about = { line: row.line, version: was?.version ?? 0, roles: [...roles], rules: [...rules] }
  if (answer.kind === 'refused') {
    return { ...about, outcome: 'refused', changed: [], code: answer.code }
  }
  const before = was ?? (adopts && asIfSaid(adopts, client))
  const changed = before ? [...changedWords(before.record, record)] : []
  const { badgeStays } = answer
  const stays = badgeStays === undefined ? {} : { badgeStays }
  const isOtherName = adopts && !isOneName(adopts.name, personNameOf(record.identity))
  return {
    ...{ ...about, outcome: outcomes[answer.outcome], changed, ...stays },
    ...(adopts
      ? { adopts: { personId: adopts.person.id, isOtherName: isOtherName === true } }
      : {}),
  }
}

const adoptedBy = (record: HrRecord, needs: HrNeeds): Promise<ByHand | undefined> =>
  findByHand(record.identity, needs)

function wrong(row: ImportRow, was: HrPerson | undefined, place: string): ImportedRow {
  return {
    ...{ line: row.line, outcome: 'refused', version: was?.version ?? 0 },
    ...{ changed: [], roles: [], rules: [], code: 'request-not-understood', place },
  }
}
