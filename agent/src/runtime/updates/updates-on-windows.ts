// The part that installs, on Windows: the service that begins it, and the part itself, of which
// there is one. Never yet run on a Windows machine.

import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { isSea } from 'node:sea'
import { systemClock } from '../../platform/clock.ts'
import { ownDisk } from '../../platform/disk.ts'
import type { ClosableLog } from '../../platform/log.ts'
import type { Settings } from '../../platform/settings.ts'
import { version } from '../../platform/version.ts'
import { handOverPlaces } from '../../updates/hand-over/hand-over-places.ts'
import { HostWord } from '../../updates/host/host-word.ts'
import { takeLoneLock } from '../../updates/host/lone-lock.ts'
import { copyProgram } from '../../updates/host/program-copy.ts'
import { UpdatesHost } from '../../updates/host/updates-host.ts'
import { isUpdated, keeperHere } from '../../updates/system/keeper-here.ts'
import { windowsHere } from '../../updates/system/windows-here.ts'
import { exitCodes } from '../commands/exit-codes.ts'
import type { ExitCode } from '../commands/exit-codes.ts'
import { installUpdatesCommand } from '../commands/install-updates-command.ts'

/** As the MSI names it. */
const serviceName = 'WardkeyUpdates'

/** `settingsNow`: as they are whenever it is asked; a policy may come later than the program. */
export async function serveUpdates(
  settings: Settings,
  settingsNow: () => Promise<Settings>,
  log: ClosableLog,
): Promise<ExitCode> {
  try {
    if (!isSea()) return exitCodes.usage
    const { runAsSystemService } = await import('../../desktop/windows/system-service.ts')
    const host = await hostFor(settings, settingsNow, log)
    const start = (): void => {
      host.start()
    }
    const how = await runAsSystemService(serviceName, start, () => host.stop())
    return how === 'ended' ? exitCodes.ok : exitCodes.usage
  } finally {
    await log.close()
  }
}

async function hostFor(
  settings: Settings,
  settingsNow: () => Promise<Settings>,
  log: ClosableLog,
): Promise<UpdatesHost> {
  const { loadWindowsSystem } = await import('../../platform/policy/windows-system.ts')
  const { whoElseWritesOnWindows } = await import('../../platform/policy/windows-writers.ts')
  const system = loadWindowsSystem()
  const { own } = handOverPlaces(settings['updates.folder'])
  const [folder, file] = [dirname(process.execPath), basename(process.execPath)]
  return new UpdatesHost({
    run: randomUUID(),
    word: new HostWord(own, ownDisk),
    takeLock: () => takeLoneLock(lockPath(own)),
    isUpdated: async () => isUpdated(await settingsNow()),
    copy: () =>
      copyProgram({
        ...{ folder, file, release: version, own },
        whoElseWrites: (path) => whoElseWritesOnWindows(path, system),
      }),
    begin,
    ...{ clock: systemClock, log },
  })
}

const lockPath = (own: string): string => join(own, 'lock')

/** Detached: else it would end with us, in the middle of what it installs. */
function begin(file: string, run: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const words = ['install-updates', '--host', run]
    const child = spawn(file, words, { detached: true, stdio: 'ignore', windowsHide: true })
    child.on('error', () => {
      resolve(undefined)
    })
    child.on('exit', (code) => {
      resolve(code ?? undefined)
    })
    child.unref()
  })
}

/** `host` is absent where somebody begins it by hand. */
export async function installOnWindows(
  settings: Settings,
  log: ClosableLog,
  host: string | undefined,
): Promise<ExitCode> {
  const { own } = handOverPlaces(settings['updates.folder'])
  if (!isUpdated(settings)) return installUpdatesCommand({ keeper: undefined, log })
  const lock = await takeLoneLock(lockPath(own))
  if (lock === 'held') {
    await log.close()
    return exitCodes.internal
  }
  try {
    const windows = await windowsHere(own)
    await windows.mend()
    const { keeper } = keeperHere(settings, log, windows) ?? {}
    const word = new HostWord(own, ownDisk)
    const isOver = () => host !== undefined && !word.isFor(host)
    return await installUpdatesCommand({ keeper, log, isOver })
  } finally {
    await lock.close()
  }
}
