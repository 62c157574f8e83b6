// An errand about a badge or a PIN is begun at a workstation. Nothing changes here: the answer is
// its first step, or why it cannot be done.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf, CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { findBadge } from '../../identity/badges.ts'
import { findLoanerCard } from '../../identity/cards/loaner-cards.ts'
import { badgeStatusAt, findCardHolder } from '../../identity/find-card-holder.ts'
import type { CardHolder } from '../../identity/find-card-holder.ts'
import { offeredErrands } from '../../policy/zone-settings.ts'
import { badgeFlaw } from '../enrol-badge.ts'
import { findWorkstation } from '../find-workstation.ts'
import { newFact, refusedFrame } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'
import { askStep, nothingAdded, refuseErrand, tellDone, tellStep } from './errand-answers.ts'
import type { ErrandNeeds } from './errand-answers.ts'
import { noProofs, stepOf } from './errand.ts'
import { findErrand, privilegedRoles } from './errand-row.ts'
import type { Errand } from './errand.ts'
import { mayBeFound } from './found-badge.ts'
import { dropSignIn } from './sign-in/ask-sign-in.ts'

/** Answers `ask-errand` or `refused`; the same errand asked again gets the step that it is at. */
export async function beginErrandHere(
  frame: AgentFrameOf<'errand'>,
  at: WorkstationId,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { tapId, errand: kind, card } = frame
  const workstation = await findWorkstation(needs.db, at)
  if (workstation?.status !== 'active') {
    const about = { workstation: at, tap: tapId, rule: 'workstation-enrolled' }
    return {
      answer: refusedFrame(needs, tapId, 'workstation-not-enrolled'),
      facts: [newFact(needs, 'ERD-101', about)],
      writes: [],
      notices: [],
    }
  }
  const known = await findErrand(needs.db, tapId, at, needs.nowMs())
  if (known?.proofs.done) return tellDone(known, known.proofs.done, needs)
  const step = known && stepOf(known)
  // Its page was told once, to whoever asked for it: she begins anew.
  if (known && step === 'sign-in') return dropSignIn(known, needs)
  if (known && step && step !== 'done') return tellStep(known, step, needs)
  const lookup = card ? lookupOf(card, needs.cardKey) : null
  const holder = lookup === null ? undefined : await findCardHolder(needs.db, lookup)
  const begun: Errand = {
    ...{ id: tapId, kind, workstation, lookup, subject: undefined, badgeId: null },
    ...{ proofs: noProofs, expiresMs: 0, version: 0 },
    privileged: await privilegedRoles(needs.db),
  }
  const waitMs = workstation.lockedUntilMs - needs.nowMs()
  const flaw = !offeredErrands(workstation.zone.settings).includes(kind)
    ? no('zone-offers-it', 'errand-not-offered')
    : waitMs > 0
      ? { ...no('workstation-is-not-locked', 'workstation-locked-out'), retryAfterMs: waitMs }
      : await flawOf(begun, card, holder, needs)
  if (flaw) return refuseErrand(begun, flaw, nothingAdded, needs)
  const errand = { ...begun, ...aboutHolder(begun, holder) }
  const first = stepOf(errand)
  if (first === 'done') throw new Error('an errand was done before it was begun')
  return askStep(errand, first, nothingAdded, needs)
}

interface Flaw {
  readonly rule: string
  readonly code: RefusalCode
}

const no = (rule: string, code: RefusalCode): Flaw => ({ rule, code })

/** Whose card it began with: a badge that is known names her, and only that. */
function aboutHolder({ kind, proofs }: Errand, holder: CardHolder | undefined): Partial<Errand> {
  if (!holder || kind === 'enrol' || kind === 'loaner' || kind === 'lost') return {}
  const wasLost = holder.badgeStatus === 'lost'
  return { subject: holder, badgeId: holder.badgeId, proofs: { ...proofs, isNamed: true, wasLost } }
}

async function flawOf(
  { kind, workstation }: Errand,
  card: CardClaim | undefined,
  holder: CardHolder | undefined,
  needs: ErrandNeeds,
): Promise<Flaw | undefined> {
  switch (kind) {
    case 'enrol':
      return enrolFlaw(card, holder, needs)
    case 'loaner': {
      if (holder) return no('loaner-is-free', 'badge-taken')
      const pool = card && (await findLoanerCard(needs.db, lookupOf(card, needs.cardKey)))
      return pool ? undefined : no('loaner-is-known', 'badge-unknown')
    }
    case 'change-pin':
    case 'new-pin':
      return card ? (ownFlaw(holder) ?? usableFlaw(holder, needs.nowMs())) : undefined
    case 'found': {
      if (!card) return undefined
      const badge = holder && (await findBadge(needs.db, holder.badgeId))
      const hasWitness = workstation.zone.settings.witnessRoles.length > 0
      const isRight = badge && mayBeFound(badge, needs.nowMs(), hasWitness)
      return ownFlaw(holder) ?? (isRight ? undefined : notFound)
    }
    case 'lost':
      return undefined
  }
}

const notFound = no('badge-was-lost', 'badge-not-usable')

function ownFlaw(holder: CardHolder | undefined): Flaw | undefined {
  if (!holder) return no('badge-enrolled', 'badge-unknown')
  return holder.personStatus === 'active' ? undefined : no('person-is-active', 'person-not-active')
}

/** A badge that was reported lost is nobody's way to a PIN. */
function usableFlaw(holder: CardHolder | undefined, nowMs: number): Flaw | undefined {
  const isUsable = holder && badgeStatusAt(holder, nowMs) === 'active'
  return isUsable ? undefined : no('badge-is-active', 'badge-not-usable')
}

/** The card first: what can be nobody's badge is told before anybody is fetched. */
export async function enrolFlaw(
  card: CardClaim | undefined,
  holder: CardHolder | undefined,
  needs: ErrandNeeds,
): Promise<Flaw | undefined> {
  if (!card) return no('card-is-shown', 'card-not-read')
  const flaw = badgeFlaw({ card }, needs.allowedCards)
  if (flaw === 'badge-not-allowed') return no('card-is-allowed', flaw)
  if (flaw) return no('card-names-somebody', 'card-not-a-badge')
  if (holder) return no('badge-is-free', 'badge-taken')
  const pool = await findLoanerCard(needs.db, lookupOf(card, needs.cardKey))
  return pool ? no('card-is-no-loaner', 'loaner-not-given') : undefined
}
