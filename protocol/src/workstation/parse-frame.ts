// From bytes on the wire to a typed frame, or to Invalid with a code. Nothing passes unparsed.

import type { z } from 'zod'
import type { InvalidCode } from '../codes.ts'
import { agentFrame, type AgentFrame } from './agent-frames.ts'
import { brokerFrame, type BrokerFrame } from './broker-frames.ts'
import { frameBytesMax, frameDepthMax } from './version.ts'

export type Parsed<T> =
  | { readonly kind: 'parsed'; readonly frame: T }
  | { readonly kind: 'invalid'; readonly code: InvalidCode; readonly place: string }

/** Parses what came from a workstation. Never throws, whatever the bytes are. */
export const parseAgentFrame = (text: string): Parsed<AgentFrame> => parseFrame(text, agentFrame)

/** Parses what came from a broker. Never throws, whatever the bytes are. */
export const parseBrokerFrame = (text: string): Parsed<BrokerFrame> => parseFrame(text, brokerFrame)

function parseFrame<T>(text: string, schema: z.ZodType<T>): Parsed<T> {
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
  const result = schema.safeParse(value)
  if (result.success) return { kind: 'parsed', frame: result.data }
  // Only the path is told, never the value: a frame may hold a PIN or a card number.
  const path = result.error.issues[0]?.path.map(String).join('.') ?? ''
  return { kind: 'invalid', code: 'frame-not-understood', place: path.slice(0, 80) }
}

/** Counts brackets outside of strings before JSON.parse recurses into them. */
function deeperThan(text: string, depthMax: number): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (inString) {
      if (c === 0x5c) i++
      else if (c === 0x22) inString = false
    } else if (c === 0x22) inString = true
    else if (c === 0x7b || c === 0x5b) {
      depth++
      if (depth > depthMax) return true
    } else if (c === 0x7d || c === 0x5d) depth--
  }
  return false
}

function invalid(code: InvalidCode): { kind: 'invalid'; code: InvalidCode; place: string } {
  return { kind: 'invalid', code, place: '' }
}
