// A colleague's badge says that it is she who asks for emergency access. Only a badge that is good,
// of somebody at work whose role may, and never her own: any of hers.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf, CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { badgeStatusAt, findCardHolder } from '../identity/find-card-holder.ts'
import type { CardHolder } from '../identity/find-card-holder.ts'
import { termAt } from '../policy/access-standing.ts'
import { maySpeakInEmergency } from '../policy/emergency-witness.ts'
import { askWitnessFor, factOf, refuseWish } from './emergency-answers.ts'
import { decideWish, findWish } from './emergency-wish.ts'
import type { Wish } from './emergency-wish.ts'
import { newFact, refusedFrame } from './flow-needs.ts'
import { openEmergency } from './open-emergency.ts'
import type { Recorded } from './recorded.ts'
import type { TapInNeeds } from './tap-question.ts'

/** Badges that cannot speak for her, before the wish is refused: nobody tries out a box of them. */
const strangersMax = 5

/** Answers `admitted`, `ask-witness` again, or `refused`. */
export async function vouch(
  frame: AgentFrameOf<'witness'>,
  at: WorkstationId,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  const wish = await findWish(frame.tapId, at, 'asked-witness', needs)
  if (!wish) {
    const about = { workstation: at, tap: frame.tapId, rule: 'tap-is-asked' }
    return {
      answer: refusedFrame(needs, frame.tapId, 'tap-expired'),
      facts: [newFact(needs, 'TAP-102', about)],
      writes: [],
      notices: [],
    }
  }
  // She first: she may have been revoked, or her badge been reported lost, since she was asked.
  const decision = decideWish(wish, { nowMs: needs.nowMs(), isPinAtHand: false, isWitnessed: true })
  if (decision.kind === 'refuse') return refuseWish(wish, decision, needs)
  // Asked for a witness, policy asks for nothing more; were it to, nothing may open.
  if (decision.kind !== 'allow') throw new Error('a witnessed emergency was asked for more')
  const witness = await findWitness(frame.card, wish, needs)
  return witness.kind === 'usable'
    ? openEmergency(wish, decision, witness.holder, needs)
    : askForAnother(wish, witness, needs)
}

type Witness =
  | { readonly kind: 'usable'; readonly holder: CardHolder }
  | { readonly kind: 'stranger'; readonly rule: string; readonly holder?: CardHolder }

async function findWitness(card: CardClaim, wish: Wish, needs: TapInNeeds): Promise<Witness> {
  const holder = await findCardHolder(needs.db, lookupOf(card, needs.cardKey))
  const stranger = (rule: string): Witness => ({
    kind: 'stranger',
    rule,
    ...(holder ? { holder } : {}),
  })
  if (!holder) return stranger('witness-is-known')
  if (holder.personId === wish.asker.holder?.personId) return stranger('witness-is-another')
  const nowMs = needs.nowMs()
  if (holder.personStatus !== 'active' || termAt(holder.access, nowMs) !== 'within') {
    return stranger('witness-is-active')
  }
  if (badgeStatusAt(holder, nowMs) !== 'active') return stranger('witness-badge-is-good')
  const { zone, policies } = wish.workstation
  const colleague = { id: holder.personId, roles: holder.roles, access: holder.access }
  const at = { ...(await needs.house(policies)), nowMs }
  if (!maySpeakInEmergency(zone, colleague, at)) return stranger('witness-role-may')
  return { kind: 'usable', holder }
}

function askForAnother(
  wish: Wish,
  { rule, holder }: Extract<Witness, { kind: 'stranger' }>,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> | Recorded<BrokerFrame> {
  // A card that is nobody's is recorded without its number.
  const fields = holder ? { witness: holder.personId, witnessBadge: holder.badgeId } : {}
  const fact = factOf(wish, 'BTG-102', rule, needs, fields)
  const strangers = wish.ask.strangers + 1
  const next = { ...wish, ask: { ...wish.ask, strangers } }
  if (strangers < strangersMax) return askWitnessFor(next, true, fact, needs)
  const refused = refuseWish(next, { rule, code: 'witness-not-usable' }, needs)
  return { ...refused, facts: [fact, ...refused.facts] }
}
