// What HR's word on a badge's status does to one that is enrolled: it takes away whatever it likes,
// and gives back only what it took. Pure.

import type { Badge, BadgeStatus } from '../../identity/badges.ts'
import { isResting } from '../../identity/cards/resting-badge.ts'

export type HrMark =
  /** It becomes so. */
  | 'marks'
  /** It is so already, or will be by itself: nothing is to be done. */
  | 'same'
  /** Lost, or suspended by somebody else: HR's word does not undo it, nor by a way around. */
  | 'not-hrs'
  /** Replaced or expired: its card may be somebody else's by now. */
  | 'over'

type Known = Pick<Badge, 'status' | 'suspendedFor' | 'isSuspendedByHr'>

export function hrMark(badge: Known, wanted: BadgeStatus): HrMark {
  if (badge.status === wanted && !isResting(badge)) return 'same'
  if (badge.status === 'replaced' || badge.status === 'expired') return 'over'
  if (wanted === 'replaced' || wanted === 'expired' || badge.status === 'active') return 'marks'
  if (badge.status === 'lost') return 'not-hrs'
  // The loaner's end makes it active: until then HR's word that it is says nothing new.
  if (isResting(badge)) return wanted === 'active' ? 'same' : 'marks'
  return badge.isSuspendedByHr ? 'marks' : 'not-hrs'
}
