// What one report of a presence sensor says. Pure; it never guesses: a report that is not the
// sensor's own, too short, or out of its range says nothing.

import type { PresenceField, ReportField } from './report-descriptor.ts'

export type SensorWord =
  | 'near'
  | 'away'
  /** The sensor itself says that it does not know. */
  | 'unknown'
  /** Of something else that lives in the same device. */
  | 'not-ours'
  | 'not-understood'

/** `report` with its id in front, where the device has ids. */
export function readPresence(field: PresenceField, report: Uint8Array): SensorWord {
  if (field.reportId !== 0 && report[0] !== field.reportId) return 'not-ours'
  const data = field.reportId === 0 ? report : report.subarray(1)
  const value = valueOf(field, data)
  const state = field.state && valueOf(field.state, data)
  if (value === undefined || (field.state && state === undefined)) return 'not-understood'
  if (field.state && state !== field.state.ready) return 'unknown'
  // Out of its logical range a value means nothing (HID 1.11, 5.10).
  if (value < field.min || value > field.max) return 'unknown'
  return (value !== 0) === (field.means === 'present') ? 'near' : 'away'
}

/** Bits come lowest first, over bytes that come lowest first (HID 1.11, 5.6). */
function valueOf({ bit, bits, min }: ReportField, data: Uint8Array): number | undefined {
  if (bit + bits > data.length * 8) return undefined
  let value = 0
  for (let index = bits - 1; index >= 0; index -= 1) {
    const at = bit + index
    value = value * 2 + (((data[at >> 3] ?? 0) >> (at & 7)) & 1)
  }
  return min < 0 && value >= 2 ** (bits - 1) ? value - 2 ** bits : value
}
