// What brokers of one database tell each other: every word once, whatever order its numbers commit in,
// and none that is not true any more.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import pg from 'pg'
import { messageId, sessionId, workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../test/kit/broker-core.ts'
import type { TestStore } from '../../../test/kit/stores.ts'
import { engines } from '../../../test/kit/stores.ts'
import { BrokerWords, wordMemoryMs } from './broker-words.ts'
import type { Notice } from './recorded.ts'
import { sweep } from './sweep.ts'

const nobodyLost = { list: () => [], settled: () => undefined }

function lockOf(at: WorkstationId, session: string = randomUUID()): Notice {
  const id = messageId.parse(randomUUID())
  const frame = {
    kind: 'lock',
    id,
    sessionId: sessionId.parse(session),
    code: 'session-moved',
  } as const
  return { kind: 'to-workstation', workstationId: at, frame }
}

for (const { engine, open, isHere } of engines) {
  describe.runIf(isHere)(`words between brokers on ${engine}`, () => {
    let core: BrokerCore
    let opened: TestStore
    let monoMs = 0
    let missed = 0
    let heard: Notice[] = []
    const somewhere = workstationId.parse(randomUUID())

    beforeEach(async () => {
      core = await openCore({
        open: async () => {
          opened = await open()
          return opened
        },
      })
      heard = []
      monoMs = 0
      missed = 0
    })
    afterEach(() => core.close())

    const wordsOf = (carry: (notice: Notice) => void = () => undefined): BrokerWords =>
      new BrokerWords({
        ...{ store: core.store, origin: randomUUID(), nowMs: () => core.nowMs(), carry },
        monoMs: () => monoMs,
        onMissed: () => {
          missed += 1
        },
      })
    async function listener(): Promise<BrokerWords> {
      const words = wordsOf((notice) => heard.push(notice))
      await words.start()
      return words
    }
    const say = (words: BrokerWords, ...notices: Notice[]) =>
      core.store.commit({ kind: 'housekeeping', writes: words.post(notices) })

    it('are heard once by another, and not by the one that said them', async () => {
      const [speaker, other] = [wordsOf((notice) => heard.push(notice)), await listener()]
      const word = lockOf(somewhere)
      await say(speaker, word)
      await other.look()
      await other.look()
      await speaker.look()
      expect(heard).toEqual([word])
    })
    it('are not heard by a broker that was started after them', async () => {
      await say(wordsOf(), lockOf(somewhere))
      const other = await listener()
      await other.look()
      expect(heard).toEqual([])
    })
    it('tell nothing of EHRs, compliance or tokens: those are the business of who decided', () => {
      const id = sessionId.parse(randomUUID())
      const own: Notice[] = [
        { kind: 'session-locked', sessionId: id },
        { kind: 'emergency-given', grantId: randomUUID() },
        { kind: 'workstation-in-doubt', workstationId: somewhere },
      ]
      expect(wordsOf().post(own)).toEqual([])
    })
    it('do not lock a screen to which she has come back meanwhile', async () => {
      await core.addZone('4-west')
      const here = await core.addWorkstation('4-west')
      const anna = await core.addPerson()
      const other = await listener()
      const session = await core.signIn(here, anna)
      await say(wordsOf(), lockOf(here, session), lockOf(here))
      await other.look()
      expect(heard).toHaveLength(1)
    })
    it('are passed over where this release does not know them', async () => {
      const other = await listener()
      const values = { origin: 'x', notice: '{"kind":"of-tomorrow"}', at_ms: core.nowMs() }
      const query = core.store.read.insertInto('broker_word').values(values).compile()
      await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
      await say(wordsOf(), lockOf(somewhere))
      await other.look()
      expect(heard).toHaveLength(1)
    })
    it('go after ten minutes, and are not needed for what follows', async () => {
      const other = await listener()
      await say(wordsOf(), lockOf(somewhere))
      await other.look()
      core.pass(wordMemoryMs + 1)
      await sweep({ ...core.needs, lost: nobodyLost })
      expect(await core.store.read.selectFrom('broker_word').selectAll().execute()).toEqual([])
      monoMs += 60_000
      await say(wordsOf(), lockOf(somewhere))
      await other.look()
      expect(heard).toHaveLength(2)
    })
    it('that may have been missed have everybody say hello again', async () => {
      const other = await listener()
      monoMs += 6 * 60_000
      await other.look()
      await other.look()
      expect(missed).toBe(1)
    })
    it.runIf(engine === 'PostgreSQL')('are heard although a later number came first', async () => {
      const other = await listener()
      const url = opened.place.kind === 'postgres' ? opened.place.url : ''
      const slow = new pg.Client({ connectionString: url })
      await slow.connect()
      await slow.query('begin')
      const late = JSON.stringify(lockOf(somewhere))
      const insert = 'insert into broker_word (origin, notice, at_ms) values ($1, $2, $3)'
      await slow.query(insert, ['slow', late, core.nowMs()])
      await say(wordsOf(), lockOf(somewhere))
      await other.look()
      expect(heard).toHaveLength(1)
      await slow.query('commit')
      await slow.end()
      monoMs += 20_000
      await other.look()
      expect(heard).toHaveLength(2)
    })
  })
}
