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
  readonly person?: PersonId | undefined
  readonly workstation?: WorkstationId | undefined
  readonly session?: SessionId | undefined
  readonly zone?: string | undefined
  readonly rule?: string | undefined
  readonly badge?: string | undefined
  readonly fields: FactFields
}

export interface ToldRow extends Omit<FactRow, 'body'> {
  /** What it says, as bytes or as text. */
  readonly body: Uint8Array | string
}

type FactRow = Pick<
  Schema['fact'],
  'idx' | 'at_ms' | 'code' | 'person_id' | 'workstation_id' | 'session_id' | 'body'
>

export function toldFact(row: ToldRow): ToldFact {
  return new FactOfRow(row, idsRead())
}

/** Each as `toldFact` makes it; they are about the same few people and places. */
export function toldFacts(rows: readonly ToldRow[]): readonly ToldFact[] {
  const ids = idsRead()
  return rows.map((row) => new FactOfRow(row, ids))
}

type ReadId<Id> = (text: string | null) => Id | undefined
type IdsRead = ReturnType<typeof idsRead>

const idsRead = () => ({
  person: readOnce(personId),
  workstation: readOnce(workstationId),
  session: readOnce(sessionId),
})

function readOnce<Id>(id: { readonly parse: (text: string) => Id }): ReadId<Id> {
  const known = new Map<string, Id>()
  return (text) => {
    if (text === null) return undefined
    const before = known.get(text)
    if (before !== undefined) return before
    const parsed = id.parse(text)
    known.set(text, parsed)
    return parsed
  }
}

class FactOfRow implements ToldFact {
  readonly index: number
  readonly code: string
  readonly atMs: number
  readonly recordedMs: number
  readonly person: PersonId | undefined
  readonly workstation: WorkstationId | undefined
  readonly session: SessionId | undefined
  readonly #body: ToldRow['body']
  /** What is not in a column of its own; of most facts nobody asks, so it is parsed when it is. */
  #told: Told | undefined

  constructor(row: ToldRow, ids: IdsRead) {
    this.index = row.idx
    this.code = row.code
    this.recordedMs = row.at_ms
    this.person = ids.person(row.person_id)
    this.workstation = ids.workstation(row.workstation_id)
    this.session = ids.session(row.session_id)
    this.#body = row.body
    this.atMs = isLate(row.code) ? happenedMs(row.code, row.at_ms, this.fields) : row.at_ms
  }

  get zone(): string | undefined {
    return this.#saying().zone
  }

  get rule(): string | undefined {
    return this.#saying().rule
  }

  get badge(): string | undefined {
    return this.#saying().badge
  }

  get fields(): FactFields {
    return this.#saying().fields
  }

  #saying(): Told {
    return (this.#told ??= parseTold(this.#body))
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
  fields: z.custom<FactFields>(isFlat).optional(),
})

/** By hand: of thousands of facts it is asked, and a schema of any keys takes ten times as long. */
function isFlat(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every(
    (one) => typeof one === 'string' || typeof one === 'boolean' || Number.isFinite(one),
  )
}

function parseTold(bytes: ToldRow['body']): Told {
  const { zone, rule, badge, fields = {} } = body.parse(JSON.parse(textOf(bytes)))
  return { zone, rule, badge, fields }
}

function textOf(bytes: ToldRow['body']): string {
  if (typeof bytes === 'string') return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
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
