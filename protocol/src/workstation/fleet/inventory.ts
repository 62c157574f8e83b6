// What a workstation is made of, as it says it itself: system, readers, settings in force,
// authorities believed. Nothing in it is about a person, and no text of a setting is told, since
// that may name somebody.

import { z } from 'zod'

const shortText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\x20-\x7e]*$/)

export const inventoryBody = z.strictObject({
  agentVersion: shortText(32),
  system: z.strictObject({
    platform: shortText(16),
    release: shortText(64),
    arch: shortText(16),
  }),
  readers: z
    .array(
      z.strictObject({
        /** A known family and model: makers write serial numbers into names. */
        model: shortText(64),
        /** How it is read. */
        mode: z.enum(['pcsc', 'rf-ideas', 'simulated']),
        firmware: shortText(32).optional(),
      }),
    )
    .max(8),
  settings: z
    .array(
      z.strictObject({
        key: z.string().regex(/^[A-Za-z][A-Za-z.]{0,63}$/),
        from: z.enum(['policy', 'command-line', 'environment', 'file', 'installer', 'default']),
        /** Of yes and no, of numbers and choices; absent where it is text. */
        value: z.union([z.boolean(), z.number(), shortText(64)]).optional(),
      }),
    )
    .max(80),
  /** SHA-256 of the authorities that it believes brokers by, that of its certificate first. */
  authorities: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .max(3)
    .optional(),
})
export type InventoryBody = z.infer<typeof inventoryBody>
