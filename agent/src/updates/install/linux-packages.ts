// The DEB of the agent, by dpkg. Settings that an administrator has changed stay; an older release
// is taken on the way back only.

import { join } from 'node:path'
import { releaseVersion } from '@wardkey/protocol/workstation/updates/release'
import { repackDeb } from './linux-repack.ts'
import type { Command, CommandEnd, RunCommand } from './run-command.ts'
import type { Put, SystemPackages } from './system-packages.ts'

const name = 'wardkey-agent'
const putWithinMs = 15 * 60_000
const askWithinMs = 30_000

export interface LinuxNeeds {
  readonly run: RunCommand
  /** Where another system than the running one is installed, and what dpkg is told of it. */
  readonly elsewhere?: { readonly root: string; readonly words: readonly string[] }
}

export function linuxPackages({ run, elsewhere }: LinuxNeeds): SystemPackages {
  const rootWords = elsewhere ? [`--root=${elsewhere.root}`, ...elsewhere.words] : []
  const database = elsewhere ? [`--admindir=${join(elsewhere.root, 'var/lib/dpkg')}`] : []
  const ask = (program: string, ...words: readonly string[]): Promise<string | undefined> =>
    run({ path: `/usr/bin/${program}`, words, withinMs: askWithinMs }).then(saidBy)
  const dpkg = async (...words: readonly string[]): Promise<Put> => {
    const all = [...rootWords, '--force-confdef', '--force-confold', ...words]
    const command: Command = { path: '/usr/bin/dpkg', words: all, withinMs: putWithinMs }
    return putBy(await run(command))
  }
  return {
    target: 'linux-x64',
    fileName: (release) => `${name}_${release}_amd64.deb`,
    installed: async () => {
      const format = '--showformat=${db:Status-Status} ${Version}'
      const said = await ask('dpkg-query', ...database, '--show', format, name)
      const [status, release] = said?.split(' ') ?? []
      return status === 'installed' ? releaseOf(release) : undefined
    },
    mayBe: async (path, release) => {
      const said = await ask('dpkg-deb', '--show', '--showformat=${Package} ${Version}', path)
      return said?.trim() === `${name} ${release}`
    },
    // What was set stays in conffiles, whichever release is there.
    keepsakes: () => Promise.resolve([]),
    repack: (_release, to) =>
      repackDeb(to, {
        ...{ name, root: elsewhere?.root ?? '/' },
        query: (...words) => ask('dpkg-query', ...database, ...words),
        build: async (tree, out) => {
          const words = ['--root-owner-group', '-Zgzip', '-z1', '--build', tree, out]
          const end = await run({ path: '/usr/bin/dpkg-deb', words, withinMs: putWithinMs })
          return end.kind === 'ended' && end.code === 0
        },
      }),
    put: (path) => dpkg('--refuse-downgrade', '--install', path),
    putBack: (older) => dpkg('--install', older),
  }
}

const releaseOf = (text: string | undefined): string | undefined =>
  releaseVersion.safeParse(text?.trim()).data

const saidBy = (end: CommandEnd): string | undefined =>
  end.kind === 'ended' && end.code === 0 ? end.said : undefined

function putBy(end: CommandEnd): Put {
  if (end.kind !== 'ended') return 'failed'
  if (end.code === 0) return 'done'
  return /\block was locked by another process|\bis locked by another process/.test(end.said)
    ? 'busy'
    : 'failed'
}
