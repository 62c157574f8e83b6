// What forgetting and legal holds have in common: a reason of one line, and who gave a word when.

import { z } from 'zod'

/** One line, as it is kept and printed on a certificate. */
export const oneLine = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$/u)

export const wordGiven = z.object({ atMs: z.int(), by: z.string() })
