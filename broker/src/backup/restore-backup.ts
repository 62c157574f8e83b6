// Restores a backup into an empty database, whole or not at all: the rows and the fact that says so
// are one transaction, which is committed once the backup was read to its end and its record held.

import { randomUUID } from 'node:crypto'
import { encodeFact } from '../audit/fact.ts'
import type { NoteVerifier } from '../audit/signed-note.ts'
import { newFact } from '../flows/flow-needs.ts'
import type { Opener } from '../platform/age/age-stream.ts'
import type { DatabasePlace } from '../store/open-for-reading.ts'
import { fillEmpty } from '../store/snapshot/fill-empty.ts'
import type { Filling } from '../store/snapshot/fill-empty.ts'
import { makeEmpty } from '../store/snapshot/make-empty.ts'
import { verifyBackup } from './verify-backup.ts'
import type { Backed } from './verify-backup.ts'

export interface RestoreOrder {
  readonly file: string
  readonly opener: Opener
  readonly recordKey: NoteVerifier
  readonly place: DatabasePlace
  readonly nowMs: () => number
  readonly onRows: (rows: number) => void
}

/**
 * Throws Fault `store-not-empty`, `store-newer` or `backup-not-valid`; then nothing was restored, and
 * it can be tried again. Killed in the middle, too.
 */
export async function restoreBackup(order: RestoreOrder): Promise<Backed> {
  const { file, opener, recordKey, place, onRows } = order
  const state: { filling: Filling | undefined; nextIndex: number } = {
    filling: undefined,
    nextIndex: 0,
  }
  try {
    const backed = await verifyBackup(file, opener, recordKey, onRows, {
      header: async ({ migrations, tables }) => {
        await makeEmpty(place, migrations)
        const names = tables.map(({ name }) => name)
        state.filling = await fillEmpty(place, names)
      },
      row: async ({ name, columns }, values) => {
        if (name === 'fact') state.nextIndex = Number(values[columns.indexOf('idx')]) + 1
        await state.filling?.add(name, columns, values)
      },
    })
    const { filling } = state
    if (!filling) throw new Error('a backup without a header')
    await addFact(filling, state.nextIndex, backed, order)
    state.filling = undefined
    await filling.commit()
    return backed
  } catch (thrown) {
    await state.filling?.abandon()
    throw thrown
  }
}

/** The record goes on with it: whoever reads it later sees that something may be missing. */
async function addFact(
  filling: Filling,
  index: number,
  { header, signed }: Backed,
  { nowMs }: RestoreOrder,
): Promise<void> {
  const fields = { by: 'host', madeMs: header.madeMs, signed, release: header.release }
  const fact = newFact({ nowMs, newId: randomUUID }, 'BCK-003', { fields })
  const { id, atMs, code, body } = encodeFact(fact)
  const row = { idx: index, id, at_ms: atMs, code, body }
  await filling.add('fact', Object.keys(row), Object.values(row))
}
