// Settings as Windows keeps them in its registry: one value for each, under the setting's own name.
// Written by a policy or by the installer; here only read, through whatever reads the registry.

import type { SettingsLayer } from '../settings-file.ts'
import { settingsTable } from '../settings-table.ts'
import { asSetting } from './as-setting.ts'

export interface RegistryValue {
  /** REG_SZ is 1, REG_DWORD 4, and so on (winnt.h). */
  readonly kind: number
  readonly data: Uint8Array
}

/** All that is asked of Windows; of HKEY_LOCAL_MACHINE only. */
export interface WindowsSystem {
  read(key: string, name: string): RegistryValue | 'unreadable' | undefined
  /** Owner and access list as SDDL; nothing where it cannot be had. */
  accessList(path: string): string | undefined
}

export const policyKey = 'SOFTWARE\\Policies\\Wardkey\\Agent'
/** Where the MSI writes what it was given; never under Policies. */
export const installerKey = 'SOFTWARE\\Wardkey\\Agent'

export function readRegistryLayer(key: string, system: WindowsSystem): SettingsLayer {
  const place = `HKLM\\${key}`
  const values: Record<string, unknown> = {}
  const complaints: string[] = []
  for (const { key: name, form } of settingsTable) {
    const found = system.read(key, name)
    if (found === undefined) continue
    const value = found === 'unreadable' ? undefined : valueOf(found)
    if (value === undefined) complaints.push(`${name}: cannot be read (${place})`)
    else values[name] = asSetting(form, value)
  }
  return { place, values, complaints }
}

function valueOf({ kind, data }: RegistryValue): unknown {
  const bytes = Buffer.from(data)
  const text = (): string => bytes.toString('utf16le').replace(/\0+$/, '')
  switch (kind) {
    case 1:
    case 2:
      return text()
    case 4:
      return bytes.length === 4 ? bytes.readUInt32LE(0) : undefined
    case 7:
      return text()
        .split('\0')
        .filter((one) => one !== '')
    case 11:
      return bytes.length === 8 ? Number(bytes.readBigUInt64LE(0)) : undefined
    default:
      return undefined
  }
}
