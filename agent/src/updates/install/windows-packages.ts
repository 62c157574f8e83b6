// The MSI of the agent, by Windows Installer. It takes nothing older: on the way back the newer one
// is uninstalled first, and what the machine was set up with is given to the older one again.

import { win32 } from 'node:path'
import { releaseVersion } from '@wardkey/protocol/workstation/updates/release'
import type { RegistryValue } from '../../platform/policy/registry-layer.ts'
import type { CommandEnd, RunCommand } from './run-command.ts'
import type { Keepsakes, Put, SystemPackages } from './system-packages.ts'

const putWithinMs = 20 * 60_000
/** Public properties, and where the MSI keeps what it was given: installers/windows/msi. */
const properties = [
  { name: 'BROKERURL', key: 'Agent', value: 'broker.addresses' },
  { name: 'CABUNDLE', key: 'Machine', value: 'caBundle' },
  { name: 'CASHA256', key: 'Machine', value: 'caSha256' },
  { name: 'ZONE', key: 'Machine', value: 'zone' },
  { name: 'PLACE', key: 'Machine', value: 'place' },
  { name: 'ASSETTAG', key: 'Machine', value: 'assetTag' },
] as const

/** winerror.h. 3010 and 1641: done, once the system was started anew. */
const puts: ReadonlyMap<number, Put> = new Map([
  [0, 'done'],
  [3010, 'after-restart'],
  [1641, 'after-restart'],
  [1618, 'busy'],
])
/** The product is not installed: what was to be taken away is gone. */
const unknownProduct = 1605

export interface WindowsNeeds {
  readonly run: RunCommand
  /** The system's own folder, as Windows tells it. */
  readonly systemFolder: string
  /** Of HKEY_LOCAL_MACHINE. */
  readonly read: (key: string, name: string) => RegistryValue | 'unreadable' | undefined
}

export function windowsPackages({ run, systemFolder, read }: WindowsNeeds): SystemPackages {
  const path = win32.join(systemFolder, 'msiexec.exe')
  const msiexec = (words: readonly string[]): Promise<CommandEnd> =>
    run({ path, words, withinMs: putWithinMs, isVerbatim: true })
  const quiet = ['/qn', '/norestart']
  const valueAt = (key: string, name: string): string | undefined =>
    textOf(read(`SOFTWARE\\Wardkey\\${key}`, name))
  const put = async (package_: string, given: Keepsakes = []): Promise<Put> =>
    putBy(await msiexec(['/i', quoted(package_), ...quiet, ...given]))
  return {
    target: 'win32-x64',
    fileName: (release) => `wardkey-agent-${release}-x64.msi`,
    installed: () => Promise.resolve(releaseVersion.safeParse(valueAt('Machine', 'version')).data),
    // A table inside of it: the hash stands for it, and what is installed afterwards is looked at.
    mayBe: () => Promise.resolve(true),
    keepsakes: () =>
      Promise.resolve(
        properties.flatMap(({ name, key, value }) => {
          const text = valueAt(key, value)
          return text === undefined || text === '' ? [] : [`${name}=${quoted(text)}`]
        }),
      ),
    put: (package_) => put(package_),
    putBack: async (older, newer, keepsakes) => {
      const gone = await msiexec(['/x', quoted(newer), ...quiet, 'KEEPIDENTITY=1'])
      const isGone = gone.kind === 'ended' && gone.code === unknownProduct
      const how = isGone ? 'done' : putBy(gone)
      if (how === 'busy' || how === 'failed') return how
      const back = await put(older, keepsakes)
      return back === 'done' ? how : back
    },
  }
}

/** As Windows Installer reads it: a quotation mark inside is written twice. */
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

function putBy(end: CommandEnd): Put {
  return end.kind === 'ended' ? (puts.get(end.code) ?? 'failed') : 'failed'
}

/** REG_SZ and REG_EXPAND_SZ. */
export function textOf(found: RegistryValue | 'unreadable' | undefined): string | undefined {
  if (found === undefined || found === 'unreadable' || ![1, 2].includes(found.kind))
    return undefined
  return Buffer.from(found.data).toString('utf16le').replace(/\0+$/, '')
}
