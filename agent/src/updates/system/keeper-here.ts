// The part of updates that has the rights, as this machine needs it. Nothing where no release key
// is set, where this workstation is not to be updated, or on a system that it is not made for.

import { platform } from 'node:os'
import { systemClock } from '../../platform/clock.ts'
import { ownDisk } from '../../platform/disk.ts'
import type { Log } from '../../platform/log.ts'
import { usualWriters, whoElseWrites } from '../../platform/policy/posix-writers.ts'
import type { Settings } from '../../platform/settings.ts'
import { consoleOwner, giveSeat } from '../host/seat-folder.ts'
import { handOverPlaces } from '../hand-over/hand-over-places.ts'
import { linuxPackages } from '../install/linux-packages.ts'
import { PrivilegedInstaller } from '../install/privileged-installer.ts'
import { macosPackages } from '../install/macos-packages.ts'
import { runCommand } from '../install/run-command.ts'
import type { SystemPackages } from '../install/system-packages.ts'
import { readOrder, UpdateKeeper } from './update-keeper.ts'

export type UpdateSettings = Pick<
  Settings,
  'updates.releaseKey' | 'updates.enabled' | 'updates.folder'
>

export interface KeeperChange {
  readonly packages?: SystemPackages
  readonly whoElseWrites?: (folder: string) => string | undefined
  readonly makeSeat?: () => Promise<void>
  readonly disk?: typeof ownDisk
  readonly withinMs?: number
  readonly aliveEveryMs?: number
}

export interface KeeperHere {
  readonly keeper: UpdateKeeper
  readonly installer: PrivilegedInstaller
}

/** A reader's service, a browser and a broker that is just being updated have come by then. */
const usualWithinMs = 10 * 60_000

export const isUpdated = (settings: UpdateSettings): boolean =>
  settings['updates.releaseKey'] !== '' && settings['updates.enabled']

/** `change`: what Windows has to be asked for first, or for tests another system to install on. */
export function keeperHere(
  settings: UpdateSettings,
  log: Log,
  change: KeeperChange = {},
): KeeperHere | undefined {
  const releaseKey = settings['updates.releaseKey']
  if (!isUpdated(settings)) return undefined
  const packages = change.packages ?? packagesHere()
  if (!packages) return undefined
  const places = handOverPlaces(settings['updates.folder'])
  const { disk = ownDisk, withinMs = usualWithinMs, aliveEveryMs } = change
  const clock = systemClock
  const writers = usualWriters(platform())
  const posix = (path: string) => whoElseWrites(path, writers, 'folder')
  const installer = new PrivilegedInstaller({
    folder: places.own,
    whoElseWrites: change.whoElseWrites ?? posix,
    ...{ releaseKey, packages, disk },
    nowMs: () => clock.wallMs(),
    isStillFree: async () => (await readOrder(places, clock)) !== undefined,
  })
  // On Linux the package's own unit makes the seat's folder.
  const isMac = process.platform === 'darwin'
  const macSeat = () => giveSeat({ places, seated: consoleOwner, run: runCommand })
  const makeSeat = change.makeSeat ?? (isMac ? macSeat : undefined)
  const times = { withinMs, aliveEveryMs }
  const keeper = new UpdateKeeper({
    ...{ places, packages, installer, disk, clock, log, makeSeat },
    ...times,
  })
  return { keeper, installer }
}

function packagesHere(): SystemPackages | undefined {
  const run = runCommand
  if (process.platform === 'linux') return linuxPackages({ run })
  if (process.platform !== 'darwin') return undefined
  return macosPackages({ run, target: process.arch === 'arm64' ? 'darwin-arm64' : 'darwin-x64' })
}
