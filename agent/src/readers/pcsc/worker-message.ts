// What crosses between the PC/SC worker and its source. Parsed on arrival like anything that
// enters: a worker that talks nonsense is a worker that failed.

import { z } from 'zod'
import type { ReaderEvent } from '../reader.ts'

/** Handed over when the worker starts. */
export const workerTask = z.strictObject({
  ignoredNames: z.array(z.string().min(1).max(256)).max(64),
})
export type WorkerTask = z.infer<typeof workerTask>

/** The only word the source says to its worker. */
export const stopWord = 'stop'

const readerId = z.string().max(300)
const readerName = z.string().max(256)
const atMonoMs = z.number().min(0)

const workerMessage = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('card-seen'),
    readerId,
    readerName,
    card: z.strictObject({
      technology: z.literal('csn'),
      canonical: z.string().regex(/^[0-9a-f]{8,32}$/),
    }),
    atMonoMs,
    fresh: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('card-gone'), readerId, atMonoMs }),
  z.strictObject({
    kind: z.literal('card-refused'),
    readerId,
    code: z.enum([
      'card-uid-random',
      'card-uid-not-valid',
      'card-no-uid',
      'card-torn',
      'card-mute',
      'card-busy',
      'card-unreadable',
    ]),
    atMonoMs,
  }),
  z.strictObject({
    kind: z.literal('reader-up'),
    readerId,
    readerName,
    technology: z.literal('pcsc'),
  }),
  z.strictObject({
    kind: z.literal('reader-down'),
    readerId,
    reason: z.enum(['unplugged', 'service-stopped', 'failed']),
  }),
  z.strictObject({ kind: z.literal('source-up') }),
  z.strictObject({
    kind: z.literal('source-down'),
    reason: z.enum(['service-stopped', 'library-missing', 'failed']),
  }),
  z.strictObject({ kind: z.literal('alive') }),
])

/** An event of the worker, its times still on the worker's own reading of the machine's clock. */
export function parseWorkerMessage(message: unknown): ReaderEvent | undefined {
  const parsed = workerMessage.safeParse(message)
  return parsed.success ? parsed.data : undefined
}

/** The machine's monotonic clock as every thread of a process reads it alike. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
