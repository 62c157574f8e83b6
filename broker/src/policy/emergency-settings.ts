// What a zone says about emergency access: whether, what for, how long, and when a colleague has to
// speak for whoever asks. Pure.

import { z } from 'zod'

const minutes = (n: number): number => n * 60_000

/** As the lock screen shows it; without what could hide text or turn it round. */
const label = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u)

const reason = z.strictObject({
  code: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  label,
  asksNote: z.boolean().default(false),
})
export type EmergencyReason = z.infer<typeof reason>

/** Few, and in the words of a ward; the last one is for what nobody thought of, so it asks. */
const usualReasons: readonly EmergencyReason[] = [
  { code: 'patient-in-danger', label: 'A patient is in danger now', asksNote: false },
  { code: 'covering', label: 'I am covering for a colleague', asksNote: false },
  { code: 'other-area', label: 'I was called to another area', asksNote: false },
  { code: 'badge-trouble', label: 'My badge or PIN does not work', asksNote: false },
  { code: 'other', label: 'Something else', asksNote: true },
]

export const emergencySettings = z.strictObject({
  /** A zone that offers none says so. */
  offered: z.boolean().default(true),
  reasons: z
    .array(reason)
    .min(1)
    .max(8)
    .refine((all) => new Set(all.map(({ code }) => code)).size === all.length, 'names one twice')
    .default([...usualReasons]),
  /** From the moment it is given; leaving the screen does not make it longer. */
  lastsMs: z.int().min(minutes(1)).max(minutes(720)).default(minutes(30)),
  witness: z.enum(['when-weak', 'always']).default('when-weak'),
  /** Whose people may be that colleague; without it, as emergency-witness.ts says. */
  witnessRoles: z
    .array(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/))
    .min(1)
    .max(32)
    .optional(),
})
export type EmergencySettings = z.infer<typeof emergencySettings>

/** The list as workstations are told it; nothing where the zone offers none. */
export function offeredReasons({ offered, reasons }: EmergencySettings) {
  return offered ? { reasons: reasons.map((one) => ({ ...one })) } : undefined
}
