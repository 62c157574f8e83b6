// The part of updates that has the rights, as this machine needs it. Nothing where no release key
// is set, where this workstation is not to be updated, or on a system that it is not made for.

import { platform } from 'node:os'
import { systemClock } from '../../platform/clock.ts'
import { ownDisk } from '../../platform/disk.ts'
import type { Log } from '../../platform/log.ts'
import { usualWriters, whoElseWrites } from '../../platform/policy/posix-writers.ts'
import type { Settings } from '../../platform/settings.ts'
import { handOverPlaces } from '../hand-over/hand-over-places.ts'
import { linuxPackages } from '../install/linux-packages.ts'
import { PrivilegedInstaller } from '../install/privileged-installer.ts'
import { runCommand } from '../install/run-command.ts'
import type { SystemPackages } from '../install/system-packages.ts'
import { readOrder, UpdateKeeper } from './update-keeper.ts'

export type UpdateSettings = Pick<
  Settings,
  'updates.releaseKey' | 'updates.enabled' | 'updates.folder'
>

export interface KeeperChange {
  readonly packages?: SystemPackages
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

/** `change` is for tests: another system to install on. */
export function keeperHere(
  settings: UpdateSettings,
  log: Log,
  change: KeeperChange = {},
): KeeperHere | undefined {
  const releaseKey = settings['updates.releaseKey']
  if (releaseKey === '' || !settings['updates.enabled']) return undefined
  const packages = change.packages ?? packagesHere()
  if (!packages) return undefined
  const places = handOverPlaces(settings['updates.folder'])
  const { disk = ownDisk, withinMs = usualWithinMs, aliveEveryMs } = change
  const clock = systemClock
  const writers = usualWriters(platform())
  const installer = new PrivilegedInstaller({
    folder: places.own,
    whoElseWrites: (path) => whoElseWrites(path, writers, 'folder'),
    ...{ releaseKey, packages, disk },
    nowMs: () => clock.wallMs(),
    isStillFree: async () => (await readOrder(places, clock)) !== undefined,
  })
  const times = { withinMs, aliveEveryMs }
  const keeper = new UpdateKeeper({ places, packages, installer, disk, clock, log, ...times })
  return { keeper, installer }
}

/** Elsewhere nothing starts it yet: docs/updates.md says what is missing there. */
function packagesHere(): SystemPackages | undefined {
  return process.platform === 'linux' ? linuxPackages({ run: runCommand }) : undefined
}
