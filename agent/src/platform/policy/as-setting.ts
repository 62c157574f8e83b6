// A value as tools of policy write it, in the form that the setting's own parser takes: they know
// numbers for yes and no, and lines for lists. It refuses nothing; the parser does. Pure.

import type { SettingForm } from '../settings-table.ts'

export function asSetting(form: SettingForm, value: unknown): unknown {
  // 0 and 1 only: any other number is a mistake, and the parser says so.
  if (form.kind === 'yes-no' && (value === 0 || value === 1)) return value === 1
  // A policy editor writes an empty box as empty text: nothing is in the list.
  if (form.kind === 'list' && value === '') return []
  if (form.kind === 'map' || form.kind === 'json') {
    if (value === '') return {}
    if (form.kind === 'map' && Array.isArray(value)) return value.join(',')
  }
  return value
}
