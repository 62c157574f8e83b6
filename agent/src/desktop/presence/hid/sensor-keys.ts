// A presence sensor that is a keyboard: which of its keystrokes means that somebody came or went.
// Pure. It compares and forgets; no key that was typed is kept, or told to anybody.

import type { SensorWord } from './presence-input.ts'

/** A key with what is held down beside it, as a boot keyboard's report has them. */
interface Stroke {
  readonly modifiers: number
  readonly key: number
}

export interface SensorKeys {
  readonly near?: Stroke
  readonly away?: Stroke
}

const modifierBits: Readonly<Record<string, number>> = { ctrl: 1, shift: 2, alt: 4, gui: 8 }
const namedKeys: Readonly<Record<string, number>> = { 'scroll-lock': 0x47, pause: 0x48 }
const bootReportBytes = 8

/** `away:gui+l/near:f24`, as the settings' own form has made sure. */
export function parseSensorKeys(text: string): SensorKeys {
  return Object.fromEntries(
    text.split('/').map((part) => {
      const [word = '', stroke = ''] = part.split(':')
      return [word, strokeOf(stroke)]
    }),
  )
}

function strokeOf(text: string): Stroke {
  const parts = text.split('+')
  const key = keyOf(parts.at(-1) ?? '')
  const modifiers = parts.slice(0, -1).reduce((all, name) => all | (modifierBits[name] ?? 0), 0)
  return { modifiers, key }
}

/** HID Usage Tables 1.5, keyboard page 0x07. */
function keyOf(name: string): number {
  const number = Number(/^f([0-9]{1,2})$/.exec(name)?.[1])
  if (number >= 13) return 0x68 + number - 13
  if (number >= 1) return 0x3a + number - 1
  if (/^[a-z]$/.test(name)) return 4 + name.charCodeAt(0) - 97
  if (/^[0-9]$/.test(name)) return name === '0' ? 0x27 : 0x1d + Number(name)
  return namedKeys[name] ?? Number(name)
}

/** HID 1.11, appendix B.1: what is held, a byte of nothing, and up to six keys. */
export function readKeys(keys: SensorKeys, report: Uint8Array): SensorWord {
  if (report.length !== bootReportBytes) return 'not-understood'
  if (isPressed(keys.away, report)) return 'away'
  return isPressed(keys.near, report) ? 'near' : 'not-ours'
}

function isPressed(stroke: Stroke | undefined, report: Uint8Array): boolean {
  if (stroke === undefined) return false
  // Left and right ones of a kind are one.
  const held = (report[0] ?? 0) | ((report[0] ?? 0) >> 4)
  return (held & 0x0f) === stroke.modifiers && report.subarray(2).includes(stroke.key)
}
