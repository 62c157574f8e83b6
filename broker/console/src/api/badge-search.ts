// Finding badges by their last digits. Digits go in the body of a request, never in an address.

import type { BadgeFound, BadgesFound } from '@wardkey/protocol/admin/badges/badge-find'
import type { Pass } from './acts.ts'
import { change, post } from './ask.ts'

export type { BadgeFound, BadgesFound }

export const findBadges = (ends: string, pass: Pass): Promise<BadgesFound> =>
  change({ ...post('/badges/find'), body: { ends }, ...pass })
