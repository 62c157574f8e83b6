// An update that is cut off anywhere: in the end the old release or the new one runs, and what is
// told is what is so.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeTrial, onStart, returnsMax, startsMax, trial } from './trial.ts'
import type { Signs, Trial } from './trial.ts'

const about = { number: 7, from: '1.1.0', to: '1.2.0' }
const onTrial = { step: 'on-trial', starts: 1, ...about } as const
const well: Signs = { isReaderUp: true, isLinkUp: true, isProbeAnswered: true, sinceMs: 0 }
const minute = 60_000

describe('at a start', () => {
  it('the new release is on trial, and falls three times at most', () => {
    let next = onStart({ step: 'installing', ...about }, '1.2.0')
    expect(next).toEqual({ write: onTrial, then: 'go-on' })
    for (let n = 2; n <= startsMax; n++) {
      next = onStart(next.write, '1.2.0')
      expect(next).toEqual({ write: { ...onTrial, starts: n }, then: 'go-on' })
    }
    expect(onStart(next.write, '1.2.0')).toEqual({
      write: { step: 'returning', tries: 1, flaw: 'crashed', ...about },
      then: 'put-back',
    })
  })
  it('the old one says that nothing came of it', () => {
    const failed = { step: 'ended', outcome: 'failed', flaw: 'cut-off', ...about }
    expect(onStart({ step: 'installing', ...about }, '1.1.0').write).toEqual(failed)
    expect(onStart(onTrial, '1.1.0').write).toEqual(failed)
    expect(onStart(onTrial, '1.3.0')).toEqual({ write: failed, then: 'go-on' })
  })
  it('the old one says that it was put back, and the new one puts it back again', () => {
    const returning = { step: 'returning', tries: 1, flaw: 'no-link', ...about } as const
    const ended = { step: 'ended', outcome: 'returned', flaw: 'no-link', ...about }
    expect(onStart(returning, '1.1.0')).toEqual({ write: ended, then: 'go-on' })
    const again = { write: { ...returning, tries: 2 }, then: 'put-back' }
    expect(onStart(returning, '1.2.0')).toEqual(again)
  })
  it('a way back that does not work is left, and told, and not tried for ever', () => {
    const last = { step: 'returning', tries: returnsMax, flaw: 'no-link', ...about } as const
    const next = onStart(last, '1.2.0')
    const told = { step: 'ended', outcome: 'failed', flaw: 'no-way-back' }
    expect(next).toMatchObject({ write: told, then: 'go-on' })
    expect(onStart(next.write, '1.2.0')).toEqual(next)
  })
})

describe('on trial', () => {
  it('it is well once it has shown all three, however early', () => {
    expect(judgeTrial(onTrial, well, 5 * minute)).toMatchObject({
      write: { step: 'ended', outcome: 'healthy' },
      then: 'go-on',
    })
  })
  it.each<[string, Partial<Signs>]>([
    ['no-reader', { isReaderUp: false }],
    ['no-link', { isLinkUp: false, isProbeAnswered: false }],
    ['no-answer', { isProbeAnswered: false }],
  ])('it goes back for %s, and not before its time is over', (flaw, missing) => {
    const signs = { ...well, ...missing }
    expect(judgeTrial(onTrial, { ...signs, sinceMs: 5 * minute - 1 }, 5 * minute)).toBe(undefined)
    expect(judgeTrial(onTrial, { ...signs, sinceMs: 5 * minute }, 5 * minute)).toMatchObject({
      write: { step: 'returning', flaw },
      then: 'put-back',
    })
  })
})

describe('what was written down', () => {
  it.each<[string, object]>([
    ['a step that is none', { step: 'done', ...about }],
    ['no release', { step: 'installing', ...about, to: 'latest' }],
    ['a count that is none', { ...onTrial, starts: -1 }],
    ['a field that nobody knows', { ...onTrial, also: true }],
  ])('is refused with %s', (_what, wrong) => {
    expect(trial.safeParse(onTrial).success).toBe(true)
    expect(trial.safeParse(wrong).success).toBe(false)
  })
})

/** What is left when the power goes: the package that is there, and the last line that was whole. */
interface Machine {
  running: '1.1.0' | '1.2.0'
  written: Trial
}

/** Before the line is written, after it, or after the package changed as well. */
const cut = fc.constantFrom('before', 'written', 'never')

describe('power that goes at any step', () => {
  it('ends with the old or the new release, and with its truth told', () => {
    const release = fc.record({ crashes: fc.boolean(), isWell: fc.boolean() })
    const anyCuts = fc.array(cut, { maxLength: 12 })
    fc.assert(
      fc.property(release, anyCuts, fc.boolean(), ({ crashes, isWell }, all, isInstalled) => {
        const machine: Machine = {
          running: isInstalled ? '1.2.0' : '1.1.0',
          written: { step: 'installing', ...about },
        }
        const left = [...all]
        for (let start = 0; start < 40 && machine.written.step !== 'ended'; start++) {
          if (!step(machine, onStart(machine.written, machine.running), left.shift())) continue
          if (machine.running === '1.2.0' && crashes) continue
          if (machine.written.step !== 'on-trial' || machine.running !== '1.2.0') continue
          const signs = { ...well, isLinkUp: isWell, sinceMs: 9 * minute }
          const next = judgeTrial(machine.written, signs, minute)
          if (next) step(machine, next, left.shift())
        }
        const { written, running } = machine
        expect(written.step).toBe('ended')
        if (written.step !== 'ended') return
        const isNew = written.outcome === 'healthy' || written.flaw === 'no-way-back'
        expect(running).toBe(isNew ? '1.2.0' : '1.1.0')
        if (isInstalled && (crashes || !isWell)) expect(written.outcome).not.toBe('healthy')
        // Power that goes four times while it is put back is still no dead end.
        const cuts = all.filter((one) => one === 'written').length
        if (written.flaw === 'no-way-back') expect(cuts).toBeGreaterThanOrEqual(returnsMax)
      }),
      { numRuns: 2000 },
    )
  })
})

/** False where it was cut off, or ended to be put back: the next thing is a start. */
function step(
  machine: Machine,
  { write, then }: ReturnType<typeof onStart>,
  cutAt: 'before' | 'written' | 'never' = 'never',
): boolean {
  if (cutAt === 'before') return false
  machine.written = write
  if (cutAt === 'written') return false
  if (then === 'go-on') return true
  machine.running = '1.1.0'
  return false
}
