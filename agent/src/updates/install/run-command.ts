// Runs one of the system's own installers: by its full path, without a shell, with nothing of our
// environment, and with a deadline. What it says is cut, never logged.

import { spawn } from 'node:child_process'

export type CommandEnd =
  | { readonly kind: 'ended'; readonly code: number; readonly said: string }
  | { readonly kind: 'not-started' | 'out-of-time' }

export interface Command {
  readonly path: string
  readonly words: readonly string[]
  readonly withinMs: number
  /** Words are quoted already, as Windows Installer wants them and nobody else. */
  readonly isVerbatim?: boolean
  /** As that account, and not as root. */
  readonly asUser?: { readonly uid: number; readonly gid: number }
}

export type RunCommand = (command: Command) => Promise<CommandEnd>

const saidMax = 64 * 1024
/** Maintainer scripts look for their tools; Windows adds by itself what its programs need. */
const environment = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  DEBIAN_FRONTEND: 'noninteractive',
  // The package's own scripts leave alone who is installing it, and whoever sits there.
  WARDKEY_BY_UPDATES: '1',
}

export const runCommand: RunCommand = ({ path, words, withinMs, isVerbatim = false, asUser }) =>
  new Promise((resolve) => {
    const child = spawn(path, words, {
      env: process.platform === 'win32' ? {} : environment,
      cwd: process.platform === 'win32' ? undefined : '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      windowsVerbatimArguments: isVerbatim,
      ...asUser,
    })
    let said = ''
    const hear = (chunk: Buffer): void => {
      // Read to the end in any case: who is not listened to stands still.
      if (said.length < saidMax) said += chunk.toString('utf8').slice(0, saidMax)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      end({ kind: 'out-of-time' })
    }, withinMs)
    const end = (how: CommandEnd): void => {
      clearTimeout(late)
      resolve(how)
    }
    child.on('error', () => {
      end({ kind: 'not-started' })
    })
    child.on('close', (code) => {
      end({ kind: 'ended', code: code ?? -1, said })
    })
  })
