// What a workstation is made of, as it says it itself: system, readers, settings in force,
// authorities believed, how far updates are. Nothing in it is about a person, and no text of a
// setting is told, since that may name somebody.

import { z } from 'zod'
import { releaseVersion } from '../updates/release.ts'
import { updateFlaws, updateOutcomes } from '../updates/update-exchange.ts'

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
  /** Where it updates itself, as its part with the rights says it; `agentVersion` is what runs. */
  updates: z
    .strictObject({
      installed: releaseVersion.optional(),
      underWay: z
        .strictObject({
          to: releaseVersion,
          step: z.enum(['installing', 'on-trial', 'returning']),
        })
        .optional(),
      /** How the last one ended. */
      last: z
        .strictObject({
          to: releaseVersion,
          outcome: z.enum(updateOutcomes),
          flaw: z.enum(updateFlaws).optional(),
        })
        .optional(),
    })
    .optional(),
})
export type InventoryBody = z.infer<typeof inventoryBody>
