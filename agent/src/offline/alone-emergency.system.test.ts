// The whole agent with a real browser, cut off from its broker: emergency access is asked for on the
// lock screen, given or refused there, ends with its time, and is told afterwards.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OfflineBundle } from '@wardkey/protocol/workstation/offline-bundle'
import { offlinePersonOf } from '../../../test/kit/offline-bundles.ts'
import { WholeAgent, entriesOf } from './whole-agent-for-tests.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const rosa = '04a1b2c3d4e501'
const ben = '04a1b2c3d4e502'
const lost = '04a1b2c3d4e5ff'
const [rightPin, wrongPin] = ['27051846', '31415926']
const care = { code: 'care', label: 'Care cannot wait', asksNote: false }
const other = { code: 'other', label: 'Something else', asksNote: true }

describe.runIf(chromiumPath !== undefined)('emergency access without a broker', () => {
  let whole: WholeAgent
  const people = [
    offlinePersonOf({ uid: rosa, refusal: 'role-not-in-zone', number: '4711' }),
    offlinePersonOf({ uid: ben, name: 'Ben Okafor', nameShown: 'B. Okafor' }),
  ]

  beforeEach(async () => {
    whole = await WholeAgent.open(chromiumPath ?? '', { emergency: { reasons: [care, other] } })
  })
  afterEach(() => whole.close())

  /** The button, and what for; then it wants to know who. */
  async function asks(reason = care.label): Promise<void> {
    await whole.pressed('Emergency access')
    await whole.pressed(reason)
  }
  async function byNumber(staffNumber: string, pin = rightPin): Promise<void> {
    await asks()
    await whole.seen('Or type your staff number')
    await whole.type(`${staffNumber}\r`)
    await whole.until(() => whole.phase === 'entering-pin', 'a question for the PIN')
    await whole.type(`${pin}\r`)
  }
  const refused = async (code: string): Promise<void> => {
    await whole.until(() => whole.phase === 'refused', 'refused')
    expect(whole.agent?.state.phase).toMatchObject({ code })
    await whole.pressed('OK')
    await whole.until(() => whole.phase === 'locked', 'locked')
  }
  const isBannerThere = async () =>
    (await whole.inFront(`String(document.getElementById('wardkey-lasting') !== null)`)) === 'true'
  const cutOff = (change: Partial<OfflineBundle> = {}) => whole.cutOff(people, change)

  it('is given to badge and PIN for a reason and a note, under its banner, until its end', async () => {
    await cutOff({ emergencyLastsMs: 9000 })
    whole.hand.do({ kind: 'tap', uid: rosa })
    await whole.until(() => whole.phase === 'refused', 'refused by policy')
    await asks(other.label)
    await whole.type('bed 7\r')
    await whole.seen('R. Santos')
    await whole.type(`${rightPin}\r`)
    const hers = await whole.opened()
    await whole.seen('what works now')
    await whole.until(isBannerThere, 'the banner')
    await whole.until(() => whole.phase === 'locked', 'its end')
    await whole.seen('The time of your emergency access is over')
    await whole.broughtBack()
    const entries = entriesOf(await whole.toldLines())
    expect(entries.findLast((one) => one.kind === 'decided')).toMatchObject({
      ...{ outcome: 'admitted', sessionId: hers, personId: people[0]?.personId, by: 'card' },
      choice: { reason: 'other', note: 'bed 7', position: 1, of: 2 },
    })
    expect(entries.findLast((one) => one.kind === 'left')).toMatchObject({
      ...{ sessionId: hers, reason: 'emergency-over' },
    })
    expect(JSON.stringify(whole.logged)).not.toMatch(/27051846|04a1b2c3|Santos|4711|bed 7/)
  }, 90_000)

  it('is given to staff number and PIN once a colleague has tapped, and not over a restart', async () => {
    await cutOff()
    await byNumber('4711')
    await whole.seen('Ask a colleague to tap')
    whole.hand.do({ kind: 'tap', uid: rosa })
    await whole.seen('That badge cannot speak for you')
    whole.hand.do({ kind: 'tap', uid: ben })
    const hers = await whole.opened()
    await whole.until(isBannerThere, 'the banner')
    await whole.agent?.stop()
    await whole.start()
    await whole.until(() => whole.agent?.state.surroundings.link === 'down', 'down')
    expect(whole.phase).toBe('locked')
    whole.hand.do({ kind: 'tap', uid: rosa })
    await refused('role-not-in-zone')
    await whole.broughtBack()
    const entries = entriesOf(await whole.toldLines())
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'left', sessionId: hers, reason: 'shutdown' }),
    )
    expect(entries).toContainEqual(
      expect.objectContaining({
        ...{ outcome: 'admitted', by: 'staff-number' },
        witnessId: people[1]?.personId,
      }),
    )
  }, 90_000)

  it('is refused to a lost badge, an unknown number and a wrong PIN alike', async () => {
    await cutOff()
    await asks()
    await whole.seen('Or type your staff number')
    whole.hand.do({ kind: 'tap', uid: lost })
    await refused('not-known-here')
    await byNumber('9999')
    await refused('not-identified')
    await byNumber('4711', wrongPin)
    await refused('not-identified')
    expect(whole.agent?.state.covered).toEqual([])
    const answers = await told()
    expect(JSON.stringify(answers)).not.toMatch(/admitted|9999|4711|e5ff/)
    expect(JSON.stringify(answers)).not.toContain(people[0]?.personId)
  }, 90_000)

  it('asks for a colleague where the PIN is locked, and opens nothing without one', async () => {
    await cutOff()
    await asks()
    whole.hand.do({ kind: 'tap', uid: rosa })
    await whole.seen('R. Santos')
    for (let n = 0; n < 5; n++) {
      await whole.until(() => whole.phase === 'entering-pin', 'a question for the PIN')
      await whole.type(`${wrongPin}\r`)
      await whole.until(() => whole.phase !== 'checking-pin', 'an answer')
    }
    await whole.seen('Ask a colleague to tap')
    expect(whole.phase).toBe('witnessing')
    expect(JSON.stringify(await told())).not.toContain('"admitted"')
  }, 90_000)

  it('is not on the screen where the bundle offers none', async () => {
    await cutOff({ emergencyLastsMs: 0 })
    await whole.seen('Tap your badge')
    expect(await whole.inFront('document.body.innerText')).not.toContain('Emergency access')
  }, 90_000)

  async function told() {
    await whole.broughtBack()
    return entriesOf(await whole.toldLines())
  }
})
