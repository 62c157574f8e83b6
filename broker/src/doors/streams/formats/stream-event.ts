// One fact as it leaves the broker: what every format is made from. What is sealed in a fact has no
// place here, and a name only where the stream's settings ask for one. Pure.

import { factCodes } from '@wardkey/protocol/fact-codes'
import { z } from 'zod'
import { classOfCode, gravityOf, isFailure } from './event-classes.ts'
import type { EventClass, Gravity } from './event-classes.ts'

export type EventValue = string | number | boolean

/** Whom a person's id stands for, where a stream may say it. */
export interface Identity {
  readonly name?: string
  readonly staffNumber?: string
}

export interface StreamEvent {
  /** Its number in the record. */
  readonly index: number
  /** The number of the fact before it in this stream: a receiver that has not got it has a gap. */
  readonly previous: number | undefined
  /** The size of a signed checkpoint that covers it. */
  readonly checkpoint: number
  /** The record's name, as its checkpoints have it. */
  readonly origin: string
  readonly id: string
  readonly code: string
  readonly sentence: string
  readonly class: EventClass
  readonly gravity: Gravity
  readonly isFailure: boolean
  readonly atMs: number
  readonly person: string | undefined
  readonly identity: Identity
  readonly workstation: string | undefined
  readonly zone: string | undefined
  readonly session: string | undefined
  readonly tap: string | undefined
  readonly badge: string | undefined
  readonly rule: string | undefined
  readonly fields: Readonly<Record<string, EventValue>>
}

export interface EventPlace {
  readonly index: number
  readonly previous: number | undefined
  readonly checkpoint: number
  readonly origin: string
}

/** `sealed` is read past: it says nothing without a key, and a stream has none. */
const body = z.object({
  id: z.string(),
  code: z.string(),
  atMs: z.int(),
  person: z.string().optional(),
  workstation: z.string().optional(),
  zone: z.string().optional(),
  session: z.string().optional(),
  tap: z.string().optional(),
  badge: z.string().optional(),
  rule: z.string().optional(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
})

const sentences = new Map<string, string>(
  Object.entries(factCodes).map(([code, { sentence }]) => [code, sentence]),
)

/** Throws where the bytes are no fact: then the record is not what it was, and nothing is sent. */
export function streamEvent(bytes: Uint8Array, place: EventPlace): StreamEvent {
  const fact = body.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  const { code } = fact
  return {
    ...place,
    id: fact.id,
    code,
    sentence: sentences.get(code) ?? code,
    class: classOfCode(code),
    gravity: gravityOf(code),
    isFailure: isFailure(code),
    atMs: fact.atMs,
    person: fact.person,
    identity: {},
    workstation: fact.workstation,
    zone: fact.zone,
    session: fact.session,
    tap: fact.tap,
    badge: fact.badge,
    rule: fact.rule,
    fields: fact.fields,
  }
}
