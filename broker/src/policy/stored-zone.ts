// A zone's rules as they are read back from the store. What an earlier version allowed and this one
// does not must stop no tap: it is read as what workstations did with it. Pure.

import { z } from 'zod'
import { staleLeastMs, suspendedMost, zoneSettings } from './zone-settings.ts'
import type { ZoneSettings } from './zone-settings.ts'

const storedZone = zoneSettings.extend({
  suspendedMax: z
    .int()
    .min(0)
    .transform((count) => Math.min(count, suspendedMost))
    .default(suspendedMost),
  staleMs: z
    .int()
    .min(0)
    .transform((ms) => Math.max(ms, staleLeastMs))
    .default(60_000),
})

/** Throws where the text was not written by a version of ours. */
export function parseStoredZone(text: string): ZoneSettings {
  return storedZone.parse(JSON.parse(text))
}
