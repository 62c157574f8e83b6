// How far updates are at one workstation, in a few words that people read: what is under way, what
// waits to run, how the last one ended. Pure.

import { compareReleases } from '../../workstation/updates/release.ts'
import type { UpdateFlaw } from '../../workstation/updates/update-exchange.ts'
import type { InventoryBody } from '../../workstation/fleet/inventory.ts'

type Updates = NonNullable<InventoryBody['updates']>
type Last = NonNullable<Updates['last']>

/** Nothing where there is nothing to say. `running` is the release of the agent that runs. */
export function updateWords(
  updates: InventoryBody['updates'],
  running: string | undefined,
): string | undefined {
  if (!updates) return undefined
  const { installed, underWay, last } = updates
  const now = underWay && stepWords[underWay.step](underWay.to)
  const waits =
    installed !== undefined && running !== undefined && installed !== running
      ? `${installed} is installed, ${running} still runs`
      : undefined
  const ended = underWay === undefined ? last && lastWords(last, installed) : undefined
  const said = [now, waits, ended].filter((one) => one !== undefined)
  return said.length === 0 ? undefined : said.join('; ')
}

const stepWords = {
  installing: (to: string) => `${to} is being installed`,
  'on-trial': (to: string) => `${to} is on trial`,
  returning: (to: string) => `${to} is going back`,
} as const

/** Over once the release, or something newer, is there all the same. */
function lastWords({ to, outcome, flaw }: Last, installed: string | undefined) {
  if (outcome === 'healthy') return `${to} went well`
  const isOver = installed !== undefined && compareReleases(installed, to) >= 0
  if (isOver && flaw !== 'no-way-back') return undefined
  const how = outcome === 'returned' ? 'went back' : 'failed'
  return flaw === undefined ? `${to} ${how}` : `${to} ${how}: ${flawWords[flaw]}`
}

const flawWords: Readonly<Record<UpdateFlaw, string>> = {
  manifest: 'its manifest was not taken',
  hash: 'its package was another one',
  'too-large': 'its package was too large',
  'not-for-this': 'it is not for this machine',
  installer: 'it could not be installed',
  'no-reader': 'no reader came up',
  'no-link': 'no broker welcomed it',
  'no-answer': 'no tap would have been answered',
  crashed: 'it ended by itself',
  'cut-off': 'it was cut off',
  'no-way-back': 'it is not well, and could not be put back',
}
