// The data folder, the disk under it, and the browser, as they are. It makes no file and starts no
// browser that shows itself.

import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, win32 } from 'node:path'
import { findBrowser } from '../../launch/find-browser.ts'
import { Fault } from '../../platform/fault.ts'
import type { BrowserFact, FolderFact } from './facts.ts'

const versionWithinMs = 5000

export function lookAtFolder(folder: string): FolderFact {
  if (!existsSync(folder)) return { isThere: false, isWritable: false, isOpen: false }
  const { mode } = statSync(folder)
  const isOpen = process.platform !== 'win32' && (mode & 0o077) !== 0
  return { isThere: true, isWritable: mayWrite(folder), isOpen }
}

export function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
    return false
  }
}

/** Of the nearest folder that is there: before enrolment there is no data folder. */
export async function lookAtDisk(folder: string): Promise<number> {
  let at = folder
  while (!existsSync(at) && at !== dirname(at)) at = dirname(at)
  const { bavail, bsize } = await statfs(at)
  return bavail * bsize
}

export async function lookAtBrowser(
  named: string,
  platform: string = process.platform,
): Promise<BrowserFact> {
  let path: string
  try {
    path = findBrowser(named, platform)
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    return {}
  }
  // On Windows `--version` opens a window; the version is the name of a folder beside the program.
  const version = platform === 'win32' ? versionBeside(path) : await versionSaid(path)
  return version === undefined ? { path } : { path, version }
}

function versionBeside(path: string): string | undefined {
  const names = readdirSync(win32.dirname(path)).filter((name) => /^\d+(\.\d+){3}$/.test(name))
  return names.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
}

function versionSaid(path: string): Promise<string | undefined> {
  const options = { timeout: versionWithinMs, killSignal: 'SIGKILL', maxBuffer: 4096 } as const
  return new Promise((resolve) => {
    execFile(path, ['--version'], options, (error, output) => {
      resolve(error === null ? /\d+(?:\.\d+){1,3}/.exec(output)?.[0] : undefined)
    })
  })
}
