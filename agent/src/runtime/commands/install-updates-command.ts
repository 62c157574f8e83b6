// `wardkey-agent install-updates`: the part of updates that has the rights, until told to stop or
// until another release is there. By a unit of systemd or a LaunchDaemon, as root.

import type { ClosableLog } from '../../platform/log.ts'
import { Fault } from '../../platform/fault.ts'
import type { UpdateKeeper } from '../../updates/system/update-keeper.ts'
import type { Kept } from '../../updates/install/installer.ts'
import type { PrivilegedInstaller } from '../../updates/install/privileged-installer.ts'
import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'
import type { Telling } from './run-command.ts'

export interface InstallUpdatesOptions {
  /** The package of what runs, to be kept for the way back; then it ends. */
  readonly keep?: string
  /** By what installs nothing itself: a copy of the program begins in its place. */
  readonly fromCopy?: boolean
  /** By the service manager of Windows: begins the part that installs, and begins it again. */
  readonly bySystem?: boolean
  /** The part that such a service has begun; the service's own word for itself. */
  readonly host?: string
}

export interface InstallUpdatesNeeds {
  /** Absent where nothing is to be updated: then nothing runs. */
  readonly keeper: Pick<UpdateKeeper, 'start' | 'look' | 'isUnderWay'> | undefined
  /** Whoever has begun it is gone, or another one is there: it ends once nothing is under way. */
  readonly isOver?: () => boolean
  readonly log: ClosableLog
  readonly everyMs?: number
  readonly told?: Telling
}

/** What is under way when it is told to stop is ended first. */
export async function installUpdatesCommand({
  keeper,
  isOver = () => false,
  log,
  everyMs = 1000,
  told = process,
}: InstallUpdatesNeeds): Promise<ExitCode> {
  let stop: () => void = () => undefined
  const stopped = new Promise<'stopped'>((resolve) => {
    stop = () => {
      resolve('stopped')
    }
  })
  let isStopped = false
  void stopped.then(() => (isStopped = true))
  for (const name of ['SIGTERM', 'SIGINT']) told.on(name, stop)
  try {
    // The system takes 0 as a good end.
    if (!keeper) return exitCodes.ok
    await keeper.start()
    log.info('updates.started', {})
    while (!isStopped) {
      if ((await lookOnce(keeper, log)) === 'again') return exitCodes.again
      if (isOver() && !keeper.isUnderWay()) return exitCodes.ok
      let timer: NodeJS.Timeout | undefined
      const pause = new Promise<void>((resolve) => (timer = setTimeout(resolve, everyMs)))
      await Promise.race([pause, stopped])
      clearTimeout(timer)
    }
    return exitCodes.ok
  } finally {
    for (const name of ['SIGTERM', 'SIGINT']) told.off(name, stop)
    await log.close()
  }
}

const keptWords: Readonly<Record<Kept, string>> = {
  kept: 'It is kept: what runs here can be put back.',
  missing: 'It is not there, or no plain file.',
  other: 'It is another package, or another release than the one that runs here.',
  'not-whole': 'What is installed here is not whole: mend that first.',
  'no-room': 'There is no room to keep it.',
  'folder-open': 'Others than administrators can write updates.folder: mend that first.',
}

/** `install-updates --keep`: what installed the first release keeps no package of it. */
export async function keepCommand(
  installer: Pick<PrivilegedInstaller, 'keep'> | undefined,
  path: string,
  output: Output,
): Promise<ExitCode> {
  if (!installer) {
    output.say('Nothing is updated here: updates.releaseKey is not set, or updates.enabled is off.')
    return exitCodes.settings
  }
  const kept = await installer.keep(path).catch((thrown: unknown) => {
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
    return 'missing' as const
  })
  output.say(keptWords[kept])
  return kept === 'kept' ? exitCodes.ok : exitCodes.usage
}

async function lookOnce(
  keeper: Pick<UpdateKeeper, 'look'>,
  log: ClosableLog,
): Promise<'go-on' | 'again'> {
  try {
    return await keeper.look()
  } catch (thrown) {
    // The name only: a message may quote anything.
    log.error('updates.failed', { code: thrown instanceof Fault ? thrown.code : 'internal' })
    return 'go-on'
  }
}
