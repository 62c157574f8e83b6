// Writes out the record as an auditor is given it: everything that is signed, and at the end what
// is not yet. It reads; it never repairs.

import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import { keyChangesMax } from './record-lines.ts'
import type { RecordLine } from './record-lines.ts'
import { RecordOnDisk } from './record-on-disk.ts'

const readMax = 2000

/** Lines in order; each checkpoint directly after the last entry it covers. */
export async function* exportRecord(
  db: Kysely<Schema>,
  origin: string,
  nowMs: number,
): AsyncGenerator<RecordLine> {
  const disk = new RecordOnDisk(db)
  const changes = await disk.keyChanges()
  yield {
    ...{ kind: 'header', format: 'wardkey-record-1', origin, exportedMs: nowMs },
    ...(changes.length === 0 ? {} : { keyChanges: changes.slice(-keyChangesMax) }),
  }
  let next = 0
  let signed = 0
  for (;;) {
    const checkpoint = await db
      .selectFrom('checkpoint')
      .select(['size', 'note', 'leaves'])
      .where('size', '>', signed)
      .orderBy('size')
      .limit(1)
      .executeTakeFirst()
    const toIndex = checkpoint === undefined ? Number.MAX_SAFE_INTEGER : checkpoint.size
    for await (const line of entries(db, next, toIndex)) {
      yield line
      next = line.index + 1
    }
    if (!checkpoint) return
    signed = toIndex
    const leaves = Buffer.from(checkpoint.leaves).toString('base64')
    yield { kind: 'checkpoint', note: await disk.witnessed(checkpoint), leaves }
  }
}

async function* entries(
  db: Kysely<Schema>,
  fromIndex: number,
  toIndex: number,
): AsyncGenerator<Extract<RecordLine, { kind: 'entry' }>> {
  for (let next = fromIndex; next < toIndex;) {
    const rows = await db
      .selectFrom('fact')
      .select(['idx', 'body'])
      .where('idx', '>=', next)
      .where('idx', '<', toIndex)
      .orderBy('idx')
      .limit(readMax)
      .execute()
    for (const { idx, body } of rows) {
      yield { kind: 'entry', index: idx, body: Buffer.from(body).toString('utf8') }
    }
    const last = rows.at(-1)
    if (!last) return
    next = last.idx + 1
  }
}
