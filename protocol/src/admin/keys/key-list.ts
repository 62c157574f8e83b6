// What an operator sees of the broker's keys: what each is for, how it stands, since when, and how
// it changes next. Ids and fingerprints of public halves; never a secret, nor a hash of one.

import { z } from 'zod'
import { keyChangeReason, keyKind } from './key-words.ts'

/**
 * `prepared`: made, and nobody uses it yet. `shown`: made known, not signing yet. `ending`: signs no
 * more, and is shown until its end.
 */
export const keyState = z.enum(['in-force', 'prepared', 'shown', 'ending', 'ended'])
export type KeyState = z.infer<typeof keyState>

export const keyShown = z.object({
  kind: keyKind,
  /** Where there are several of a kind: which one. */
  name: z.string().optional(),
  /** Of its public half. Absent where it has none. */
  id: z.string().optional(),
  state: keyState,
  /** In force, shown or made since then; for an ended one, when it began. */
  sinceMs: z.int().optional(),
  /** It is at least as old: nobody wrote down when it was made. */
  isOlder: z.boolean(),
  /** Its end, past or to come. */
  endsMs: z.int().optional(),
  /** Why it ended, where somebody said so. */
  reason: keyChangeReason.optional(),
  rotation: z.enum(['schedule', 'command', 'file', 'not-yet']),
  /** By which it is changed, on the broker's host. */
  command: z.string().optional(),
  /** The next change, where it is known. */
  nextMs: z.int().optional(),
  /** Of a next authority: how many active workstations have no certificate of it. */
  without: z.int().min(0).optional(),
  /** Of a next authority: active workstations, who believes it, and whom it certified. */
  workstations: z
    .object({ active: z.int().min(0), told: z.int().min(0), renewed: z.int().min(0) })
    .optional(),
  /** `ends-soon`: within 90 days, and nothing takes its place by itself. `not-here`: the key folder of the broker that was asked lacks it. */
  warning: z.enum(['ends-soon', 'not-here']).optional(),
})
export type KeyShown = z.infer<typeof keyShown>

export const keyList = z.object({ atMs: z.int(), keys: z.array(keyShown) })
export type KeyList = z.infer<typeof keyList>
