// Updates of this workstation as they can be seen without rights: settings and the hand-over
// folder. It writes nothing there, follows no link in it, and asks nobody.

import { lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../../../platform/clock.ts'
import { usualWriters, whoElseWrites } from '../../../platform/policy/posix-writers.ts'
import type { Settings } from '../../../platform/settings.ts'
import { handOverPlaces, readSaid } from '../../../updates/hand-over/hand-over-places.ts'
import type { HandOverPlaces } from '../../../updates/hand-over/hand-over-places.ts'
import {
  isFresh,
  orderWithinMs,
  toldWithinMs,
  updateOrder,
  updateTold,
} from '../../../updates/hand-over/hand-over-words.ts'
import { sessionWaits, waitsWithinMs } from '../../../updates/hand-over/session-waits.ts'
import { mayWrite } from '../look-at-machine.ts'
import type { FolderFlaw, UpdatesFact } from './updates-fact.ts'

type Of = Pick<Settings, 'updates.releaseKey' | 'updates.enabled' | 'updates.folder'>

export async function lookAtUpdates(
  settings: Of,
  clock: Pick<Clock, 'wallMs'>,
  platform: string = process.platform,
): Promise<UpdatesFact> {
  if (settings['updates.releaseKey'] === '') return { kind: 'no-key' }
  if (!settings['updates.enabled']) return { kind: 'disabled' }
  const folder = settings['updates.folder']
  const places = handOverPlaces(folder)
  const flaws = flawsOf(folder, places, platform)
  const told = await readSaid(places.told, updateTold)
  const order = await readSaid(places.order, updateOrder)
  const said = await readSaid(places.waits, sessionWaits)
  const nowMs = clock.wallMs()
  return {
    kind: 'on',
    flaws,
    ...(told ? { told } : {}),
    isHeard: told !== undefined && isFresh(told, nowMs, toldWithinMs),
    ...(said && isFresh(said, nowMs, waitsWithinMs) ? { waits: said.waits } : {}),
    order: order ? (isFresh(order, nowMs, orderWithinMs) ? 'laid' : 'left') : 'none',
  }
}

function flawsOf(folder: string, places: HandOverPlaces, platform: string): FolderFlaw[] {
  if (!isFolder(folder)) return ['missing']
  const ours = dirname(places.order)
  const others = [folder, dirname(places.told), places.own].filter(isFolder)
  const writers = usualWriters(platform)
  // On Windows modes say nothing: the part that installs looks at its own.
  const isPosix = platform !== 'win32'
  const isOpen = isPosix && others.some((at) => whoElseWrites(at, writers, 'folder') !== undefined)
  return [...(isOpen ? (['open'] as const) : []), ...oursFlaws(ours, isPosix)]
}

function oursFlaws(ours: string, isPosix: boolean): readonly FolderFlaw[] {
  if (!isFolder(ours)) return ['in-missing']
  const isOpen = isPosix && (lstatSync(ours).mode & 0o077) !== 0
  return [
    ...(mayWrite(ours) ? [] : (['in-not-ours'] as const)),
    ...(isOpen ? (['in-open'] as const) : []),
  ]
}

/** Not one that a link leads to: nobody of ours makes such a one. */
function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
