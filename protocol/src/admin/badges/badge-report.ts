// The report of badges that anybody can copy, as the admin door shows it.

import { z } from 'zod'

/** How many badges anybody can copy: counts, never whose and never a number. */
export const badgeReport = z.object({
  atMs: z.int(),
  badges: z.int(),
  cloneable: z.int(),
  technologies: z.array(
    z.object({
      technology: z.string(),
      assurance: z.int(),
      isCloneable: z.boolean(),
      badges: z.int(),
      people: z.int(),
    }),
  ),
  roles: z.array(z.object({ role: z.string(), people: z.int(), cloneable: z.int() })),
  zones: z.array(
    z.object({
      zoneId: z.string(),
      /** A copied badge opens something there without a PIN, at least for a while after one. */
      isBadgeAloneEnough: z.boolean(),
      people: z.int(),
      cloneable: z.int(),
    }),
  ),
  /** What to do first: places where a copy opens something, then badges, the weakest first. */
  plan: z.array(
    z.discriminatedUnion('what', [
      z.object({ what: z.literal('ask-pin'), zoneId: z.string(), people: z.int() }),
      z.object({
        what: z.literal('replace'),
        technology: z.string(),
        role: z.string(),
        badges: z.int(),
      }),
    ]),
  ),
})
export type BadgeReport = z.infer<typeof badgeReport>
