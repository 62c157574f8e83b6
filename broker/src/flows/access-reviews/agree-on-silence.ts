// Two people agree about what silence takes, where it is much: the first word is kept, the second
// is another person's and the same. Whoever says "tell" ends it alone: then nothing is taken.

import { newFact } from '../flow-needs.ts'
import type { AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { isOneHand } from '../two-people.ts'
import { changeCampaign, findCampaign, refuseReview } from './review-needs.ts'
import type { ReviewNeeds } from './review-needs.ts'

export type Agreed =
  { readonly kind: 'agreed'; readonly state: 'first-word' | 'decided' } | AdminRefused

export async function agreeOnSilence(
  order: { readonly id: string; readonly outcome: 'revoke' | 'tell'; readonly by: string },
  needs: ReviewNeeds,
): Promise<Recorded<Agreed>> {
  const { id, outcome, by } = order
  const row = await findCampaign(needs.db, id)
  if (!row) return refuseReview('campaign-unknown', { by, campaign: id }, needs)
  if (row.state !== 'waits-for-two' || row.second_by !== null) {
    return refuseReview('campaign-over', { by, campaign: id }, needs)
  }
  const isFirst = row.first_word !== 'revoke'
  if (outcome === 'revoke' && !isFirst) {
    const isOwn = isOneHand(row.first_by ?? '', by, await tokenAskers(needs))
    if (isOwn) return refuseReview('access-silence-own', { by, campaign: id }, needs)
  }
  const state = outcome === 'revoke' && isFirst ? 'first-word' : 'decided'
  const word =
    state === 'first-word'
      ? { first_word: outcome, first_by: by, first_ms: needs.nowMs() }
      : { first_word: outcome, second_by: by }
  return {
    answer: { kind: 'agreed', state },
    facts: [newFact(needs, 'ACR-008', { fields: { by, campaign: id, outcome, state } })],
    writes: [changeCampaign(needs.db, row, word)],
    notices: [],
  }
}
