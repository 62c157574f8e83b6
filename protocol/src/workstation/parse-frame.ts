// From bytes on the wire to a typed frame, or to Invalid with a code. Nothing passes unparsed; what
// a newer side says beyond what is known here is passed over, and reaches nobody.

import type { z } from 'zod'
import type { InvalidCode } from '../codes.ts'
import { agentFrame, type AgentFrame } from './agent-frames.ts'
import { brokerFrame, type BrokerFrame } from './broker-frames.ts'
import { deeperThan } from '../text-depth.ts'
import { frameBytesMax, frameDepthMax } from './version.ts'

export type Parsed<T> =
  | { readonly kind: 'parsed'; readonly frame: T }
  | { readonly kind: 'invalid'; readonly code: InvalidCode; readonly place: string }

/** Parses what came from a workstation. Never throws, whatever the bytes are. */
export const parseAgentFrame = (text: string): Parsed<AgentFrame> =>
  parseFrame(text, agentFrame, growsAtAgent)

/** Parses what came from a broker. Never throws, whatever the bytes are. */
export const parseBrokerFrame = (text: string): Parsed<BrokerFrame> =>
  parseFrame(text, brokerFrame, tellsOfPlace)

/**
 * Of what a broker says only this grows with a release, and opens nothing. Whatever opens, locks or
 * refuses has to be understood whole: a field that nobody knows may be the one that forbids.
 */
const growing: readonly unknown[] = ['welcome', 'rules']
const tellsOfPlace: MayGrow = (kind) => growing.includes(kind)

/** What somebody answered is understood whole: an answer in two ways is none. */
const growsAtAgent: MayGrow = (_kind, [field]) => field !== 'answer'

/** Of a frame of that kind, at that place in it. */
type MayGrow = (kind: unknown, path: readonly PropertyKey[]) => boolean

function parseFrame<T>(text: string, schema: z.ZodType<T>, mayGrow: MayGrow): Parsed<T> {
  // Length in UTF-16 units is never more than in UTF-8 bytes; the door limits the bytes as well.
  if (text.length > frameBytesMax) return invalid('frame-too-large')
  if (deeperThan(text, frameDepthMax)) return invalid('frame-too-deep')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return invalid('frame-not-json')
  }
  const first = schema.safeParse(value)
  const kind = fieldsOf(value)?.['kind']
  const isOlder = !first.success && first.error.issues.every(({ path }) => mayGrow(kind, path))
  const result = isOlder ? schema.safeParse(withoutUnknown(value, first.error.issues)) : first
  if (result.success) return { kind: 'parsed', frame: result.data }
  // Only the path is told, never the value: a frame may hold a PIN or a card number.
  const path = result.error.issues[0]?.path.map(String).join('.') ?? ''
  return { kind: 'invalid', code: 'frame-not-understood', place: path.slice(0, 80) }
}

/**
 * N speaks with N-1: a field that was added may be left out, and so may the one who knows it not
 * leave it out (decision 0055). Only fields that are there for nobody go; all others must fit.
 */
function withoutUnknown(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') return value
    const holder = issue.path.reduce<unknown>((at, key) => fieldsOf(at)?.[String(key)], value)
    const fields = fieldsOf(holder)
    if (fields) for (const key of issue.keys) Reflect.deleteProperty(fields, key)
  }
  return value
}

/** Of what JSON.parse made, so that nothing else hears of a change. */
function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : undefined
}

function invalid(code: InvalidCode): { kind: 'invalid'; code: InvalidCode; place: string } {
  return { kind: 'invalid', code, place: '' }
}
