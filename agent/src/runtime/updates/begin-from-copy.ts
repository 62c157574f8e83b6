// On a Mac: `install-updates` begun again from a copy of the program, in the same process, so that
// launchd goes on with it. It installs nothing itself, and runs no copy that others could change.

import { platform } from 'node:os'
import { basename, dirname } from 'node:path'
import { isSea } from 'node:sea'
import { Fault } from '../../platform/fault.ts'
import type { ClosableLog } from '../../platform/log.ts'
import { usualWriters, whoElseWrites } from '../../platform/policy/posix-writers.ts'
import { version } from '../../platform/version.ts'
import { handOverPlaces } from '../../updates/hand-over/hand-over-places.ts'
import { copyProgram } from '../../updates/host/program-copy.ts'
import { isUpdated } from '../../updates/system/keeper-here.ts'
import type { UpdateSettings } from '../../updates/system/keeper-here.ts'
import { exitCodes } from '../commands/exit-codes.ts'
import type { ExitCode } from '../commands/exit-codes.ts'

export interface FromCopyNeeds {
  /** The executable; nothing where this is none, but sources in Node. */
  readonly program: string | undefined
  /** Does not return where it works. */
  readonly execute: ((file: string, words: readonly string[]) => void) | undefined
  readonly whoElseWrites: (folder: string) => string | undefined
}

export async function beginFromCopy(
  settings: UpdateSettings,
  log: ClosableLog,
  { program, execute, whoElseWrites: whoElse }: FromCopyNeeds = needsHere(),
): Promise<ExitCode> {
  try {
    // The system takes 0 as a good end.
    if (!isUpdated(settings)) return exitCodes.ok
    if (program === undefined || !execute) return exitCodes.usage
    const file = await copyProgram({
      ...{ folder: dirname(program), file: basename(program), release: version },
      ...{ own: handOverPlaces(settings['updates.folder']).own, whoElseWrites: whoElse },
    })
    execute(file, [file, 'install-updates'])
    throw new Fault('internal', 'transient')
  } catch (thrown) {
    log.error('updates.failed', { code: thrown instanceof Fault ? thrown.code : 'internal' })
    return exitCodes.internal
  } finally {
    await log.close()
  }
}

function needsHere(): FromCopyNeeds {
  const writers = usualWriters(platform())
  return {
    program: isSea() ? process.execPath : undefined,
    // With what launchd has set.
    execute: process.execve
      ? (file, words) => {
          process.execve?.(file, words)
        }
      : undefined,
    whoElseWrites: (folder) => whoElseWrites(folder, writers, 'folder'),
  }
}
