// What can be asked of the simulated reader, and how such a request is read from text. It parses
// whatever comes, with limits; it moves nothing.

import { z } from 'zod'

const uid = z
  .string()
  .regex(/^[0-9a-fA-F]{8,32}$/)
  .transform((hex) => hex.toLowerCase())

const simulatedCommand = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tap'), uid }),
  z.strictObject({ kind: z.literal('place'), uid }),
  z.strictObject({ kind: z.literal('remove') }),
  z.strictObject({ kind: z.literal('unplug') }),
  z.strictObject({ kind: z.literal('plug') }),
])
export type SimulatedCommand = z.infer<typeof simulatedCommand>

/** One JSON object of at most a few hundred characters; undefined for anything else. */
export function parseSimulatedCommand(text: string): SimulatedCommand | undefined {
  if (text.length > 256) return undefined
  try {
    return simulatedCommand.safeParse(JSON.parse(text)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
