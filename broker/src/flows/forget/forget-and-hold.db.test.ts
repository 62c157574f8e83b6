// A legal hold and a forgetting of two brokers at one moment: real transactions on PostgreSQL, of
// which the hold's is begun and not committed yet while the other looks whether there is one.

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import type { TestStore } from '../../../../test/kit/stores.ts'
import type { Store } from '../../store/store.ts'
import { makePerform } from '../perform.ts'
import { revokePerson } from '../revoke-person.ts'
import { askToForget } from './ask-to-forget.ts'
import { decideForgetting } from './decide-forgetting.ts'
import { placeHold } from './legal-holds.ts'

const ofServers = engines.filter(({ engine }) => engine === 'PostgreSQL')

describe.each(ofServers)('a hold and a forgetting at once on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let opened: TestStore
  let other: Store
  let between: pg.Client
  let anna: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    opened = await open()
    core = await openCore({ open: () => Promise.resolve(opened) })
    other = await opened.reopen()
    const { place } = opened
    if (place.kind !== 'postgres') throw new Error('not a server')
    between = new pg.Client({ connectionString: place.url })
    await between.connect()
    anna = await core.addPerson()
    const { personId } = anna
    const { needs } = core
    await needs.perform(() => revokePerson({ personId, status: 'terminated', by: 'kit' }, needs))
  })
  afterEach(async () => {
    if (!isHere) return
    await between.end()
    await other.close()
    await core.record()
    await core.close()
  })

  const ways = () => ({ ...core.needs, keepIdentifiersMs: 0, head: () => undefined })
  /** Another broker's, on connections of its own. */
  const elsewhere = () =>
    makePerform({ store: other, log: core.needs.log, notices: () => undefined })
  async function asked(): Promise<string> {
    const order = { personId: anna.personId, law: 'a law', reason: 'case 4711', by: 'token one' }
    const { answer } = await core.needs.perform(() => askToForget(order, ways()))
    if (answer.kind !== 'asked') throw new Error(answer.code)
    return answer.id
  }
  /** Until so many transactions wait for a lock. */
  async function waiting(count: number): Promise<void> {
    const text =
      'select pid from pg_stat_activity where datname = current_database() ' +
      "and wait_event_type = 'Lock'"
    for (;;) {
      const { rowCount } = await between.query(text)
      if ((rowCount ?? 0) >= count) return
    }
  }
  const place = (about: object) => () =>
    placeHold({ ...about, reason: 'case 4711', by: `token ${randomUUID()}` }, core.needs)

  it.each([
    ['her', () => ({ personId: anna.personId })],
    ['everybody', () => ({})],
  ])('on %s is seen, although it is not committed yet', async (_whom, about) => {
    const id = await asked()
    const word = { id, outcome: 'approved', by: 'token two' } as const
    // Whoever writes has to wait at its fact, which is the last of a transaction.
    await between.query('begin; lock table fact in share mode')
    const placing = core.needs.perform(place(about()))
    await waiting(1)
    const deciding = elsewhere()(() => decideForgetting(word, ways()))
    await waiting(2)
    await between.query('commit')
    const [placed, decided] = await Promise.all([placing, deciding])
    expect(placed.answer.kind).toBe('placed')
    expect(decided.answer).toMatchObject({ kind: 'refused', code: 'person-on-hold' })
    expect(await core.needs.personKeys.find(anna.personId)).toBeDefined()
  })
  it('is not needed where she comes back, although that is not committed yet', async () => {
    const id = await asked()
    const word = { id, outcome: 'approved', by: 'token two' } as const
    const back = "update person set status = 'active' where id = $1"
    await between.query('begin')
    await between.query(back, [anna.personId])
    const deciding = elsewhere()(() => decideForgetting(word, ways()))
    await waiting(1)
    await between.query('commit')
    const { answer } = await deciding
    expect(answer).toMatchObject({ kind: 'refused', code: 'person-still-here' })
    expect(await core.needs.personKeys.find(anna.personId)).toBeDefined()
  })
  it('waits where she is being forgotten already, and comes after all of it', async () => {
    const id = await asked()
    const word = { id, outcome: 'approved', by: 'token two' } as const
    await between.query('begin; lock table fact in share mode')
    const deciding = elsewhere()(() => decideForgetting(word, ways()))
    await waiting(1)
    const placing = core.needs.perform(place({ personId: anna.personId }))
    await waiting(2)
    await between.query('commit')
    const [placed, decided] = await Promise.all([placing, deciding])
    expect(decided.answer).toEqual({ kind: 'decided' })
    expect(placed.answer.kind).toBe('placed')
    expect(decided.receipt.firstIndex).toBeLessThan(placed.receipt.firstIndex)
    expect(await core.needs.personKeys.find(anna.personId)).toBeUndefined()
  })
})
