// The broker's keys as an operator sees them, from the key folder, the schedule and the record. It
// reads, and gives out nothing but ids of public halves.

import { sql } from 'kysely'
import type { KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { keyWords } from '@wardkey/protocol/admin/keys/key-words'
import type { KeyKind } from '@wardkey/protocol/admin/keys/key-words'
import type { KeyChain } from '../../audit/key-changes/key-chain.ts'
import type { NoteVerifier } from '../../audit/signed-note.ts'
import { downtimeNamesIn } from '../../platform/keys/downtime-keys.ts'
import type { KeyFolder } from '../../platform/keys/key-folder.ts'
import type { RecordKeyOrder } from '../../platform/keys/record-keys.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { toldFact } from '../timeline/told-fact.ts'
import { countOf } from '../enrolment/believed-authorities.ts'
import { readStanding } from './authority-row.ts'
import type { NamedAuthority } from './authority-standing.ts'
import { authorityWarnMs } from './note-authority-end.ts'
import { listSignInKeys } from './list-sign-in-keys.ts'

export interface Keyring {
  readonly folder: Pick<KeyFolder, 'names'>
  /** Absent where no change was ever ordered. */
  readonly findOrder: () => RecordKeyOrder | undefined
  readonly findRecordKey: (print: string) => NoteVerifier | undefined
  readonly chain: () => KeyChain
  /** Ids of the public halves of those that have one and never change. */
  readonly ids: Readonly<Record<'bundle' | 'door' | 'witness', string>>
  readonly authority: () => AuthorityTimes
  /** Whether this broker's key folder has that next authority, and when its certificate is good. */
  readonly findNext: (generation: string) => AuthorityTimes | undefined
  /** Which files of it this broker's key folder lacks, or has otherwise. */
  readonly missing: (authority: NamedAuthority) => readonly string[]
  /** Ids of a generation, without any key; nothing where the folder lacks it. */
  readonly signInIds: (generation: string) => Promise<readonly string[] | undefined>
  readonly signInPeriodMs: number
}

export interface AuthorityTimes {
  readonly caSha256: string
  readonly beganMs: number
  readonly endsMs: number
}

type ListNeeds = Pick<FlowNeeds, 'db' | 'nowMs'> & { readonly keyring: Keyring }

const dayMs = 86_400_000
/** Written out as the partial index has it: a record is long, and these are few. */
const isOfKey = sql<boolean>`code in ('KEY-002', 'KEY-003')`
/** What came from the root key once and stays. */
const derived = ['lookup', 'pin-pepper', 'person-keys', 'cookies'] as const

export async function listKeys(needs: ListNeeds): Promise<KeyShown[]> {
  const { keyring, nowMs } = needs
  const firstMs = await beginningMs(needs)
  const old = { ...(firstMs === undefined ? {} : { sinceMs: firstMs }), isOlder: true }
  const lasting = (kind: KeyKind, id?: string): KeyShown => ({
    ...keyOf(kind),
    ...old,
    ...(id === undefined ? {} : { id }),
  })
  const next = await nextAuthorityKey(needs)
  const today = Math.floor(nowMs() / dayMs) * dayMs
  return [
    await masterKey(needs, old),
    lasting('root'),
    ...(await recordKeys(needs, firstMs)),
    ...(await listSignInKeys(needs)),
    authorityKey(keyring, nowMs(), next),
    ...(next ? [next] : []),
    ...(['bundle', 'door', 'witness'] as const).map((kind) => lasting(kind, keyring.ids[kind])),
    ...derived.map((kind) => lasting(kind)),
    { ...keyOf('tickets'), sinceMs: today, isOlder: false, nextMs: today + dayMs },
    ...downtimeNamesIn(keyring.folder).map((name) => ({
      ...{ ...keyOf('downtime'), name, isOlder: true },
    })),
  ]
}

export function keyOf(kind: KeyKind): Omit<KeyShown, 'isOlder'> {
  const { rotation, command } = keyWords[kind]
  return { kind, state: 'in-force', rotation, ...(command === undefined ? {} : { command }) }
}

/** Keys that nobody wrote down were there when the record began. */
async function beginningMs({ db }: ListNeeds): Promise<number | undefined> {
  const row = await db.selectFrom('fact').select('at_ms').orderBy('idx').limit(1).executeTakeFirst()
  return row?.at_ms
}

type Since = Pick<KeyShown, 'sinceMs' | 'isOlder'>

async function masterKey({ db }: ListNeeds, old: Since): Promise<KeyShown> {
  const changed = await db
    .selectFrom('fact')
    .select('at_ms')
    .where(isOfKey)
    .where('code', '=', 'KEY-002')
    .orderBy('idx', 'desc')
    .limit(1)
    .executeTakeFirst()
  const since = changed ? { sinceMs: changed.at_ms, isOlder: false } : old
  return { ...keyOf('master'), ...since }
}

async function recordKeys({ db, keyring }: ListNeeds, firstMs?: number): Promise<KeyShown[]> {
  const { now, ended } = keyring.chain()
  const rows = await db
    .selectFrom('fact')
    .selectAll()
    .where(isOfKey)
    .where('code', '=', 'KEY-003')
    .orderBy('idx')
    .execute()
  const changedMs = new Map(rows.map((row) => [toldFact(row).fields['note'], row.at_ms]))
  let since: Since = { ...(firstMs === undefined ? {} : { sinceMs: firstMs }), isOlder: true }
  const before = ended.map(({ from, reason, note }): KeyShown => {
    const endsMs = changedMs.get(note)
    const began = since
    since = { ...(endsMs === undefined ? {} : { sinceMs: endsMs }), isOlder: false }
    const end = { ...(endsMs === undefined ? {} : { endsMs }), reason, state: 'ended' as const }
    return { ...keyOf('record'), ...began, ...end, id: idOf(from) }
  })
  const signing = now.map((key) => ({ ...keyOf('record'), ...since, id: idOf(key) }))
  return [...before, ...signing, ...preparedKey(keyring)].reverse()
}

const idOf = ({ keyId }: NoteVerifier): string => keyId.toString('hex')

/** Made and told to who has to know; an order that was carried out stays in its file. */
function preparedKey({ findOrder, findRecordKey, chain }: Keyring): KeyShown[] {
  const order = findOrder()
  const key = order && findRecordKey(order.key)
  if (!key) return []
  const { now, ended } = chain()
  const isKnown = [...now, ...ended.map(({ from }) => from)].some((one) => one.key.equals(key.key))
  if (isKnown) return []
  return [{ ...keyOf('record'), id: idOf(key), state: 'prepared', isOlder: false }]
}

function authorityKey({ authority }: Keyring, nowMs: number, next?: KeyShown): KeyShown {
  const { caSha256, beganMs, endsMs } = authority()
  return {
    ...keyOf('authority'),
    // What is next for the one is what is next for the other.
    ...(next ? { name: 'the present one', command: next.command } : {}),
    ...{ id: caSha256, sinceMs: beganMs, isOlder: false, endsMs },
    ...(endsMs - nowMs <= authorityWarnMs ? { warning: 'ends-soon' as const } : {}),
  }
}

const nextStates = {
  prepared: { state: 'shown', command: 'wardkey-broker keys rotate authority' },
  rotating: { state: 'in-force', command: 'wardkey-broker keys end authority' },
  'taken-back': { state: 'ending', command: 'wardkey-broker keys prepare authority' },
} as const

async function nextAuthorityKey(needs: ListNeeds): Promise<KeyShown | undefined> {
  const next = (await readStanding(needs))?.standing.next
  if (!next) return undefined
  const { generation, sha256, state } = next
  const found = needs.keyring.findNext(generation)
  const isHere = found?.caSha256 === sha256
  const times = isHere ? { sinceMs: found.beganMs, endsMs: found.endsMs } : {}
  const name = state === 'taken-back' ? 'the next one, taken back' : 'the next one'
  const about = { name, id: sha256, ...nextStates[state], isOlder: false, ...times }
  const workstations = await countOf(sha256, needs)
  const without = workstations.active - workstations.renewed
  const warning = isHere ? {} : { warning: 'not-here' as const }
  return { ...keyOf('authority'), ...about, without, workstations, ...warning }
}
