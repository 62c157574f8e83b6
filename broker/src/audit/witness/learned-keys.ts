// What this broker, as the witness of other records, has learned of their keys: a key that settings
// name, or that was learned, vouches for the one after it. It forgets none, and takes none back.

import { z } from 'zod'
import type { Store } from '../../store/store.ts'
import { chainFrom, followChange, isSame } from '../key-changes/key-chain.ts'
import type { KeyChain } from '../key-changes/key-chain.ts'
import { openKeyChange } from '../key-changes/key-change.ts'
import { keyNoteWrite } from '../key-changes/key-note-write.ts'
import type { NoteVerifier } from '../signed-note.ts'

const notesMax = 200
const notes = z.array(z.string()).max(notesMax)

interface Needs {
  readonly store: Store
  /** The keys that settings name. */
  readonly logs: readonly NoteVerifier[]
  readonly nowMs: () => number
}

/** The keys of one record that may sign now. */
export async function keysNow(origin: string, needs: Needs): Promise<readonly NoteVerifier[]> {
  return (await find(origin, needs)).chain.now
}

/**
 * 200 where it is known from here on, on the disk; 404 of a record that it is no witness of, 403
 * where no key that is known has signed it, 409 where somebody else was at it: ask again.
 */
export async function learnKey(note: string, needs: Needs): Promise<200 | 400 | 403 | 404 | 409> {
  const change = openKeyChange(note)
  if (!change) return 400
  const { name } = change.to
  if (!needs.logs.some((key) => key.name === name)) return 404
  const { chain, learned, text } = await find(name, needs)
  if (chain.ended.some((one) => isSame(one.to, change.to) && isSame(one.from, change.from))) {
    return 200
  }
  if (learned.length >= notesMax || !followChange(chain, note)) return 403
  const value = JSON.stringify([...learned, note])
  const about = { name: rowOf(name), before: text, value }
  const write = keyNoteWrite(about, { db: needs.store.read, nowMs: needs.nowMs })
  const done = await needs.store.commit({ kind: 'housekeeping', writes: [write] })
  return done.kind === 'committed' ? 200 : 409
}

const rowOf = (origin: string): string => `record-of ${origin}`

async function find(
  origin: string,
  { store, logs }: Needs,
): Promise<{ chain: KeyChain; learned: readonly string[]; text: string | undefined }> {
  const row = await store.read
    .selectFrom('key_note')
    .select('value')
    .where('name', '=', rowOf(origin))
    .executeTakeFirst()
  const learned = row === undefined ? [] : notes.parse(JSON.parse(row.value))
  const given = logs.filter(({ name }) => name === origin)
  // Settings may name a later key by now: what led to it is passed over.
  const chain = learned.reduce(
    (before, note) => followChange(before, note) ?? before,
    chainFrom(given),
  )
  return { chain, learned, text: row?.value }
}
