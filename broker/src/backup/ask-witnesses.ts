// Asks the witnesses of a record about a database that was restored: whether one of them has seen
// more than is there. It signs nothing, and waits for nobody longer than a few seconds.

import type { Kysely } from 'kysely'
import { trustFrom } from '../audit/key-changes/key-chain.ts'
import { RecordTree } from '../audit/proofs/record-tree.ts'
import { RecordOnDisk } from '../audit/record-on-disk.ts'
import { emptyFrontier } from '../audit/merkle/tree-hash.ts'
import type { NoteVerifier } from '../audit/signed-note.ts'
import type { Offer, Shown } from '../audit/witness/witness.ts'
import { openWitness } from '../opening/open-witnesses.ts'
import type { Settings } from '../platform/settings.ts'
import type { Schema } from '../store/schema.ts'

export interface Heard {
  readonly witness: string
  readonly said: Shown
}

const answerWithinMs = 6_000

/** In the order of the settings; none where the record has no checkpoint yet. */
export async function askWitnesses(
  settings: Settings,
  own: NoteVerifier,
  db: Kysely<Schema>,
): Promise<readonly Heard[]> {
  const offer = await offerOf(db)
  if (!offer) return []
  const { all } = trustFrom([own], await new RecordOnDisk(db).keyChanges())
  const record = { origin: own.name, keys: () => all, changes: () => [] }
  return Promise.all(
    settings['record.witnesses'].map(async (one) => {
      const witness = await openWitness(one, record, db)
      return { witness: one.name, said: await within(witness.show(offer)) }
    }),
  )
}

async function offerOf(db: Kysely<Schema>): Promise<Offer | undefined> {
  const disk = new RecordOnDisk(db)
  const last = await disk.lastCheckpoint()
  if (!last) return undefined
  const tree = new RecordTree(disk)
  for (let frontier = emptyFrontier; frontier.size < last.size;) {
    frontier = (await disk.grow(frontier, last.size - frontier.size, tree.keep)).frontier
  }
  const { size, note } = last
  return {
    size,
    note,
    consistency: (old) => tree.consistency(old, size),
    rootAt: (at) => tree.root(at),
  }
}

async function within(shown: Promise<Shown>): Promise<Shown> {
  const { promise, resolve } = Promise.withResolvers<Shown>()
  const timer = setTimeout(() => {
    resolve({ kind: 'failed', reason: 'no-answer' })
  }, answerWithinMs)
  try {
    return await Promise.race([shown, promise])
  } finally {
    clearTimeout(timer)
  }
}
