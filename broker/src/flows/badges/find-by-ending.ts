// Badges whose number ends in some digits, in whichever way it is written. Numbers are sealed, so
// that each is opened and looked at, in small pieces; none of them goes out.

import type { Kysely } from 'kysely'
import type { BadgeFound, BadgesFound } from '@wardkey/protocol/admin/badges/badge-find'
import { badgeId, personId } from '@wardkey/protocol/ids'
import type { PersonKeys } from '../../audit/person-keys.ts'
import { openCard } from '../../identity/badges.ts'
import { cardForms } from '../../identity/cards/card-forms.ts'
import { isResting } from '../../identity/cards/resting-badge.ts'
import { openName } from '../../identity/person-name.ts'
import type { Schema } from '../../store/schema.ts'

interface FindNeeds {
  readonly db: Kysely<Schema>
  readonly personKeys: Pick<PersonKeys, 'unwrap'>
}

interface Asked {
  readonly ends: string
  /** Whether the caller may see who people are. */
  readonly isNamed: boolean
}

/** Whoever taps meanwhile waits for one piece at most. */
const pieceMax = 100
const shownMax = 20

export async function findByEnding(asked: Asked, needs: FindNeeds): Promise<BadgesFound> {
  const badges: BadgeFound[] = []
  let after = ''
  for (;;) {
    const rows = await rowsAfter(after, needs.db)
    for (const row of rows) {
      const found = foundIn(row, asked, needs)
      if (found && badges.length === shownMax) return { badges, hasMore: true }
      if (found) badges.push(found)
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < pieceMax) return { badges, hasMore: false }
    after = last.id
    // A database in this process answers at once: by itself no piece would let anybody in between.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

type Row = Awaited<ReturnType<typeof rowsAfter>>[number]

function rowsAfter(after: string, db: Kysely<Schema>) {
  return db
    .selectFrom('badge')
    .innerJoin('person', 'person.id', 'badge.person_id')
    .innerJoin('person_key', 'person_key.person_id', 'badge.person_id')
    .select(['badge.id', 'badge.person_id', 'badge.sealed', 'badge.technology', 'badge.status'])
    .select(['badge.suspended_for', 'person.name_sealed', 'person_key.wrapped'])
    .where('badge.id', '>', after)
    .orderBy('badge.id')
    .limit(pieceMax)
    .execute()
}

/** Of somebody who was forgotten no number can be opened. */
function foundIn(row: Row, { ends, isNamed }: Asked, needs: FindNeeds): BadgeFound | undefined {
  if (row.wrapped === null) return undefined
  const key = needs.personKeys.unwrap(row.person_id, row.wrapped)
  const id = badgeId.parse(row.id)
  const canonical = openCard(row.sealed, key, id)
  const forms = [{ form: 'as it is kept', text: canonical }, ...cardForms(canonical)]
  const form = forms.findLast(({ text }) => text.endsWith(ends))
  if (!form) return undefined
  const whose = personId.parse(row.person_id)
  return {
    ...{ badgeId: id, personId: whose, technology: row.technology, status: row.status },
    isResting: isResting({ status: row.status, suspendedFor: row.suspended_for }),
    ...(isNamed ? { name: openName(row.name_sealed, key, whose) } : {}),
    form: form.form,
  }
}
