// What a test says to a workstation in a process of its own, and what it hears of it. Names nobody.

import { z } from 'zod'
import type { SimulatedCommand } from '@wardkey/agent/readers/simulated/simulated-command'

export type ToWorkstation =
  | { readonly kind: 'hand'; readonly command: SimulatedCommand }
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'look' }
  | { readonly kind: 'press'; readonly label: string }
  | { readonly kind: 'windows' }

const seen = z.object({
  phase: z.string(),
  sessionId: z.string().optional(),
  /** Opened by itself, and not confirmed yet. */
  isSeatedAlone: z.boolean().optional(),
  tapId: z.string().optional(),
  code: z.string().optional(),
  link: z.string(),
  reader: z.string(),
  browser: z.string(),
  isAlone: z.boolean(),
  place: z.string(),
})
export type Seen = z.infer<typeof seen>

export const fromWorkstation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('seen'), seen, atMs: z.number() }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('pressed'), isPressed: z.boolean() }),
  z.object({ kind: z.literal('windows'), urls: z.array(z.string()) }),
])
