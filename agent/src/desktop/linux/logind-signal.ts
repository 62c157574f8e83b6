// Reads what `gdbus monitor` prints of systemd-logind, line by line, and what `busctl` answers.
// Pure. What it does not know it passes over; it asks for nothing.

import { z } from 'zod'
import type { DesktopEvent } from '../desktop.ts'

const lineMax = 4096

export interface LogindSignal {
  readonly event: DesktopEvent
  /** Whose session it is about; undefined for what concerns the machine. */
  readonly sessionPath?: string
}

/** One line of `gdbus monitor --dest org.freedesktop.login1`. */
export function parseSignal(line: string): LogindSignal | undefined {
  if (line.length > lineMax) return undefined
  const [, path, signal, body] = /^(\S+): (\S+) (\(.*\))\s*$/.exec(line) ?? []
  if (path === undefined || signal === undefined || body === undefined) return undefined
  if (signal === 'org.freedesktop.login1.Manager.PrepareForSleep') {
    if (body === '(true,)') return { event: { kind: 'sleeping' } }
    return body === '(false,)' ? { event: { kind: 'resumed' } } : undefined
  }
  if (signal !== 'org.freedesktop.DBus.Properties.PropertiesChanged') return undefined
  if (!body.startsWith("('org.freedesktop.login1.Session', {")) return undefined
  if (body.includes("'LockedHint': <true>")) {
    return { event: { kind: 'session-locked' }, sessionPath: path }
  }
  return body.includes("'LockedHint': <false>")
    ? { event: { kind: 'session-unlocked' }, sessionPath: path }
    : undefined
}

const display = z.object({
  type: z.literal('(so)'),
  data: z.tuple([z.string().max(64), z.string().max(256)]),
})

/** A session as logind knows it. */
export interface LogindSession {
  readonly id: string
  readonly path: string
}

/** The answer to the property Display of a user: the session that has the screen. */
export function parseDisplay(json: string): LogindSession | undefined {
  const answer = parseJson(json)
  const parsed = display.safeParse(answer)
  if (!parsed.success) return undefined
  const [id, path] = parsed.data.data
  return id === '' || path === '/' ? undefined : { id, path }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
