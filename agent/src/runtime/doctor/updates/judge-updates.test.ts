// What the doctor says of updates: of each thing that they wait for or that is wrong, what to do;
// and nothing of what is over.

import { describe, expect, it } from 'vitest'
import type { UpdateTold } from '../../../updates/hand-over/hand-over-words.ts'
import { waitWord } from '../../../updates/hand-over/session-waits.ts'
import { wellTold } from '../facts-for-tests.ts'
import { findings } from '../findings.ts'
import { nothing } from '../meaning.ts'
import { judgeUpdates } from './judge-updates.ts'
import { updateFindings } from './update-findings.ts'
import type { UpdateFindingCode } from './update-findings.ts'
import type { FolderFlaw, UpdatesFact } from './updates-fact.ts'
import { waitCodes } from './wait-findings.ts'

type On = Extract<UpdatesFact, { kind: 'on' }>
const on = (told: Partial<UpdateTold> = {}, change: Partial<On> = {}): On => ({
  ...{ kind: 'on', flaws: [], isHeard: true, order: 'none' },
  ...{ told: { ...wellTold, ...told } },
  ...change,
})
const mute = (change: Partial<On> = {}): On => ({
  ...{ kind: 'on', flaws: [], isHeard: false, order: 'none' },
  ...change,
})
const codes = (updates: UpdatesFact, running = '0.1.0') =>
  judgeUpdates(updates, running).map(({ code }) => code)
const way = { number: 7, from: '0.1.0', to: '0.2.0' }
const step = (trial: Exclude<UpdateTold['trial'], undefined>) => on({ trial, ready: 'on-trial' })
const refused = (why: string) => on({ refused: { number: 7, why, atMs: 1 } })
const last = (
  outcome: 'healthy' | 'failed' | 'returned',
  flaw?: NonNullable<NonNullable<UpdateTold['last']>['flaw']>,
) => on({ last: { ...way, outcome, atMs: 1, ...(flaw === undefined ? {} : { flaw }) } })
const flawed = (flaw: FolderFlaw) => on({}, { flaws: [flaw] })

const waitCases = Object.entries(waitCodes).flatMap(([word, code]) => {
  const waits = waitWord.parse(word)
  return code === undefined ? [] : [[code, on({}, { waits })] as const]
})

describe('of updates the doctor says', () => {
  const cases: readonly (readonly [UpdateFindingCode, UpdatesFact])[] = [
    ['updates-no-key', { kind: 'no-key' }],
    ['updates-off', { kind: 'disabled' }],
    ['updates-well', on()],
    ['updates-folder-missing', mute({ flaws: ['missing'] })],
    ['updates-folder-missing', flawed('in-missing')],
    ['updates-folder-open', flawed('open')],
    ['updates-folder-open', on({ ready: 'folder-open' })],
    ['updates-in-not-ours', flawed('in-not-ours')],
    ['updates-in-open', flawed('in-open')],
    ['updates-part-silent', mute()],
    ['updates-part-silent', on({}, { isHeard: false })],
    ['updates-not-kept', on({ ready: 'not-kept' })],
    ['updates-no-room', on({ ready: 'no-room' })],
    ['updates-not-ready', on({ ready: 'something-new' })],
    ['updates-order-laid', on({}, { order: 'laid' })],
    ['updates-order-not-taken', mute({ order: 'laid' })],
    ['updates-order-left', on({}, { order: 'left' })],
    ...waitCases,
    ['updates-installing', step({ step: 'installing', ...way })],
    ['updates-on-trial', step({ step: 'on-trial', ...way, starts: 1 })],
    ['updates-returning', step({ step: 'returning', ...way, tries: 1, flaw: 'no-link' })],
    ['updates-end-not-noted', step({ step: 'ended', ...way, outcome: 'healthy' })],
    ['updates-restart-waits', on({ installed: '0.2.0' })],
    ['updates-put-off', refused('in-use')],
    ['updates-put-off', refused('busy')],
    ['updates-put-off', refused('update-not-newer')],
    ['updates-not-believed', refused('update-not-signed')],
    ['updates-not-believed', refused('update-older')],
    ['updates-download-wrong', refused('download-changed')],
    ['updates-not-kept', refused('not-kept')],
    ['updates-refused', refused('install-failed')],
    ['updates-refused', refused('constructor')],
    ['updates-last-well', last('healthy')],
    ['updates-back-no-reader', last('returned', 'no-reader')],
    ['updates-back-no-link', last('returned', 'no-link')],
    ['updates-back-no-answer', last('returned', 'no-answer')],
    ['updates-back-crashed', last('returned', 'crashed')],
    ['updates-failed-installer', last('failed', 'installer')],
    ['updates-failed-cut-off', last('failed', 'cut-off')],
    ['updates-failed-no-way-back', last('failed', 'no-way-back')],
  ]
  it.each(cases)('%s', (code, updates) => {
    expect(codes(updates)).toContain(code)
  })
  it('something of everything that it can find', () => {
    const said = new Set<string>(cases.map(([code]) => code))
    expect(Object.keys(updateFindings).filter((code) => !said.has(code))).toEqual([])
  })
  it('what comes next of all that is not simply well', () => {
    const silent = Object.entries(updateFindings).filter(([, { next }]) => next === nothing)
    expect(silent.map(([code]) => code)).toEqual(['updates-well', 'updates-last-well'])
  })
  it('nothing wrong of a workstation that waits, or that others update', () => {
    const calm: readonly UpdatesFact[] = [
      { kind: 'no-key' },
      { kind: 'disabled' },
      refused('in-use'),
      on({}, { order: 'laid' }),
      on({}, { waits: 'emergency' }),
      on({}, { waits: 'window' }),
      step({ step: 'on-trial', ...way, starts: 2 }),
      last('healthy'),
    ]
    for (const updates of calm) {
      const levels = judgeUpdates(updates, '0.1.0').map(({ level }) => level)
      expect(new Set(levels)).toEqual(new Set(['ok']))
    }
  })
})

describe('of updates the doctor does not', () => {
  it('say that the part is silent where its folder is not even there', () => {
    expect(codes(mute({ flaws: ['missing'] }))).toEqual(['updates-folder-missing'])
  })
  it('say twice that the folder is open', () => {
    const both = on({ ready: 'folder-open' }, { flaws: ['open'] })
    expect(codes(both)).toEqual(['updates-folder-open'])
  })
  it('call it well where the folder is not as it should be, or nobody was heard', () => {
    for (const updates of [flawed('in-open'), on({}, { isHeard: false }), mute()]) {
      expect(codes(updates)).not.toContain('updates-well')
    }
  })
  it('say that an order waits while what it asked for is under way', () => {
    const under = step({ step: 'installing', ...way })
    expect(codes({ ...under, order: 'laid' })).toEqual(['updates-installing'])
  })
  it('say what is waited for while an order lies there or something is under way, nor twice', () => {
    expect(codes(on({}, { order: 'laid', waits: 'in-use' }))).not.toContain('updates-waits-in-use')
    const under = step({ step: 'installing', ...way })
    expect(codes({ ...under, waits: 'in-use' })).toEqual(['updates-installing'])
    expect(codes(on({ ready: 'no-room' }, { waits: 'no-room' }))).toEqual(['updates-no-room'])
    expect(codes(mute({ waits: 'no-installer' }))).toEqual(['updates-part-silent'])
  })
  it('believe an old word for what could begin now', () => {
    expect(codes(on({ ready: 'not-kept' }, { isHeard: false }))).not.toContain('updates-not-kept')
  })
  it('complain of a release that somebody has put there all the same, or of one before that', () => {
    for (const installed of ['0.2.0', '0.3.0']) {
      const { told } = last('returned', 'no-link')
      expect(codes(on({ ...told, installed }), installed)).toEqual(['updates-well'])
    }
    const { told } = last('failed', 'no-way-back')
    const broken = on({ ...told, installed: '0.2.0' })
    expect(codes(broken, '0.2.0')).toContain('updates-failed-no-way-back')
  })
  it('speak of the one before while another is on trial', () => {
    const { told } = last('returned', 'no-link')
    const trial = { step: 'on-trial', ...way, to: '0.3.0', starts: 1 } as const
    expect(codes(on({ ...told, trial }))).toEqual(['updates-well', 'updates-on-trial'])
  })
  it('say that an agent waits for its restart that does not run', () => {
    const found = judgeUpdates(on({ installed: '0.2.0' }))
    expect(found.map(({ code }) => code)).not.toContain('updates-restart-waits')
  })
  it('put more into a line than releases, a time or a word of the part', () => {
    for (const { about = '' } of judgeUpdates(step({ step: 'installing', ...way }))) {
      expect(about).toMatch(/^(\d+\.\d+\.\d+ to \d+\.\d+\.\d+)?$/)
    }
    expect(findings['updates-part-silent'].level).toBe('warn')
  })
})
