// What a program may say of the place before the screen: somebody is near, or nobody, and how sure
// it is. One line of JSON for each report. Pure.

import { z } from 'zod'

/** In bytes, the line's end not counted; a report needs a third of it. */
export const reportBytesMax = 128

const report = z.strictObject({
  near: z.boolean(),
  /** From 0, a guess, to 1. */
  confidence: z.number().min(0).max(1),
})
export type PresenceReport = z.infer<typeof report>

/** Nothing where the line is not understood. */
export function parsePresenceReport(line: string): PresenceReport | undefined {
  if (line.length > reportBytesMax) return undefined
  try {
    return report.safeParse(JSON.parse(line)).data
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
