// A colleague speaks for somebody without a badge or PIN: with a badge that is good, a role that
// may, and her own PIN. Never for herself, and never twice.

import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { findBadgeHolder, findCardHolder } from '../../identity/find-card-holder.ts'
import type { PinVerdict } from '../../identity/verify-pin.ts'
import type { Recorded } from '../recorded.ts'
import { askStep, factOf, refuseErrand } from './errand-answers.ts'
import type { Added, ErrandNeeds } from './errand-answers.ts'
import type { Errand } from './errand.ts'
import { goOn, takeStrike } from './proved-pin.ts'
import { strangerRule } from './witness-rule.ts'

export async function showWitness(
  errand: Errand,
  card: CardClaim,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  const holder = await findCardHolder(needs.db, lookupOf(card, needs.cardKey))
  const rule = holder ? strangerRule(holder, errand, needs.nowMs()) : 'witness-is-known'
  if (!holder || rule !== undefined) {
    // A card that is nobody's is recorded without its number.
    const fields = holder ? { witness: holder.personId, witnessBadge: holder.badgeId } : {}
    const facts = [factOf(errand, 'ERD-102', needs, fields, rule)]
    const about = { code: 'witness-not-usable' } as const
    return takeStrike(errand, 'witness-badge', about, { facts, writes: [] }, needs)
  }
  const { personId, badgeId } = holder
  const shown = { personId, badgeId }
  const fields = { witness: personId, witnessBadge: badgeId, step: 'witness-badge' }
  const facts = [factOf(errand, 'ERD-001', needs, fields)]
  const next = { ...errand, proofs: { ...errand.proofs, shown } }
  return askStep(next, 'witness-pin', { facts, writes: [] }, needs)
}

export async function witnessProved(
  errand: Errand,
  verdict: PinVerdict,
  card: CardClaim | undefined,
  added: Added,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { shown, ...proofs } = errand.proofs
  switch (verdict.kind) {
    case 'matched': {
      // Looked at once more: she may have been revoked while her PIN was checked.
      const holder = shown && (await findBadgeHolder(needs.db, shown.badgeId))
      const rule = holder ? strangerRule(holder, errand, needs.nowMs()) : 'witness-is-known'
      if (!shown || rule !== undefined) {
        const refusal = { rule: rule ?? 'witness-is-known', code: 'witness-not-usable' } as const
        return refuseErrand(errand, refusal, added, needs)
      }
      const fields = { witness: shown.personId, witnessBadge: shown.badgeId }
      const facts = [...added.facts, factOf(errand, 'ERD-002', needs, fields)]
      const next = { ...errand, proofs: { ...proofs, witnesses: [...proofs.witnesses, shown] } }
      return goOn(next, card, { ...added, facts }, needs)
    }
    case 'wrong': {
      const { triesLeft, lock } = verdict
      if (!lock) return askStep(errand, 'witness-pin', added, needs, { again: true, triesLeft })
      return refuseErrand(
        errand,
        { rule: 'pin-is-right', code: 'pin-locked', ...lock },
        added,
        needs,
      )
    }
    case 'not-checked': {
      const { code, retryAfterMs } = verdict
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
      return refuseErrand(errand, { rule: 'pin-is-checked', code, ...wait }, added, needs)
    }
  }
}
