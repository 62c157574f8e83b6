// Two brokers of one record, on a PostgreSQL of their own, each in a process: they share keys, know
// of each other, and serve.

import { BrokerProgram } from './broker-program.ts'
import type { BrokerPlan } from './broker-program.ts'
import { PostgresServer } from './postgres-server.ts'
import type { Undo } from './undo.ts'

export interface BrokerPair {
  readonly postgres: PostgresServer
  readonly first: BrokerProgram
  readonly second: BrokerProgram
}

/** Nobody is asked for a PIN, and no screen fades while a test looks at it. */
const calmRules = { idleMs: 600_000, pin: 'never' }

export async function openPair(undo: Undo, given: BrokerPlan = {}): Promise<BrokerPair> {
  const postgres = undo.add(await PostgresServer.make(), (one) => one.dispose())
  const plan = { rules: calmRules, ...given, postgresUrl: postgres.url }
  const make = async (more: BrokerPlan = {}): Promise<BrokerProgram> =>
    undo.add(await BrokerProgram.make({ ...plan, ...more }), (one) => one.dispose())
  const first = await make()
  const second = await make({ keysDir: first.keysDir })
  first.introduce([second.address])
  second.introduce([first.address])
  await first.start()
  await second.start()
  return { postgres, first, second }
}
