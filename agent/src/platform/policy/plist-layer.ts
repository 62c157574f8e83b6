// Settings that a profile has put on a Mac: the managed preferences of our domain, as the system's
// own plutil tells them in JSON, whichever of its formats the file has. Read, never written.

import { existsSync } from 'node:fs'
import { flatten } from '../settings-file.ts'
import type { SettingsLayer } from '../settings-file.ts'
import { settingsTable } from '../settings-table.ts'
import { asSetting } from './as-setting.ts'

export const preferencesDomain = 'org.wardkey.agent'
export const managedPreferences = `/Library/Managed Preferences/${preferencesDomain}.plist`

/** The property list as JSON; nothing where it is none, or took too long. */
export type ConvertPlist = (path: string) => Promise<string | undefined>

/** Nothing where no profile has put anything there. */
export async function readPlistLayer(
  path: string,
  convert: ConvertPlist,
  exists: (path: string) => boolean = existsSync,
): Promise<SettingsLayer | undefined> {
  if (!exists(path)) return undefined
  const parsed = objectOf(await convert(path))
  if (!parsed) return { place: path, values: {}, complaints: [`${path}: cannot be read`] }
  const values: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(flatten(parsed))) {
    // What the profile says of itself (PayloadUUID and the like) is no setting.
    if (key.startsWith('Payload')) continue
    const form = settingsTable.find((row) => row.key === key)?.form
    values[key] = form ? asSetting(form, value) : value
  }
  return { place: path, values, complaints: [] }
}

function objectOf(text: string | undefined): object | undefined {
  if (text === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    const isMap = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    return isMap ? parsed : undefined
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
