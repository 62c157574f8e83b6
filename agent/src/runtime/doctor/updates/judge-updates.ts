// What is to be said of this workstation's updates: what they wait for, what is under way, what is
// wrong, and how the last one ended. Pure.

import { manifestRefusals } from '@wardkey/protocol/refusals/update-refusals'
import { compareReleases } from '@wardkey/protocol/workstation/updates/release'
import type { UpdateTold } from '../../../updates/hand-over/hand-over-words.ts'
import { finding } from '../findings.ts'
import type { Finding } from '../findings.ts'
import type { FolderFlaw, UpdatesFact } from './updates-fact.ts'
import type { UpdateFindingCode } from './update-findings.ts'
import { waitCodes } from './wait-findings.ts'

type On = Extract<UpdatesFact, { kind: 'on' }>
type Trial = NonNullable<UpdateTold['trial']>
type Last = NonNullable<UpdateTold['last']>

/** `running`: the release of the agent that runs, where one does. */
export function judgeUpdates(updates: UpdatesFact, running?: string): readonly Finding[] {
  if (updates.kind === 'no-key') return [finding('updates-no-key')]
  if (updates.kind === 'disabled') return [finding('updates-off')]
  const { told, flaws } = updates
  return [
    ...flaws.map((flaw) => finding(folderCodes[flaw])),
    ...judgePart(updates),
    ...judgeOrder(updates),
    ...judgeWaits(updates),
    ...(told ? [...judgeTrial(told, running), ...judgeRefused(told), ...judgeLast(told)] : []),
  ]
}

const folderCodes = {
  missing: 'updates-folder-missing',
  open: 'updates-folder-open',
  'in-missing': 'updates-folder-missing',
  'in-not-ours': 'updates-in-not-ours',
  'in-open': 'updates-in-open',
} as const satisfies Record<FolderFlaw, UpdateFindingCode>

/** The part with the rights: whether it is there, and whether it could begin. */
function judgePart({ told, isHeard, flaws }: On): readonly Finding[] {
  if (!told) return flaws.includes('missing') ? [] : [finding('updates-part-silent')]
  if (!isHeard) {
    return [finding('updates-part-silent', `last heard ${new Date(told.atMs).toISOString()}`)]
  }
  const { ready, trial } = told
  if (ready === 'ready') return flaws.length === 0 ? [finding('updates-well')] : []
  // It says so of itself while one is under way.
  if (ready === 'on-trial' || (trial && trial.step !== 'ended')) return []
  if (ready === 'folder-open' && flaws.includes('open')) return []
  return [finding(readyCodes.get(ready) ?? 'updates-not-ready', ready)]
}

/** By the part's own words: a map, so that none of them is a name that objects have. */
const readyCodes: ReadonlyMap<string, UpdateFindingCode> = new Map([
  ['folder-open', 'updates-folder-open'],
  ['not-kept', 'updates-not-kept'],
  ['no-room', 'updates-no-room'],
] as const)

function judgeOrder({ order, isHeard, told }: On): readonly Finding[] {
  if (order === 'none' || (told?.trial && told.trial.step !== 'ended')) return []
  if (order === 'left') return [finding('updates-order-left')]
  return [finding(isHeard ? 'updates-order-laid' : 'updates-order-not-taken')]
}

/** The agent in the session: what it waits for, where nothing else says more of it. */
function judgeWaits({ waits, order, told }: On): readonly Finding[] {
  if (waits === undefined || order === 'laid' || told?.trial) return []
  const code = waitCodes[waits]
  return code === undefined || (waits === 'no-room' && told?.ready === waits) ? [] : [finding(code)]
}

function judgeTrial({ trial, installed }: UpdateTold, running?: string): readonly Finding[] {
  const isOther = running !== undefined && installed !== undefined && running !== installed
  const waits = isOther ? [finding('updates-restart-waits', installed)] : []
  if (!trial) return waits
  const way = `${trial.from} to ${trial.to}`
  if (trial.step === 'ended') return [...waits, finding('updates-end-not-noted', way)]
  return [...waits, finding(stepCodes[trial.step], way)]
}

const stepCodes = {
  installing: 'updates-installing',
  'on-trial': 'updates-on-trial',
  returning: 'updates-returning',
} as const satisfies Record<Exclude<Trial['step'], 'ended'>, UpdateFindingCode>

function judgeRefused({ refused, trial }: UpdateTold): readonly Finding[] {
  if (!refused || trial) return []
  return [finding(refusedCode(refused.why), refused.why)]
}

function refusedCode(why: string): UpdateFindingCode {
  if (why === 'busy' || why === 'in-use') return 'updates-put-off'
  if (why === 'update-not-newer') return 'updates-put-off'
  if (Object.hasOwn(manifestRefusals, why)) return 'updates-not-believed'
  if (why.startsWith('download-')) return 'updates-download-wrong'
  return readyCodes.get(why) ?? 'updates-refused'
}

/** Over once what went back is there all the same, or something newer: somebody put it there. */
function judgeLast({ last, installed, trial }: UpdateTold): readonly Finding[] {
  if (!last || (trial && trial.step !== 'ended')) return []
  const way = `${last.from} to ${last.to}`
  if (last.outcome === 'healthy') return [finding('updates-last-well', way)]
  const isOver = installed !== undefined && compareReleases(installed, last.to) >= 0
  if (isOver && last.flaw !== 'no-way-back') return []
  return [finding(lastCodes[last.flaw ?? 'installer'], way)]
}

const lastCodes = {
  'no-reader': 'updates-back-no-reader',
  'no-link': 'updates-back-no-link',
  'no-answer': 'updates-back-no-answer',
  crashed: 'updates-back-crashed',
  installer: 'updates-failed-installer',
  'cut-off': 'updates-failed-cut-off',
  'no-way-back': 'updates-failed-no-way-back',
} as const satisfies Record<NonNullable<Last['flaw']>, UpdateFindingCode>
