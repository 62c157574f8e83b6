// What the settings of updates may be: whose releases are taken, where their files are, and the
// house's own rings. Shapes only.

import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { zoneId } from '@wardkey/protocol/ids'
import { ringsMax } from '@wardkey/protocol/workstation/updates/manifest'
import { releaseKey } from '@wardkey/protocol/workstation/updates/release'

const hourMs = 3_600_000
const soakHours = z
  .number()
  .min(0)
  .max(60 * 24)

const ring = z
  .strictObject({
    zones: z.array(z.string().pipe(zoneId)).max(1000).default([]),
    assets: z.array(z.string().min(1).max(64)).max(200).default([]),
    percent: z.int().min(0).max(100).default(0),
    soakHours,
    failedMax: z.int().min(0).max(1000).default(0),
  })
  .transform(({ soakHours, ...rest }) => ({ ...rest, soakMs: Math.round(soakHours * hourMs) }))

/** A whole number, or its digits as the environment gives them. */
const count = z.union([
  z.int(),
  z
    .string()
    .regex(/^[0-9]{1,4}$/, 'has to be a whole number')
    .transform(Number),
])

export const updateSchemas = {
  'updates.releaseKey': z.union([z.literal(''), releaseKey]).default(''),
  'updates.folder': z
    .string()
    .max(1024)
    .refine((path) => path === '' || isAbsolute(path), 'has to be a whole path')
    .default(''),
  'updates.atOnce': count.pipe(z.int().min(1).max(1000)).default(10),
  'updates.rings': z.array(ring).max(ringsMax).default([]),
}
