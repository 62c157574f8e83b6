// `wardkey-agent settings`: every setting, its value and where that comes from, for whoever
// wonders which of five places said it. What may hold a secret is said to be set, and not shown.

import type { Origin, ParsedSettings, ReadSettings } from '../../platform/settings.ts'
import { settingsTable } from '../../platform/settings-table.ts'
import type { SettingRow } from '../../platform/settings-table.ts'
import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'

export interface ShownSetting {
  readonly key: string
  /** Absent where it is hidden. */
  readonly value?: unknown
  readonly isSet: boolean
  readonly from: Origin['kind']
  readonly place: string
}

const sources: Readonly<Record<Origin['kind'], string>> = {
  policy: 'policy, locked',
  'command-line': 'command line',
  environment: 'environment',
  file: 'file',
  installer: 'installer',
  default: 'default',
}

export function settingsCommand(parsed: ParsedSettings, isJson: boolean, output: Output): ExitCode {
  const isValid = parsed.kind === 'parsed'
  const complaints = isValid ? [] : parsed.complaints
  const read = isValid ? parsed : parsed.remainder
  const shown = shownSettings(read)
  const { notes } = read
  if (isJson) output.answer(JSON.stringify({ isValid, settings: shown, complaints, notes }))
  else {
    for (const one of shown) output.answer(lineOf(one))
    for (const line of [...complaints, ...notes]) output.say(line)
  }
  return isValid ? exitCodes.ok : exitCodes.settings
}

/** As they may be shown to anybody who asks, or be sent to whoever helps. */
export function shownSettings({ settings, origins }: ReadSettings): readonly ShownSetting[] {
  return settingsTable.map((row) => {
    const { kind, place } = origins[row.key]
    const about = { key: row.key, isSet: kind !== 'default', from: kind, place }
    return isHidden(row) ? about : { ...about, value: settings[row.key] }
  })
}

const isHidden = ({ secret, isHidden: hidden }: SettingRow): boolean => secret || hidden

function lineOf(one: ShownSetting): string {
  const value = 'value' in one ? textOf(one.value) : one.isSet ? 'set' : 'not set'
  const place = one.place === '' ? '' : `: ${one.place}`
  return `${one.key} = ${value}  (${sources[one.from]}${place})`
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '(nothing)' : value
  return JSON.stringify(value)
}
