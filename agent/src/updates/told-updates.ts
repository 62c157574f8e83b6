// How far updates are at this workstation, for its inventory: what the part with the rights told,
// in the closed form of the protocol. Nothing where this workstation does not update itself.

import type { InventoryBody } from '@wardkey/protocol/workstation/fleet/inventory'
import type { Settings } from '../platform/settings.ts'
import { handOverPlaces, readSaid } from './hand-over/hand-over-places.ts'
import { updateTold } from './hand-over/hand-over-words.ts'
import type { UpdateTold } from './hand-over/hand-over-words.ts'

type Of = Pick<Settings, 'updates.releaseKey' | 'updates.enabled' | 'updates.folder'>
type Told = InventoryBody['updates']

/** Never rejects for what the disk says: an inventory is told without it. */
export async function toldUpdates(settings: Of): Promise<Told> {
  if (settings['updates.releaseKey'] === '' || !settings['updates.enabled']) return undefined
  try {
    const told = await readSaid(handOverPlaces(settings['updates.folder']).told, updateTold)
    return told && inventoried(told)
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
    return undefined
  }
}

function inventoried({ installed, trial, last }: UpdateTold): NonNullable<Told> {
  const isUnderWay = trial !== undefined && trial.step !== 'ended'
  return {
    ...(installed === undefined ? {} : { installed }),
    ...(isUnderWay ? { underWay: { to: trial.to, step: trial.step } } : {}),
    ...(last ? { last: lastOf(last) } : {}),
  }
}

function lastOf({ to, outcome, flaw }: NonNullable<UpdateTold['last']>) {
  return { to, outcome, ...(flaw === undefined ? {} : { flaw }) }
}
