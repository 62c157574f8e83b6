// Feeds of other systems as the admin door shows and takes them.

import { z } from 'zod'

const outcomes = { taken: z.int(), repeated: z.int(), ignored: z.int() }
const why = z.enum(['door', 'direction', 'time', 'person', 'type'])

const feedShown = z.object({
  name: z.string(),
  kind: z.enum(['webhook', 'syslog', 'list']),
  /** Since this broker started. */
  counts: z.object({ ...outcomes, unmapped: z.int() }),
  lastMs: z.int().optional(),
  /** What the table of the settings does not know, what came last first. */
  unmapped: z.array(z.object({ why, what: z.string(), count: z.int() })),
})
export type FeedShown = z.infer<typeof feedShown>
export const feedsPage = z.object({ feeds: z.array(feedShown) })

export const feedParams = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
})
export const feedEventsMax = 200
export const feedEvents = z.strictObject({
  events: z
    .array(z.record(z.string().max(256), z.unknown()))
    .min(1)
    .max(feedEventsMax),
})
export const feedTaken = z.object({
  ...outcomes,
  /** Which of them the table does not know, from 0, and why. */
  unmapped: z.array(z.object({ at: z.int(), why })),
})
