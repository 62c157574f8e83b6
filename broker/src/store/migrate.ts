// Brings a database to the newest schema: numbered, forward only, all of what is new or nothing of
// it.

import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Migration } from 'kysely/migration'
import type { Kysely } from 'kysely'
import { Fault } from '../platform/fault.ts'
import type { Schema } from './schema.ts'
import { firstTables } from './migrations/m0001-first-tables.ts'
import { checkpointChain } from './migrations/m0002-checkpoint-chain.ts'
import { emergencyAccess } from './migrations/m0003-emergency-access.ts'
import { offline } from './migrations/m0004-offline.ts'
import { peopleFromHr } from './migrations/m0005-people-from-hr.ts'
import { brokerWords } from './migrations/m0006-broker-words.ts'
import { policyAndMode } from './migrations/m0007-policy-and-mode.ts'
import { errands } from './migrations/m0008-errands.ts'
import { twoPeople } from './migrations/m0009-two-people.ts'
import { recordByWhom } from './migrations/m0010-record-by-whom.ts'
import { consoleSessions } from './migrations/m0011-console-sessions.ts'
import { witnesses } from './migrations/m0012-witnesses.ts'
import { alerts } from './migrations/m0013-alerts.ts'
import { streams } from './migrations/m0014-streams.ts'
import { keyNotes } from './migrations/m0015-keys.ts'
import { speedAndReviews } from './migrations/m0016-speed-and-reviews.ts'
import { toldOnce } from './migrations/m0017-told-once.ts'
import { tokenMakers } from './migrations/m0018-token-makers.ts'
import { fleet } from './migrations/m0019-fleet.ts'
import { forgetting } from './migrations/m0020-forgetting.ts'
import { madeAlone } from './migrations/m0021-made-alone.ts'
import { retention } from './migrations/m0022-retention.ts'
import { updates } from './migrations/m0023-updates.ts'
import { factsOfTaps } from './migrations/m0024-facts-of-taps.ts'
import { waysToTaps } from './migrations/m0026-ways-to-taps.ts'
import { waysToKeys } from './migrations/m0027-ways-to-keys.ts'
import { waysToLocks } from './migrations/m0029-ways-to-locks.ts'
import { notBegun } from './migrations/m0030-not-begun.ts'

type Engine = 'sqlite' | 'postgres'

/** In the order of their numbers. A released one is never edited, renamed or taken away. */
const migrationsFor = (engine: Engine): Record<string, Migration> => ({
  '0001-first-tables': firstTables(engine),
  '0002-checkpoint-chain': checkpointChain(engine),
  '0003-emergency-access': emergencyAccess(engine),
  '0004-offline': offline(engine),
  '0005-people-from-hr': peopleFromHr(engine),
  '0006-broker-words': brokerWords(engine),
  '0007-policy-and-mode': policyAndMode(engine),
  '0008-errands': errands(engine),
  '0009-two-people': twoPeople(engine),
  '0010-record-by-whom': recordByWhom(),
  '0011-console-sessions': consoleSessions(engine),
  '0012-witnesses': witnesses(engine),
  '0013-alerts': alerts(engine),
  '0014-streams': streams(engine),
  '0015-keys': keyNotes(engine),
  '0016-speed-and-reviews': speedAndReviews(engine),
  '0017-told-once': toldOnce(engine),
  '0018-token-makers': tokenMakers(engine),
  '0019-fleet': fleet(engine),
  '0020-forgetting': forgetting(engine),
  '0021-made-alone': madeAlone(),
  '0022-retention': retention(engine),
  '0023-updates': updates(engine),
  '0024-facts-of-taps': factsOfTaps(),
  '0026-ways-to-taps': waysToTaps(engine),
  '0027-ways-to-keys': waysToKeys,
  '0029-ways-to-locks': waysToLocks(engine),
  '0030-not-begun': notBegun,
})

/**
 * Refuses a database that knows migrations this release does not: Fault `store-newer`. Throws
 * `store-unavailable`, permanent, when a migration fails; the database is then as before.
 *
 * On PostgreSQL the migrator holds a transaction and a lock of its own. On SQLite it has neither:
 * the caller brings a connection with an open `begin exclusive`, and ends that.
 *
 * `upTo` is for a backup of an older release, whose rows are put into the tables that it knew.
 */
export async function migrate(db: Kysely<Schema>, engine: Engine, upTo?: string): Promise<void> {
  const migrations = migrationsFor(engine)
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  })
  const done = await namesIn(db, engine)
  const newer = done.find((name) => !(name in migrations))
  if (newer !== undefined) {
    const cause = new Error(`the database has migration ${newer}, which this release does not know`)
    throw new Fault('store-newer', 'permanent', { cause })
  }
  // As at nearly every start: the migrator would look at every table there is to find that out.
  if (done.length === Object.keys(migrations).length) return
  if (upTo !== undefined && done.at(-1) === upTo) return
  const { error, results } =
    upTo === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(upTo)
  if (error === undefined) return
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName ?? 'unknown'
  const cause = new Error(`migration ${failed} failed`, { cause: error })
  throw new Fault('store-unavailable', 'permanent', { cause })
}

/** All that this release knows, in their order. */
export const knownMigrations = (): readonly string[] => Object.keys(migrationsFor('sqlite')).sort()

async function namesIn(db: Kysely<Schema>, engine: Engine): Promise<readonly string[]> {
  const isThere =
    engine === 'sqlite'
      ? sql<{ is: 0 | 1 }>`select exists (select 1 from sqlite_master where name = ${book}) as "is"`
      : sql<{ is: boolean }>`select to_regclass(${book}) is not null as "is"`
  const { rows: found } = await isThere.execute(db)
  if (!found[0]?.is) return []
  const rows = await db
    .$extendTables<{ [book]: { name: string } }>()
    .selectFrom(book)
    .select('name')
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => name)
}

/** Where the migrator keeps what was done. */
const book = 'kysely_migration'
