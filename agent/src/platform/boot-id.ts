// Which start of the operating system this is: what was proved before it counts no longer here.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { uptime } from 'node:os'

const linuxFile = '/proc/sys/kernel/random/boot_id'
const minuteMs = 60_000

/**
 * Where the system has no id of its own, from the minute at which it was started. A clock that was
 * set since, or a minute that is cut the other way, makes another id: then a PIN is asked once too
 * often.
 */
export function findBootId(wallMs: number): string {
  if (existsSync(linuxFile)) {
    const id = readFileSync(linuxFile, 'utf8').trim().toLowerCase()
    if (/^[0-9a-f-]{36}$/.test(id)) return id
  }
  const startedMinute = Math.round((wallMs - uptime() * 1000) / minuteMs)
  return createHash('sha256').update(String(startedMinute)).digest('hex').slice(0, 32)
}

/** For how long the operating system has been up, sleep included where the system counts it. */
export function systemUpMs(): number {
  return uptime() * 1000
}
