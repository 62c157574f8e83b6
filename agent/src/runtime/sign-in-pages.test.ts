// A page before the lock screen as the runtime keeps it: shown only while its errand waits for it,
// and gone, whatever goes wrong.

import { beforeEach, describe, expect, it } from 'vitest'
import type { TapId } from '@wardkey/protocol/ids'
import { allErrands, signInPage } from '../machine/proofs/bench.ts'
import { Fault } from '../platform/fault.ts'
import { Bed } from './fakes-for-tests.ts'

const asked = { kind: 'ask-errand', errand: 'new-pin', isSecond: false, again: false } as const

describe('a page to sign in on', () => {
  let bed: Bed
  let tap: TapId

  beforeEach(async () => {
    bed = await new Bed().ready()
    const { rules } = bed.agent.state
    await bed.says({ kind: 'rules', place: 'Bay 1', rules: { ...rules, errands: allErrands } })
    bed.screen.input({ kind: 'errands-asked' })
    bed.screen.input({ kind: 'errand-chosen', errand: 'new-pin' })
    await bed.clock.advance(0)
    tap = bed.link.last('errand')?.tapId ?? tap
    bed.doings.length = 0
  })
  const opens = () =>
    bed.says({ ...asked, tapId: tap, step: 'sign-in', signIn: signInPage, answerWithinMs: 100_000 })

  it('is shown, and gone before the broker is asked what came of it', async () => {
    await opens()
    expect([...bed.launch.visible]).toEqual([tap])
    bed.launch.onPageSays(tap, 'ended')
    await bed.clock.advance(0)
    expect(bed.doings).toEqual(['openPage', 'closePage', 'errand-answer'])
    expect(bed.link.last('errand-answer')?.answer).toEqual({ by: 'sign-in-ended' })
    expect([...bed.launch.visible]).toEqual([])
  })
  it('gives way to an emergency that is asked for on it, and to nothing said of another', async () => {
    const { rules } = bed.agent.state
    const emergency = {
      reasons: [{ code: 'arrest', label: 'Arrest', asksNote: false }],
      lastsMs: 1,
    }
    await bed.says({ kind: 'rules', place: 'Bay 1', rules: { ...rules, emergency } })
    await opens()
    bed.launch.onPageSays('0b5f2f0e-7c1d-4c38-9d6e-2f1f6a0c9b11', 'emergency')
    await bed.clock.advance(0)
    expect(bed.phase).toBe('errand')
    bed.launch.onPageSays(tap, 'emergency')
    await bed.clock.advance(0)
    expect(bed.phase).toBe('choosing-reason')
    expect([...bed.launch.visible]).toEqual([])
  })
  it('that cannot be opened is over, and nothing of it is left', async () => {
    bed.launch.fails.set('openPage', new Fault('launch-failed', 'ambiguous'))
    await opens()
    expect(bed.link.last('errand-answer')?.answer).toEqual({ by: 'sign-in-ended' })
    expect(bed.doings).toContain('closePage')
  })
  it('that does not come in time is over, and closed should it come later', async () => {
    bed.launch.waits.set('openPage', new Promise(() => undefined))
    await opens()
    await bed.clock.advance(21_000)
    expect(bed.link.last('errand-answer')?.answer).toEqual({ by: 'sign-in-ended' })
    expect(bed.doings).toContain('closePage')
  })
  it('that cannot be closed takes its browser with it', async () => {
    bed.launch.fails.set('closePage', new Fault('launch-failed', 'ambiguous'))
    await opens()
    bed.screen.input({ kind: 'errand-cancelled' })
    await bed.clock.advance(0)
    expect(bed.doings).toContain('close')
    expect([...bed.launch.visible]).toEqual([])
    expect(bed.phase).toBe('locked')
  })
  it('is not opened for an errand that was given up before', async () => {
    const hidden = Promise.withResolvers<undefined>()
    bed.launch.waits.set('closePage', hidden.promise)
    await opens()
    bed.launch.onPageSays(tap, 'ended')
    await opens()
    bed.screen.input({ kind: 'errand-cancelled' })
    hidden.resolve(undefined)
    await bed.clock.advance(0)
    expect(bed.doings.filter((what) => what === 'openPage')).toHaveLength(1)
  })
})
