// What the part that installs asks of Windows: its installer, who could write a folder, and that a
// session goes on while its program is replaced. Loaded on Windows only.

import { randomUUID } from 'node:crypto'
import { dirname, join, win32 } from 'node:path'
import type { WindowsSystem } from '../../platform/policy/registry-layer.ts'
import { whoElseWritesOnWindows } from '../../platform/policy/windows-writers.ts'
import { makeWindowsSeat } from '../host/windows-seat.ts'
import { freeFiles, mendFiles } from '../install/free-files.ts'
import { runCommand } from '../install/run-command.ts'
import type { RunCommand } from '../install/run-command.ts'
import { textOf, windowsPackages } from '../install/windows-packages.ts'
import type { KeeperChange } from './keeper-here.ts'

/** The package looks there for who installs it. What a power cut leaves there goes at a start. */
const markKey = 'HKLM\\SOFTWARE\\Wardkey\\Updates'
const markWithinMs = 30_000

export interface WindowsHere extends KeeperChange {
  /** At a start, by the one part that there is: what was cut off is put right. */
  readonly mend: () => Promise<void>
}

/** `own` is for administrators alone. */
export async function windowsHere(own: string): Promise<WindowsHere> {
  const { loadWindowsSystem } = await import('../../platform/policy/windows-system.ts')
  return windowsWith(loadWindowsSystem(), own, runCommand)
}

export function windowsWith(system: WindowsSystem, own: string, run: RunCommand): WindowsHere {
  const text = (key: string, name: string): string | undefined => textOf(system.read(key, name))
  const root = text('SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', 'SystemRoot')
  const systemFolder = win32.join(root ?? 'C:\\Windows', 'System32')
  const left = join(own, 'left')
  const mark = async (...words: readonly string[]): Promise<void> => {
    await run({ path: win32.join(systemFolder, 'reg.exe'), words, withinMs: markWithinMs })
  }
  const unmark = () => mark('delete', markKey, '/f')
  const program = () => text('SOFTWARE\\Wardkey\\Machine', 'folder')
  /** All that it runs is Windows Installer. */
  const around: RunCommand = async (command) => {
    const folder = program()
    if (folder !== undefined) freeFiles({ program: folder, left, name: randomUUID })
    await mark('add', markKey, '/v', 'by', '/d', 'updates', '/f')
    try {
      return await run(command)
    } finally {
      await unmark()
    }
  }
  return {
    mend: async () => {
      await unmark()
      const folder = program()
      if (folder !== undefined) mendFiles({ program: folder, left })
    },
    packages: windowsPackages({
      run: around,
      systemFolder,
      read: (key, name) => system.read(key, name),
    }),
    whoElseWrites: (path) => whoElseWritesOnWindows(path, system),
    makeSeat: () =>
      makeWindowsSeat({
        folder: join(dirname(own), 'in'),
        icacls: win32.join(systemFolder, 'icacls.exe'),
        run,
      }),
  }
}
