// The PKG of the agent, by installer(8). The package refuses to go behind what its receipt names:
// on the way back the receipt is forgotten first. Its scripts are told by a mark who installs it.

import { rm, writeFile } from 'node:fs/promises'
import { releaseVersion } from '@wardkey/protocol/workstation/updates/release'
import type { CommandEnd, RunCommand } from './run-command.ts'
import type { Put, SystemPackages } from './system-packages.ts'

const receipt = 'org.wardkey.agent'
/** Where root alone writes, and nothing is left by the next start of the machine. */
const usualMark = '/var/run/org.wardkey.agent.by-updates'
const putWithinMs = 15 * 60_000
const askWithinMs = 30_000

export interface MacosNeeds {
  readonly run: RunCommand
  readonly target: 'darwin-arm64' | 'darwin-x64'
  /** installer(8) hands none of our environment on to a package's scripts. */
  readonly mark?: string
}

export function macosPackages({ run, target, mark = usualMark }: MacosNeeds): SystemPackages {
  const pkgutil = (word: string): Promise<CommandEnd> =>
    run({ path: '/usr/sbin/pkgutil', words: [word, receipt], withinMs: askWithinMs })
  const put = async (path: string): Promise<Put> => {
    const words = ['-pkg', path, '-target', '/']
    await rm(mark, { force: true })
    // It counts for as long as this process lives.
    await writeFile(mark, `${String(process.pid)}\n`, { flag: 'wx', mode: 0o644 })
    try {
      const end = await run({ path: '/usr/sbin/installer', words, withinMs: putWithinMs })
      return end.kind === 'ended' && end.code === 0 ? 'done' : 'failed'
    } finally {
      await rm(mark, { force: true })
    }
  }
  const installed = async (): Promise<string | undefined> => {
    const end = await pkgutil('--pkg-info')
    if (end.kind !== 'ended' || end.code !== 0) return undefined
    return releaseVersion.safeParse(/^version: (\S+)$/m.exec(end.said)?.[1]).data
  }
  return {
    target,
    fileName: (release) => `wardkey-agent-${release}-${target}.pkg`,
    installed,
    mayBe: () => Promise.resolve(true),
    // Settings are in files and profiles that no package takes away.
    keepsakes: () => Promise.resolve([]),
    put,
    putBack: async (older) => {
      // One that was forgotten already, and was cut off then, has no receipt to forget.
      if ((await installed()) !== undefined) {
        const end = await pkgutil('--forget')
        if (end.kind !== 'ended' || end.code !== 0) return 'failed'
      }
      return put(older)
    },
  }
}
