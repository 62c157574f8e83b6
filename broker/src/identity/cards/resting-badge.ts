// A badge that rests: suspended because a loaner stands in for it, by nobody's word, until the
// loaner ends. Pure.

import type { Badge } from '../badges.ts'

export const isResting = ({
  status,
  suspendedFor,
}: {
  readonly status: Badge['status']
  readonly suspendedFor: string | null
}): boolean => status === 'suspended' && suspendedFor !== null
