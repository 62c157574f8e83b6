// The whole agent with a real browser, cut off from a broker that had given it a bundle: badge and PIN
// open what works without it, wrong PINs stay counted over a restart, and afterwards it is all told
// once.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { offlinePersonOf } from '../../../test/kit/offline-bundles.ts'
import { WholeAgent, entriesOf } from './whole-agent-for-tests.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const rosa = '04a1b2c3d4e501'
const ben = '04a1b2c3d4e502'
const rightPin = '27051846'

describe.runIf(chromiumPath !== undefined)('the agent without a broker', () => {
  let whole: WholeAgent
  const people = [
    offlinePersonOf({ uid: rosa }),
    offlinePersonOf({ uid: ben, name: 'Ben Okafor', nameShown: 'B. Okafor' }),
  ]

  beforeEach(async () => {
    whole = await WholeAgent.open(chromiumPath ?? '')
  })
  afterEach(() => whole.close())

  async function signIn(uid: string, name: string): Promise<string> {
    whole.hand.do({ kind: 'tap', uid })
    await whole.seen(name)
    await whole.type(`${rightPin}\r`)
    return whole.opened()
  }

  it('opens what works without it, switches, and tells a broker all of it once', async () => {
    await whole.cutOff(people)
    const hers = await signIn(rosa, 'R. Santos')
    await whole.seen('what works now')
    const his = await signIn(ben, 'B. Okafor')
    expect(his).not.toBe(hers)
    await whole.broughtBack()
    const facts = await whole.toldLines()
    const entries = entriesOf(facts)
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
    const admitted = entries.filter((one) => one.kind === 'decided' && one.outcome === 'admitted')
    expect(admitted).toMatchObject([
      { sessionId: hers, personId: people[0]?.personId, rule: 'badge-and-pin' },
      { sessionId: his, personId: people[1]?.personId, rule: 'badge-and-pin' },
    ])
    const left = entries.filter(({ kind }) => kind === 'left')
    expect(left).toMatchObject([{ sessionId: hers, reason: 'other-badge' }])
    whole.broker.say({
      kind: 'offline-merged',
      replyTo: facts.id,
      journalId: facts.journalId,
      upToSeq: entries.length,
      sessions: [{ sessionId: his, isKept: true }],
    })
    await whole.until(() => {
      const is = whole.agent?.state.phase
      return is?.kind === 'open' && !is.seated.isAlone
    }, 'confirmed')
    expect(whole.broker.frames.filter(({ kind }) => kind === 'offline-facts')).toHaveLength(0)
    // Nothing of it is a broker's to hear twice, and the screen is the broker's from here on.
    await whole.agent?.stop()
    expect(await whole.broker.next('leave')).toMatchObject({ sessionId: his, reason: 'shutdown' })
    expect(JSON.stringify(whole.logged)).not.toMatch(/27051846|04a1b2c3|Santos|Okafor/)
  }, 90_000)

  it('locks a screen that a broker does not keep', async () => {
    await whole.cutOff(people)
    const hers = await signIn(rosa, 'R. Santos')
    await whole.broughtBack()
    await whole.until(() => whole.broker.frames.some(({ kind }) => kind === 'hello'), 'a hello')
    expect((await whole.broker.next('hello')).openSessionId).toBeUndefined()
    const facts = await whole.toldLines()
    const { id: replyTo, journalId, lines } = facts
    const sessions = [{ sessionId: hers, isKept: false }]
    whole.broker.say({
      kind: 'offline-merged',
      replyTo,
      journalId,
      upToSeq: lines.length,
      sessions,
    })
    await whole.until(() => whole.phase === 'locked', 'locked')
    const [entry] = entriesOf(await whole.toldLines())
    expect(entry).toMatchObject({ kind: 'left', sessionId: hers, reason: 'network-back' })
  }, 90_000)

  it('counts wrong PINs over its own restart, and locks them', async () => {
    await whole.cutOff(people)
    whole.hand.do({ kind: 'tap', uid: rosa })
    await whole.seen('R. Santos')
    for (const left of [4, 3, 2]) {
      await whole.type('31415926\r')
      await whole.seen(`${String(left)} tries left`)
    }
    await whole.agent?.stop()
    await whole.start()
    await whole.until(() => whole.agent?.state.surroundings.link === 'down', 'down')
    whole.hand.do({ kind: 'tap', uid: rosa })
    await whole.seen('R. Santos')
    await whole.seen('2 tries left')
    await whole.type('31415926\r')
    await whole.seen('One try left')
    await whole.type('31415926\r')
    await whole.until(() => whole.phase === 'refused', 'refused')
    expect(whole.agent?.state.phase).toMatchObject({ code: 'pin-locked' })
    await whole.type('\r')
    const his = await signIn(ben, 'B. Okafor')
    expect(his).not.toBe('')
  }, 90_000)
})
