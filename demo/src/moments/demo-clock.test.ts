// The clock that a visitor hurries: order, taking back, and stopping.

import { describe, expect, it } from 'vitest'
import { TrustedTime } from '@wardkey/agent/offline/trusted-time'
import { DemoClock } from './demo-clock.ts'

const never = (): boolean => false

describe('the demo’s clock', () => {
  it('lets minutes pass at once, with what was due in them, in its order', async () => {
    const clock = new DemoClock()
    const beganMs = clock.monoMs()
    const ran: string[] = []
    clock.after(90_000, () => ran.push('later'))
    clock.after(10_000, () => {
      ran.push('first')
      clock.after(20_000, () => ran.push('from within'))
    })
    clock.after(600_000, () => ran.push('not yet'))
    await clock.pass(120_000, never)
    expect(ran).toEqual(['first', 'from within', 'later'])
    expect(clock.monoMs() - beganMs).toBeGreaterThanOrEqual(120_000)
  })

  it('runs nothing that was taken back, not even in the same step', async () => {
    const clock = new DemoClock()
    const ran: string[] = []
    const takeBack = clock.after(400, () => ran.push('taken back'))
    clock.after(300, () => {
      takeBack()
    })
    await clock.pass(2000, never)
    expect(ran).toEqual([])
  })

  it('stops when it is asked to', async () => {
    const clock = new DemoClock()
    let isOver = false
    clock.after(5000, () => {
      isOver = true
    })
    const beganMs = clock.monoMs()
    await clock.pass(3_600_000, () => isOver)
    expect(clock.monoMs() - beganMs).toBeLessThan(60_000)
  })

  it('moves the wall clock as far when it is hurried, and sets it apart when asked', async () => {
    const clock = new DemoClock()
    const apart = (): number => clock.wallMs() - performance.timeOrigin - clock.monoMs()
    const beganMs = apart()
    await clock.pass(60_000, never)
    expect(Math.abs(apart() - beganMs)).toBeLessThan(50)
    clock.aheadMs = 3_600_000
    expect(apart() - beganMs).toBeGreaterThan(3_500_000)
  })

  it('leaves a workstation that is cut off the time that it can be sure of', async () => {
    const clock = new DemoClock()
    const time = new TrustedTime(clock, { highestMs: 0, offsetMs: 0 })
    await clock.pass(600_000, never)
    expect(time.isDoubtful).toBe(false)
  })
})
