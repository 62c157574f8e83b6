// Syslog as it comes in over a stream: frames with a length before them (RFC 5425), or lines, as
// many senders have them (RFC 6587), and the fields of a message: JSON, or key=value. Pure.

import { deeperThan } from '@wardkey/protocol/text-depth'
import { eventDepthMax } from './map-event.ts'
import type { RawEvent } from './map-event.ts'

/** A door event is some hundred bytes. */
const frameBytesMax = 16 * 1024
const digitsMax = 5
const pairsMax = 64

export class SyslogFrames {
  #rest: Buffer = Buffer.alloc(0)

  /** The whole messages that are there now; what comes after them may be no syslog: cut it off. */
  take(chunk: Buffer): { readonly messages: readonly string[]; readonly isBroken: boolean } {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const messages: string[] = []
    for (let at = 0; ;) {
      const frame = nextFrame(this.#rest, at)
      if (frame === 'broken') return { messages, isBroken: true }
      if (frame === 'more') {
        this.#rest = Buffer.from(this.#rest.subarray(at))
        return { messages, isBroken: false }
      }
      const message = this.#rest.subarray(frame.from, frame.to).toString('utf8')
      if (message !== '') messages.push(message)
      at = frame.next
    }
  }
}

type Frame = { readonly from: number; readonly to: number; readonly next: number }

function nextFrame(bytes: Buffer, at: number): Frame | 'more' | 'broken' {
  if (at >= bytes.length) return 'more'
  const first = bytes[at] ?? 0
  if (first === 0x3c || first === 0x0a || first === 0x0d) return nextLine(bytes, at)
  const space = bytes.subarray(at, at + digitsMax + 1).indexOf(0x20)
  const digits = bytes.subarray(at, space < 0 ? at + digitsMax + 1 : at + space).toString('latin1')
  if (!/^[1-9][0-9]*$/.test(digits)) return 'broken'
  if (space < 0) return digits.length > digitsMax ? 'broken' : 'more'
  const length = Number(digits)
  if (length > frameBytesMax) return 'broken'
  const from = at + space + 1
  const to = from + length
  return to > bytes.length ? 'more' : { from, to, next: to }
}

function nextLine(bytes: Buffer, at: number): Frame | 'more' | 'broken' {
  const end = bytes.indexOf(0x0a, at)
  if (end < 0) return bytes.length - at > frameBytesMax ? 'broken' : 'more'
  if (end - at > frameBytesMax) return 'broken'
  const to = end > at && bytes[end - 1] === 0x0d ? end - 1 : end
  return { from: at, to, next: end + 1 }
}

const modern = /^<[0-9]{1,3}>1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /
const old = /^<[0-9]{1,3}>(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} (\S{1,255}) )?/

/** What a message says, by names; what its head says begins with `syslog.`. */
export function syslogFields(message: string): RawEvent {
  const head = modern.exec(message)
  if (head) {
    const [all, time, host, app, , id] = head
    const text = withoutStructured(message.slice(all.length)).replace(/^\ufeff/, '')
    const named = { 'syslog.time': time, 'syslog.host': host, 'syslog.app': app, 'syslog.id': id }
    return { ...textFields(text), ...named }
  }
  const first = old.exec(message)
  const text = message.slice(first?.[0].length ?? 0).replace(/^[^\s:{=]{1,64}: /, '')
  return { ...textFields(text), ...(first?.[1] === undefined ? {} : { 'syslog.host': first[1] }) }
}

function withoutStructured(text: string): string {
  if (text.startsWith('-')) return text.slice(2)
  let at = 0
  while (text[at] === '[') {
    let isQuoted = false
    for (at += 1; at < text.length; at++) {
      const sign = text[at]
      if (sign === '\\' && isQuoted) at += 1
      else if (sign === '"') isQuoted = !isQuoted
      else if (sign === ']' && !isQuoted) break
    }
    at += 1
  }
  return text.slice(at).trimStart()
}

function textFields(text: string): RawEvent {
  const trimmed = text.trim()
  if (trimmed.startsWith('{')) {
    const parsed = parseObject(trimmed)
    if (parsed) return parsed
  }
  const fields: Record<string, string> = {}
  let count = 0
  for (const [, name = '', quoted, bare] of trimmed.matchAll(
    /([A-Za-z][A-Za-z0-9_.-]{0,63})=(?:"((?:[^"\\]|\\.){0,512})"|([^\s"]{0,512}))/g,
  )) {
    fields[name] = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1')
    count += 1
    if (count >= pairsMax) break
  }
  return fields
}

function parseObject(text: string): RawEvent | undefined {
  if (deeperThan(text, eventDepthMax)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { ...value } : undefined
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
