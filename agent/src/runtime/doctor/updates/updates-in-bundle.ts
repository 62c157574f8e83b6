// What may leave the house of this workstation's updates: steps, outcomes and releases, and of why
// only words of a closed list. No path, package, manifest or key. Pure.

import { manifestRefusals } from '@wardkey/protocol/refusals/update-refusals'
import { trial, trialEnding } from '../../../updates/trial.ts'
import type { Seen } from '../facts.ts'
import type { UpdatesFact } from './updates-fact.ts'

/** As the part with the rights says them in `told.json` and in its log. */
export const updateWords: readonly string[] = [
  ...['ready', 'kept', 'not-kept', 'missing', 'other', 'not-whole', 'no-room', 'folder-open'],
  ...['download-missing', 'download-short', 'download-too-large', 'download-changed'],
  ...['download-other', 'busy', 'in-use', 'install-failed'],
  ...trial.options.map(({ shape }) => shape.step.value),
  ...trialEnding.shape.outcome.options,
  ...trialEnding.shape.flaw.unwrap().options,
  ...Object.keys(manifestRefusals),
]

export function updatesInBundle(updates: Seen<UpdatesFact>): object {
  if (updates.kind !== 'seen') return { kind: updates.kind }
  const { fact } = updates
  if (fact.kind !== 'on') return { kind: fact.kind }
  const { flaws, told, isHeard, order, waits } = fact
  const now = { kind: 'on', flaws, isHeard, order, ...(waits === undefined ? {} : { waits }) }
  return { ...now, ...(told ? toldOf(told) : {}) }
}

type Told = NonNullable<Extract<UpdatesFact, { kind: 'on' }>['told']>

function toldOf({ installed, ready, trial: now, refused, last }: Told): object {
  return {
    ...(installed === undefined ? {} : { installed }),
    ready: wordOf(ready),
    ...(now ? { trial: now } : {}),
    ...(refused ? { refused: wordOf(refused.why) } : {}),
    ...(last ? { last } : {}),
  }
}

const wordOf = (why: string): string => (updateWords.includes(why) ? why : '(left out)')
