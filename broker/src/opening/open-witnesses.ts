// Opens what keeps the record from going back: the witnesses that settings name, and this broker as
// the witness of other records.

import { randomInt } from 'node:crypto'
import type { Kysely } from 'kysely'
import { keysOf } from '../audit/key-changes/key-chain.ts'
import type { Sealer } from '../audit/sealer.ts'
import { keyTypes, parseVerifierKey, verifierKey } from '../audit/signed-note.ts'
import type { NoteSigner, NoteVerifier } from '../audit/signed-note.ts'
import { parseWitnessKey } from '../audit/witness/cosignature.ts'
import { fileWitness } from '../audit/witness/file-witness.ts'
import { httpWitness } from '../audit/witness/http-witness.ts'
import { WitnessBook } from '../audit/witness/witness-book.ts'
import { WitnessDesk } from '../audit/witness/witness-desk.ts'
import type { Witness } from '../audit/witness/witness.ts'
import type { Ground } from '../broker-core.ts'
import { Fault } from '../platform/fault.ts'
import type { Settings } from '../platform/settings.ts'
import type { Schema } from '../store/schema.ts'

const chances = 2 ** 20

/**
 * Throws Fault `record-rolled-back` where a witness has seen what is not on disk; one that cannot
 * be asked within a few seconds is asked again as long as the broker runs. Signs nothing: the
 * sealer starts after it.
 */
export async function openWitnesses(
  ground: Ground,
  sealer: Sealer,
  onBroken: (fault: Fault) => void,
): Promise<WitnessDesk> {
  const { settings, store, clock, log, metrics } = ground
  const own = {
    origin: settings['record.origin'],
    keys: () => keysOf(sealer.chain),
    changes: () => sealer.chain.ended.map(({ note }) => note),
  }
  const witnesses: Witness[] = []
  for (const one of settings['record.witnesses']) {
    witnesses.push(await openWitness(one, own, store.read))
  }
  const desk = new WitnessDesk({
    ...{ witnesses, store, log, onBroken },
    nowMs: clock.nowMs,
    monotonicMs: clock.monotonicMs,
    chance: () => randomInt(chances) / chances,
    offer: () => sealer.offer(),
    catchUp: () => sealer.catchUp(),
    onShown: metrics.witnessShown,
  })
  await desk.start()
  return desk
}

export interface OwnRecord {
  readonly origin: string
  /** All keys of the record, and the notes by which they changed. */
  readonly keys: () => readonly NoteVerifier[]
  readonly changes: () => readonly string[]
}

/** One that settings name; what it has cosigned last is looked for in the database. */
export async function openWitness(
  one: Settings['record.witnesses'][number],
  own: OwnRecord,
  db: Kysely<Schema>,
): Promise<Witness> {
  const { name } = one
  if ('folder' in one) return fileWitness({ name, folder: one.folder, ...own })
  const key = parseWitnessKey(one.key)
  if (!key) throw notAKey(`record.witnesses: the key of ${name} is no witness’s key`)
  const last = await db
    .selectFrom('cosignature')
    .select('size')
    .where('witness', '=', name)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  const { url, caFile } = one
  const trust = caFile === undefined ? {} : { caFile }
  const { changes } = own
  return httpWitness({ name, url, key, ...trust, changes, lastSize: last?.size ?? 0 })
}

/** Nothing where it is no record's witness. */
export function openWitnessBook(ground: Ground): WitnessBook | undefined {
  const { settings, store, clock } = ground
  const logs = settings['record.witnessFor'].map((text) => {
    const key = parseVerifierKey(text)
    if (!key) throw notAKey('record.witnessFor: one is no record’s key')
    return key
  })
  if (logs.length === 0) return undefined
  return new WitnessBook({ store, logs, cosigner: cosignerOf(ground), nowMs: clock.nowMs })
}

/** As other brokers are told it: `record.witnesses[].key`. */
export const witnessKeyOf = (ground: Ground): string =>
  verifierKey(cosignerOf(ground), keyTypes.cosignature)

const cosignerOf = ({ settings, keys }: Ground): NoteSigner => ({
  name: `${settings['record.origin']}/witness`,
  key: keys.witness,
})

const notAKey = (text: string): Fault =>
  new Fault('settings-not-valid', 'permanent', { cause: new Error(text) })
