// An update as it is written down before each of its steps: what is being put where, how often the
// new release was started, and how it ended. From that alone follows what to do at each start,
// whatever was cut off. Pure: who reads, writes and installs is elsewhere.

import { z } from 'zod'
import { compareReleases, releaseVersion } from '@wardkey/protocol/workstation/updates/release'
import type { UpdateFlaw } from '@wardkey/protocol/workstation/updates/update-exchange'

const about = {
  number: z.int().min(1),
  from: releaseVersion,
  to: releaseVersion,
  /** False where there was no reader before either; else it has to come up. */
  hadReader: z.boolean().optional(),
}
const count = z.int().min(0).max(1000)
const ended = z.enum(['healthy', 'failed', 'returned'])
const unwell = z.enum(['no-reader', 'no-link', 'no-answer', 'crashed'])
const flaw = z.enum([...unwell.options, 'installer', 'cut-off', 'no-way-back'])

/** Whole on the disk before the step that it names is begun. */
export const trial = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('installing'), ...about }),
  /** The new one runs, and has not shown yet that it is well. */
  z.strictObject({ step: z.literal('on-trial'), ...about, starts: count }),
  z.strictObject({ step: z.literal('returning'), ...about, tries: count, flaw: unwell }),
  /** Until a broker has noted it. */
  z.strictObject({ step: z.literal('ended'), ...about, outcome: ended, flaw: flaw.optional() }),
])
export const trialEnding = z.strictObject({
  number: about.number,
  from: releaseVersion,
  to: releaseVersion,
  outcome: ended,
  flaw: flaw.optional(),
})
export type Trial = z.infer<typeof trial>
type TrialOf<K extends Trial['step']> = Extract<Trial, { step: K }>

/** The third start of a release that has not shown itself well is its last. */
export const startsMax = 3
/** Then somebody has to come: what runs is left running. */
export const returnsMax = 5

export interface Next {
  /** To be durable before anything else is done. */
  readonly write: Trial
  /** `put-back`: the package of before is installed, and this process ends. */
  readonly then: 'go-on' | 'put-back'
}

/** At the start of a release, before it does anything; `running` is that one. */
export function onStart(before: Trial, running: string): Next {
  const isNew = compareReleases(running, before.to) === 0
  switch (before.step) {
    case 'installing':
      // The installer left what was there, or was never reached.
      if (!isNew) return goOn(endedOf(before, 'failed', 'cut-off'))
      return goOn({ ...before, step: 'on-trial', starts: 1 })
    case 'on-trial':
      // Somebody put another one there by hand: that is not ours to undo.
      if (!isNew) return goOn(endedOf(before, 'failed', 'cut-off'))
      return onFall(before)
    case 'returning':
      if (!isNew) return goOn(endedOf(before, 'returned', before.flaw))
      if (before.tries >= returnsMax) return goOn(endedOf(before, 'failed', 'no-way-back'))
      return { write: { ...before, tries: before.tries + 1 }, then: 'put-back' }
    case 'ended':
      return goOn(before)
  }
}

/** The new one is started again while it is on trial. */
export function onFall(before: TrialOf<'on-trial'>): Next {
  if (before.starts >= startsMax) return putBack(before, 'crashed')
  return goOn({ ...before, starts: before.starts + 1 })
}

/** What the new release has shown so far, since it started. */
export interface Signs {
  readonly isReaderUp: boolean
  readonly isLinkUp: boolean
  /** A probe went the way of a tap and was answered. */
  readonly isProbeAnswered: boolean
  readonly sinceMs: number
}

/** Nothing while it may still show itself well. */
export function judgeTrial(
  before: TrialOf<'on-trial'>,
  signs: Signs,
  withinMs: number,
): Next | undefined {
  const missing = missingOf(signs, before.hadReader ?? true)
  if (missing === undefined) return goOn(endedOf(before, 'healthy'))
  return signs.sinceMs >= withinMs ? putBack(before, missing) : undefined
}

function missingOf(signs: Signs, needsReader: boolean): z.infer<typeof unwell> | undefined {
  if (needsReader && !signs.isReaderUp) return 'no-reader'
  if (!signs.isLinkUp) return 'no-link'
  return signs.isProbeAnswered ? undefined : 'no-answer'
}

function putBack(before: TrialOf<'on-trial'>, why: z.infer<typeof unwell>): Next {
  const { number, from, to } = before
  return { write: { step: 'returning', number, from, to, tries: 1, flaw: why }, then: 'put-back' }
}

function endedOf(
  { number, from, to }: Trial,
  outcome: z.infer<typeof ended>,
  why?: z.infer<typeof flaw> & UpdateFlaw,
): TrialOf<'ended'> {
  const flawed = why === undefined ? {} : { flaw: why }
  return { step: 'ended', number, from, to, outcome, ...flawed }
}

const goOn = (write: Trial): Next => ({ write, then: 'go-on' })
