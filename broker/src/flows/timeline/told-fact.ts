// One fact as a time line reads it: what it is about, and when it happened, which is not always
// when it was recorded. Pure.

import { z } from 'zod'
import { personId, sessionId, workstationId } from '@wardkey/protocol/ids'
import type { PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { Schema } from '../../store/schema.ts'

export type FactFields = Readonly<Record<string, string | number | boolean>>

export interface ToldFact {
  readonly index: number
  readonly code: string
  /** When it happened, as far as the record can tell; never after it was recorded. */
  readonly atMs: number
  readonly recordedMs: number
  readonly person?: PersonId
  readonly workstation?: WorkstationId
  readonly session?: SessionId
  readonly zone?: string | undefined
  readonly rule?: string | undefined
  readonly badge?: string | undefined
  readonly fields: FactFields
}

export type ToldRow = Pick<
  Schema['fact'],
  'idx' | 'at_ms' | 'code' | 'person_id' | 'workstation_id' | 'session_id' | 'body'
>

/** What is not about a column of its own; of most facts nobody asks, so it is parsed when it is. */
export function toldFact(row: ToldRow): ToldFact {
  let parsed: Told | undefined
  const told = (): Told => (parsed ??= parseTold(row.body))
  return {
    index: row.idx,
    code: row.code,
    atMs: isLate(row.code) ? happenedMs(row.code, row.at_ms, told().fields) : row.at_ms,
    recordedMs: row.at_ms,
    ...(row.person_id === null ? {} : { person: personId.parse(row.person_id) }),
    ...(row.workstation_id === null
      ? {}
      : { workstation: workstationId.parse(row.workstation_id) }),
    ...(row.session_id === null ? {} : { session: sessionId.parse(row.session_id) }),
    get zone() {
      return told().zone
    },
    get rule() {
      return told().rule
    },
    get badge() {
      return told().badge
    },
    get fields() {
      return told().fields
    },
  }
}

interface Told {
  readonly zone: string | undefined
  readonly rule: string | undefined
  readonly badge: string | undefined
  readonly fields: FactFields
}

const body = z.object({
  zone: z.string().optional(),
  rule: z.string().optional(),
  badge: z.string().optional(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})

function parseTold(bytes: Uint8Array): Told {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  const { zone, rule, badge, fields = {} } = body.parse(JSON.parse(text))
  return { zone, rule, badge, fields }
}

/** By when it happened; what one unit recorded stays in its order. */
export function byTime(a: ToldFact, b: ToldFact): number {
  return a.atMs - b.atMs || a.index - b.index
}

/**
 * A workstation's own time where it told something afterwards: lines of a journal, a lock that was
 * heard of late, a door that was slow to say so.
 */
function happenedMs(code: string, recordedMs: number, fields: FactFields): number {
  const claimed = claimedMs(code, recordedMs, fields)
  return typeof claimed === 'number' ? Math.max(0, Math.min(claimed, recordedMs)) : recordedMs
}

const isLate = (code: string): boolean => /^(OFF-00[23]|BTG-|SES-00[38]|PRE-002)/.test(code)

function claimedMs(code: string, recordedMs: number, fields: FactFields) {
  const { journal, atMs, endedMs, lockedMs, lateMs } = fields
  if (code === 'SES-003' || code === 'SES-008') return lockedMs
  if (code === 'PRE-002') return typeof lateMs === 'number' ? recordedMs - lateMs : undefined
  if (journal === undefined) return undefined
  return code === 'BTG-003' ? endedMs : atMs
}
