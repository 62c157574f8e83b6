// What the session's agent does next: far more ways to lay down nothing than to lay down an order.

import { describe, expect, it } from 'vitest'
import type { UpdateTold } from '../hand-over/hand-over-words.ts'
import { goMs, leavesMax, nextSteps, staysMs } from './next-steps.ts'
import type { SessionSight } from './next-steps.ts'

const wall = 1_800_000_000_000
const told = (change: Partial<UpdateTold> = {}): UpdateTold => ({
  ...{ version: 1, atMs: wall, installed: '1.1.0', ready: 'ready' },
  ...change,
})
const go = { number: 7, atMs: 100_000, atWallMs: wall }
const about = { number: 7, from: '1.1.0', to: '1.2.0' } as const
const ended = { step: 'ended', ...about, outcome: 'returned', flaw: 'no-link' } as const
const onTrial = { step: 'on-trial', ...about, starts: 1 } as const
const noted = { version: 1, number: 7, outcome: 'returned' } as const

const sight = (change: Partial<SessionSight> = {}): SessionSight => ({
  ...{ running: '1.1.0', sinceStartMs: 600_000, nowMs: 100_000, waits: undefined },
  ...{ told: told(), noted: undefined, go: undefined, left: undefined },
  ...change,
})
const steps = (change: Partial<SessionSight> = {}) => nextSteps(sight(change))

describe('an order', () => {
  it('lies there while nobody is, a broker said yes and the other part is ready', () => {
    expect(steps({ go })).toMatchObject({ mayLieThere: true, mayLook: false, leave: 'no' })
    expect(steps({ go }).over).toBeUndefined()
    expect(steps({ go, nowMs: go.atMs + goMs - 1 }).mayLieThere).toBe(true)
  })
  it.each<[string, Partial<SessionSight>]>([
    ['no broker said yes', { go: undefined }],
    ['nobody is there to take it up', { told: undefined }],
    ['what runs could not be put back', { told: told({ ready: 'not-kept' }) }],
  ])('does not lie there where %s', (_why, change) => {
    expect(steps({ go, ...change }).mayLieThere).toBe(false)
  })
  it.each(['in-use', 'card-in-reader', 'emergency', 'asked', 'offline'] as const)(
    'is over, and the yes with it, where somebody came: %s',
    (waits) => {
      expect(steps({ go, waits })).toMatchObject({
        ...{ mayLieThere: false, over: { kind: 'came', waits } },
      })
    },
  )
  it.each<[string, Partial<UpdateTold>]>([
    ['begun by another', { trial: { step: 'installing', ...about, number: about.number + 1 } }],
    ['on trial', { trial: onTrial }],
    ['over already', { trial: ended }],
    ['another release', { installed: '1.2.0' }],
    ['there by half', { installed: undefined }],
  ])('is over where what is there is %s', (_what, change) => {
    expect(steps({ go, told: told(change) })).toMatchObject({
      ...{ mayLieThere: false, over: { kind: 'begun' } },
    })
  })
  it('lies there on while it is carried out: whether it still stands is looked at in between', () => {
    const taken = told({ ready: 'not-kept', trial: { step: 'installing', ...about } })
    const now = { go, told: taken }
    expect(steps(now).mayLieThere).toBe(true)
    expect(steps(now).over).toBeUndefined()
    expect(steps({ ...now, waits: 'in-use' })).toMatchObject({
      ...{ mayLieThere: false, over: { kind: 'came', waits: 'in-use' } },
    })
    expect(steps({ ...now, nowMs: go.atMs + goMs }).mayLieThere).toBe(false)
  })
  it('is over when nobody took it up in time', () => {
    expect(steps({ go, nowMs: go.atMs + goMs })).toMatchObject({
      ...{ mayLieThere: false, over: { kind: 'late' } },
    })
  })
  it.each([
    ['download-changed', 'hash'],
    ['download-short', 'hash'],
    ['download-too-large', 'too-large'],
    ['download-other', 'manifest'],
    ['update-not-signed', 'manifest'],
    ['update-older', 'manifest'],
    ['update-not-for-this', 'not-for-this'],
    ['update-too-far', 'not-for-this'],
    ['busy', undefined],
    ['in-use', undefined],
    ['no-room', undefined],
    ['not-kept', undefined],
    ['folder-open', undefined],
    ['something-newer', undefined],
  ])('is over where it was refused: %s', (why, flaw) => {
    const refused = { number: 7, why, atMs: wall }
    expect(steps({ go, told: told({ refused }) }).over).toEqual({
      ...{ kind: 'refused', why },
      ...(flaw === undefined ? {} : { flaw }),
    })
  })
  it('is not over for what was refused of another one, or before it', () => {
    for (const refused of [
      { number: 6, why: 'download-changed', atMs: wall },
      { number: 7, why: 'download-changed', atMs: wall - 1 },
    ]) {
      expect(steps({ go, told: told({ refused }) }).mayLieThere).toBe(true)
    }
  })
})

describe('it looks', () => {
  it('where nothing is under way, also where the other part is silent', () => {
    expect(steps().mayLook).toBe(true)
    expect(steps({ told: undefined }).mayLook).toBe(true)
  })
  it.each<[string, Partial<SessionSight>]>([
    ['on trial', { told: told({ trial: onTrial }) }],
    ['ended', { told: told({ trial: ended }) }],
    ['waiting to be begun', { told: told({ installed: '1.2.0' }) }],
    ['there by half', { told: told({ installed: undefined }) }],
    ['ordered', { go }],
  ])('not while one is %s', (_what, change) => {
    expect(steps(change).mayLook).toBe(false)
  })
})

describe('it signs', () => {
  it('while a release is on trial, whichever it is itself', () => {
    expect(steps({ told: told({ trial: onTrial }) }).isSigning).toBe(true)
    expect(
      steps({ running: '1.2.0', told: told({ installed: '1.2.0', trial: onTrial }) }).isSigning,
    ).toBe(true)
  })
  it('at no other time', () => {
    for (const trial of [undefined, { step: 'installing', ...about } as const, ended]) {
      expect(steps({ told: told({ trial }) }).isSigning).toBe(false)
    }
    expect(steps({ told: undefined }).isSigning).toBe(false)
  })
})

describe('an end', () => {
  it('is owed to a broker, as it was told', () => {
    const owed = { number: 7, outcome: 'returned', flaw: 'no-link' }
    expect(steps({ told: told({ trial: ended }) }).owed).toEqual(owed)
  })
  it('is owed no more once a broker has noted it, also over a restart', () => {
    const done = steps({ told: told({ trial: ended }), noted })
    expect([done.owed, done.forgetsNoted]).toEqual([undefined, false])
  })
  it('is owed where another one was noted, which is forgotten', () => {
    for (const other of [{ ...noted, number: 6 }, { ...noted, outcome: 'failed' } as const]) {
      const found = steps({ told: told({ trial: ended }), noted: other })
      expect([found.owed?.number, found.forgetsNoted]).toEqual([7, true])
    }
  })
  it('speaks for no later trial of the same release', () => {
    expect(steps({ noted }).forgetsNoted).toBe(true)
    expect(steps({ noted, told: told({ trial: onTrial }) }).forgetsNoted).toBe(true)
    // Nobody is there to have read it.
    expect(steps({ noted, told: undefined }).forgetsNoted).toBe(false)
  })
  it('is owed by nobody who was not told of one', () => {
    expect(steps({ told: undefined }).owed).toBeUndefined()
    expect(steps({ told: told({ trial: onTrial }) }).owed).toBeUndefined()
  })
})

describe('it makes room', () => {
  const newer = told({ installed: '1.2.0', trial: onTrial })
  const back = told({ installed: '1.0.0', trial: { ...ended, from: '1.0.0', to: '1.1.0' } })
  it('for another release that is there, while nobody is', () => {
    expect(steps({ told: newer }).leave).toBe('now')
    expect(steps({ told: back }).leave).toBe('now')
  })
  it('for the one of before also where no broker answers', () => {
    expect(steps({ told: back, waits: 'offline' }).leave).toBe('now')
    expect(steps({ told: newer, waits: 'offline' }).leave).toBe('no')
  })
  it.each<[string, Partial<SessionSight>]>([
    ['it is the same', { told: told() }],
    ['nobody says what is there', { told: undefined }],
    ['what is there is not whole', { told: told({ installed: undefined }) }],
    ['somebody works', { told: newer, waits: 'in-use' }],
    ['a card is there', { told: back, waits: 'card-in-reader' }],
    ['somebody is asked', { told: back, waits: 'asked' }],
    ['it is an emergency', { told: back, waits: 'emergency' }],
    [
      'files are being put there',
      { told: told({ installed: '1.2.0', trial: { step: 'installing', ...about } }) },
    ],
    [
      'files are being put back',
      {
        running: '1.2.0',
        told: told({ trial: { step: 'returning', ...about, tries: 1, flaw: 'no-link' } }),
      },
    ],
    ['it has just begun', { told: newer, sinceStartMs: staysMs - 1 }],
  ])('not where %s', (_why, change) => {
    expect(steps(change).leave).toBe('no')
  })
  it('not for ever', () => {
    const left = { release: '1.2.0', times: leavesMax }
    expect(steps({ told: newer, left }).leave).toBe('gave-up')
    expect(steps({ told: newer, left: { ...left, times: leavesMax - 1 } }).leave).toBe('now')
    expect(steps({ told: newer, left: { ...left, release: '1.1.9' } }).leave).toBe('now')
  })
})
