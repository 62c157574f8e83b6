// The way of a tap as far as it goes without a person: place, card, policy, what is open. A
// workstation whose release is on trial asks for it. It writes nothing, counts nothing, and names
// nobody: whoever asks chooses no card.

import { badgeId, personId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { accessFacts } from '../identity/access-facts.ts'
import { findLoanerCard } from '../identity/cards/loaner-cards.ts'
import { findCardHolder } from '../identity/find-card-holder.ts'
import type { CardHolder } from '../identity/find-card-holder.ts'
import { Fault } from '../platform/fault.ts'
import { findWorkstation } from './find-workstation.ts'
import type { House } from './house-book.ts'
import { decideHere } from './tap-question.ts'
import type { TapInNeeds } from './tap-question.ts'

/** No frame can name it (`cardClaim`), so that nobody has it. */
export const noCard = { technology: 'csn', canonical: 'NO CARD' } as const

/** Of a version that no id here is made in. */
const nobodysId = '00000000-0000-8000-8000-000000000000'
/** Left for good: no policy can let her in, whatever it says of her. */
const nobody: CardHolder = {
  badgeId: badgeId.parse(nobodysId),
  badgeStatus: 'replaced',
  isBadgeResting: false,
  badgeVersion: 0,
  assurance: 0,
  badgeEndsMs: 0,
  personId: personId.parse(nobodysId),
  personStatus: 'terminated',
  personVersion: 0,
  roles: [],
  access: accessFacts.parse({}),
  nameSealed: new Uint8Array(0),
  hasPin: false,
  pinFailures: 0,
  pinLockedUntilMs: 0,
  grace: null,
}

export type ProbeNeeds = Pick<TapInNeeds, 'db' | 'nowMs' | 'cardKey' | 'house'>

/**
 * The same outcome whatever cards there are. Throws a Fault where a tap could not be decided, or
 * where nobody would be let in.
 */
export async function probeTap(
  at: WorkstationId,
  needs: ProbeNeeds,
): Promise<'probed' | 'not-enrolled'> {
  const { db, cardKey, nowMs } = needs
  const workstation = await findWorkstation(db, at)
  if (workstation?.status !== 'active') return 'not-enrolled'
  const lookup = lookupOf(noCard, cardKey)
  const found = (await findCardHolder(db, lookup)) ?? (await findLoanerCard(db, lookup))
  if (found) throw new Fault('internal', 'permanent')
  const house = uncounted(needs.house)
  const about = { holder: nobody, workstation }
  const { decision } = await decideHere(about, false, nowMs(), { db, house })
  if (decision.kind !== 'refuse') throw new Fault('internal', 'permanent')
  return 'probed'
}

/** The page of speed is about people who stand there. */
const uncounted =
  (house: House): House =>
  async (number) => ({ ...(await house(number)), onJudged: undefined })
