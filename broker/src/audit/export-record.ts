// Writes out the record as an auditor is given it: everything that is signed, and at the end what
// is not yet. It reads; it never repairs.

import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import { keyChangesMax } from './record-lines.ts'
import type { RecordLine } from './record-lines.ts'
import { RecordOnDisk } from './record-on-disk.ts'
import { readEntries, readPurges } from './retention/gone-rows.ts'

const readMax = 2000

/**
 * Lines in order; each checkpoint directly after the last entry it covers. Retention may go on
 * meanwhile: what was read before it went is exported as it was, and the list of whatever went
 * comes at the end.
 */
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
    if (!checkpoint) break
    signed = toIndex
    const leaves = Buffer.from(checkpoint.leaves).toString('base64')
    yield { kind: 'checkpoint', note: await disk.witnessed(checkpoint), leaves }
  }
  for await (const { number, list } of readPurges(db)) yield { kind: 'purge', number, list }
}

async function* entries(
  db: Kysely<Schema>,
  fromIndex: number,
  toIndex: number,
): AsyncGenerator<Extract<RecordLine, { kind: 'entry' | 'gone' }>> {
  for (let next = fromIndex; next < toIndex;) {
    const read = await readEntries(db, next, Math.min(toIndex, next + readMax))
    for (const { index, body, leaf } of read) {
      if (body) yield { kind: 'entry', index, body: body.toString('utf8') }
      else yield { kind: 'gone', index, leaf: leaf.toString('base64') }
    }
    const last = read.at(-1)
    if (!last) return
    next = last.index + 1
  }
}
