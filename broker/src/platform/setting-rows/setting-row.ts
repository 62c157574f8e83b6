// How a setting is told to people: one row of docs/settings.md.

import type { SettingKey } from '../settings-schemas.ts'

export interface SettingRow {
  /** As in the file, with points for nesting; `[]` for what each entry of a list has. */
  readonly key: string
  readonly type: string
  readonly defaultText: string
  readonly secret: boolean
  readonly sentence: string
  /** The environment variable that sets it; absent where a file is the only way. */
  readonly env?: string
}

/** `web.publicUrl` in the environment is WARDKEY_WEB_PUBLIC_URL. */
export function environmentName(key: string): string {
  const words = key.replace(/[A-Z]/g, (capital) => `_${capital}`).replaceAll('.', '_')
  return `WARDKEY_${words.toUpperCase()}`
}

export const row = (
  key: SettingKey,
  type: string,
  defaultText: string,
  sentence: string,
): SettingRow => ({ ...inFile(key, type, defaultText, sentence), env: environmentName(key) })

export const secret = (
  key: SettingKey,
  type: string,
  defaultText: string,
  sentence: string,
): SettingRow => ({ ...row(key, type, defaultText, sentence), secret: true })

export const inFile = (
  key: string,
  type: string,
  defaultText: string,
  sentence: string,
): SettingRow => ({
  key,
  type,
  defaultText,
  secret: false,
  sentence,
})
