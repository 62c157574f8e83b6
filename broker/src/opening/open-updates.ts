// Opens what updates of workstations stand on: the folder of their files, the release key, the
// house's rings; and what once a minute lets a roll-out go on.

import type { Base, Core } from '../broker-core.ts'
import { FileDesk } from '../doors/updates/file-desk.ts'
import { runRollouts } from '../flows/updates/run-rollouts.ts'
import type { UpdateSettings } from '../flows/updates/update-needs.ts'
import { every } from '../platform/every.ts'

const minuteMs = 60_000

export interface OpenedUpdates {
  readonly updates: UpdateSettings
  readonly files: FileDesk
}

/** Nothing where no key or no folder is set. */
export function openUpdates({ settings, shutdown }: Base, core: Core): OpenedUpdates | undefined {
  const [releaseKey, folder] = [settings['updates.releaseKey'], settings['updates.folder']]
  if (releaseKey === '' || folder === '') return undefined
  const files = new FileDesk(folder)
  const updates: UpdateSettings = {
    releaseKey,
    rings: settings['updates.rings'],
    atOnce: settings['updates.atOnce'],
    timeZone: settings['site.timeZone'],
    hasFiles: (all) => files.hasFiles(all),
  }
  const run = () => runRollouts({ ...core, updates })
  shutdown.add('chores', every(minuteMs, 'updates.failed', run, core.log))
  return { updates, files }
}
