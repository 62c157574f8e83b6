// What has been said of settings for the whole machine: by policy, in the machine's own file, by
// the installer. Whatever somebody else than its administrators could have written is refused, with
// a complaint, and never read.

import { existsSync, readdirSync } from 'node:fs'
import { join, win32 } from 'node:path'
import { findSettingsFile } from '../settings.ts'
import type { MachineSettings } from '../settings.ts'
import { readSettingsFile } from '../settings-file.ts'
import type { SettingsLayer } from '../settings-file.ts'
import { isAdministratorsOnly } from './access-list.ts'
import { managedPreferences, readPlistLayer } from './plist-layer.ts'
import type { ConvertPlist } from './plist-layer.ts'
import { plutilJson } from './plutil.ts'
import { usualWriters, whoElseWrites } from './posix-writers.ts'
import type { TrustedWriters } from './posix-writers.ts'
import { installerKey, policyKey, readRegistryLayer } from './registry-layer.ts'
import type { WindowsSystem } from './registry-layer.ts'

/** What a machine is asked, and where. */
export interface MachinePlaces {
  readonly platform: string
  readonly file: string | undefined
  /** Linux: one YAML file after the other, in the order of their names. */
  readonly policyFolder: string
  readonly preferences: string
  readonly writers: TrustedWriters
  readonly windows: () => Promise<WindowsSystem>
  readonly convertPlist: ConvertPlist
}

export function usualPlaces(platform: string = process.platform): MachinePlaces {
  return {
    platform,
    file: findSettingsFile(platform),
    policyFolder: '/etc/wardkey/agent.d',
    preferences: managedPreferences,
    writers: usualWriters(platform),
    windows: async () => (await import('./windows-system.ts')).loadWindowsSystem(),
    convertPlist: plutilJson,
  }
}

export async function readMachineSettings(
  places: MachinePlaces = usualPlaces(),
): Promise<MachineSettings> {
  if (places.platform === 'win32') return readOnWindows(places)
  const read = (path: string): SettingsLayer => guarded(path, whoWritesPosix(path, places))
  const file = places.file === undefined ? undefined : read(places.file)
  if (places.platform !== 'darwin') {
    return { policy: policyFiles(places), file, installer: undefined }
  }
  const { preferences, convertPlist } = places
  const flaw = existsSync(preferences) ? whoWritesPosix(preferences, places) : undefined
  const layer =
    flaw === undefined
      ? await readPlistLayer(preferences, convertPlist)
      : refusedLayer(preferences, flaw)
  return { policy: layer ? [layer] : [], file, installer: undefined }
}

async function readOnWindows(places: MachinePlaces): Promise<MachineSettings> {
  const system = await places.windows()
  const { file } = places
  return {
    policy: [readRegistryLayer(policyKey, system)],
    file: file === undefined ? undefined : guarded(file, whoWritesWindows(file, system)),
    installer: readRegistryLayer(installerKey, system),
  }
}

/** The folder as well: whoever can take a file out of it undoes the policy. */
function policyFiles(places: MachinePlaces): readonly SettingsLayer[] {
  const { policyFolder } = places
  if (!existsSync(policyFolder)) return []
  const flaw = whoWritesPosix(policyFolder, places, 'folder')
  if (flaw !== undefined) return [refusedLayer(policyFolder, flaw)]
  const names = namesIn(policyFolder)
  if (!names) return [refusedLayer(policyFolder, `${policyFolder}: cannot be read by this user`)]
  return names
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(policyFolder, name))
    .map((path) => guarded(path, whoWritesPosix(path, places)))
}

function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder)
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
    return undefined
  }
}

function whoWritesPosix(
  path: string,
  { writers }: MachinePlaces,
  what: 'file' | 'folder' = 'file',
): string | undefined {
  try {
    return whoElseWrites(path, writers, what)
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
    return `${path}: cannot be looked at`
  }
}

function whoWritesWindows(path: string, system: WindowsSystem): string | undefined {
  const own = (at: string, what: 'file' | 'folder'): boolean =>
    isAdministratorsOnly(system.accessList(at) ?? '', what)
  const isOwn = own(path, 'file') && own(win32.dirname(path), 'folder')
  return isOwn ? undefined : `${path}: others than administrators can change it`
}

function guarded(path: string, flaw: string | undefined): SettingsLayer {
  return flaw === undefined ? readSettingsFile(path) : refusedLayer(path, flaw)
}

function refusedLayer(path: string, flaw: string): SettingsLayer {
  return {
    place: path,
    values: {},
    complaints: [`${flaw}; what is for the whole machine only administrators may write`],
  }
}
