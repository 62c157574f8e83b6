// Which badges change when one is lent, lost, found, or a loaner ends. Pure.

import type { Badge } from '../../identity/badges.ts'
import { isResting } from '../../identity/cards/resting-badge.ts'
import type { Mark } from '../badges/mark-badges.ts'

const isLoaner = ({ loanerCardId }: Badge): boolean => loanerCardId !== null
const isStanding = ({ status }: Badge): boolean =>
  status === 'active' || status === 'suspended' || status === 'lost'
const ended = (badge: Badge): Mark => ({ badge, status: 'expired', code: 'BDG-005' })

/** What nobody has at hand any more would only keep her own badge waiting. */
export function isLoanersEnd(
  { loanerCardId }: Pick<Badge, 'loanerCardId'>,
  status: Badge['status'],
): boolean {
  return loanerCardId !== null && status !== 'active' && status !== 'suspended'
}

export const marksOf = {
  /** Her own wait until it ends; a loaner that she had before ends now. */
  loanerGiven(own: readonly Badge[], loaner: Badge['id']): readonly Mark[] {
    return own.flatMap((badge): Mark[] => {
      if (isLoaner(badge)) return isStanding(badge) ? [ended(badge)] : []
      if (badge.status !== 'active' && !isResting(badge)) return []
      return [{ badge, status: 'suspended', code: 'BDG-002', suspendedFor: loaner }]
    })
  },
  /** With a new badge for good those that she lost never come back. */
  replaced(own: readonly Badge[]): readonly Mark[] {
    return own
      .filter((badge) => badge.status === 'lost' && !isLoaner(badge))
      .map((badge): Mark => ({ badge, status: 'replaced', code: 'BDG-002' }))
  },
  /** A loaner's end brings back what waits for it, as far as nobody has marked it since. */
  loanerOver(own: readonly Badge[], loaner: Badge): readonly Mark[] {
    const waiting = own.filter(
      ({ status, suspendedFor }) => status === 'suspended' && suspendedFor === loaner.id,
    )
    return [
      ended(loaner),
      ...waiting.map((badge): Mark => ({ badge, status: 'active', code: 'BDG-003' })),
    ]
  },
  /** Badges that security suspended stay as they are. */
  lost(own: readonly Badge[]): readonly Mark[] {
    return own.flatMap((badge): Mark[] => {
      if (isLoaner(badge)) return isStanding(badge) ? [ended(badge)] : []
      const isHers = badge.status === 'active' || badge.suspendedFor !== null
      return isHers && isStanding(badge) ? [{ badge, status: 'lost', code: 'BDG-002' }] : []
    })
  },
  /**
   * What somebody else may have used (all of hers where it is not known which): only security or
   * the service desk gives it back, no loaner's end and no word of HR's.
   */
  disowned(own: readonly Badge[], used: Badge['id'] | undefined): readonly Mark[] {
    return own.flatMap((badge): Mark[] => {
      if (used !== undefined && badge.id !== used) return []
      const comesBack = badge.suspendedFor !== null || badge.isSuspendedByHr
      // A lost one would come back by a colleague's word alone.
      const opens = badge.status === 'active' || badge.status === 'lost'
      const isStill = opens || (badge.status === 'suspended' && comesBack)
      return isStill ? [{ badge, status: 'suspended', code: 'BDG-002' }] : []
    })
  },
  /** What she found counts again; the loaner that stood in for it is over. */
  found(own: readonly Badge[], badge: Badge): readonly Mark[] {
    const loaners = own.filter((one) => isLoaner(one) && isStanding(one) && one.id !== badge.id)
    return [{ badge, status: 'active', code: 'BDG-003' }, ...loaners.map(ended)]
  },
}
