// Who looked at what is kept about one person, as facts that name her say it: by the office that
// the doer had then, never by an id. Reads only.

import { z } from 'zod'
import { consoleRole } from '@wardkey/protocol/console/signed-in'
import type { ConsoleRole } from '@wardkey/protocol/console/signed-in'
import type { OwnLook } from '@wardkey/protocol/console/own-record'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { consoleMaxMs } from '../console/open-session.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { byPerson, isOwnRecord } from '../own-record.ts'
import { readBack } from '../timeline/read-told.ts'
import type { TimeRange } from '../timeline/read-told.ts'
import type { ToldFact } from '../timeline/told-fact.ts'

export interface LookRead {
  readonly look: OwnLook
  /** Nobody for a token, and for herself. */
  readonly doer: PersonId | undefined
}

interface LooksRead {
  readonly looks: readonly LookRead[]
  readonly isCut: boolean
}

const looksMax = 500
const signInsMax = 1000
/** That she looked herself: it is no look of others. */
export const ownAction = 'own-record.show'

/** What is a look at her alone, and no change. */
const whatOf: ReadonlyMap<unknown, OwnLook['what']> = new Map([
  ['people.show', 'entry'],
  ['scim.users.show', 'entry'],
  ['badges.list', 'badges'],
  ['record.facts', 'record'],
  ['record.presence', 'presence'],
])

export async function readLooks(
  person: PersonId,
  times: TimeRange,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<LooksRead> {
  const subject = { column: 'person_id', ids: [person] } as const
  const read = await readBack(db, subject, times, looksMax, ['ADM-001', 'ADM-006'])
  const rolesAt = new Map<PersonId, (atMs: number) => readonly ConsoleRole[]>()
  const looks: LookRead[] = []
  for (const fact of read.facts) {
    const what = fact.code === 'ADM-006' ? 'timeline' : whatOf.get(fact.fields['action'])
    if (!what) continue
    const doer = doerOf(fact, person)
    if (doer && !rolesAt.has(doer)) rolesAt.set(doer, await rolesOf(doer, times, db))
    const roles = doer && rolesAt.get(doer)?.(fact.atMs)
    looks.push({ look: lookOf(fact, what, person, roles), doer })
  }
  return { looks, isCut: read.isCut }
}

/** Whether she looked already, in the last day: once is enough. */
export async function didLook(
  person: PersonId,
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<boolean> {
  const subject = { column: 'person_id', ids: [person] } as const
  const times = { fromMs: nowMs() - 86_400_000, toMs: nowMs() + 1 }
  const { facts } = await readBack(db, subject, times, looksMax, ['ADM-001'])
  return facts.some(({ fields }) => fields['action'] === ownAction)
}

function doerOf({ fields: { by } }: ToldFact, person: PersonId): PersonId | undefined {
  const prefix = byPerson('')
  if (typeof by !== 'string' || !by.startsWith(prefix)) return undefined
  const doer = personId.safeParse(by.slice(prefix.length)).data
  return doer === person ? undefined : doer
}

function lookOf(
  { index, atMs, fields }: ToldFact,
  what: OwnLook['what'],
  person: PersonId,
  roles: readonly ConsoleRole[] | undefined,
): OwnLook {
  const { by, fromMs, toMs } = fields
  const isHers = typeof by === 'string' && isOwnRecord(person, by)
  return {
    ...{ index, atMs, what, roles: [...(roles ?? [])] },
    by: isHers ? 'herself' : roles ? 'office' : 'program',
    ...(typeof fromMs === 'number' && typeof toMs === 'number' ? { fromMs, toMs } : {}),
  }
}

const roleWords = z.array(consoleRole)

/** By her newest sign-in before then: what she may now is another question. */
async function rolesOf(
  doer: PersonId,
  { fromMs, toMs }: TimeRange,
  db: FlowNeeds['db'],
): Promise<(atMs: number) => readonly ConsoleRole[]> {
  const subject = { column: 'person_id', ids: [doer] } as const
  const times = { fromMs: Math.max(0, fromMs - consoleMaxMs), toMs }
  const { facts } = await readBack(db, subject, times, signInsMax, ['CON-001'])
  return (atMs) => {
    const signIn = facts.find((fact) => fact.atMs <= atMs)
    const words = String(signIn?.fields['roles'] ?? '').split(' ')
    return roleWords.safeParse(words).data ?? []
  }
}
