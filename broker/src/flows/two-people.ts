// What everything has in common that two people make together (policies, exceptions, tokens with
// power): it is decided once, and nobody approves what she proposed herself. Pure; each table's own
// constraint holds it as well.

export interface Proposal {
  readonly outcome: 'approved' | 'rejected' | null
  readonly proposed_by: string
}

export interface Word {
  readonly outcome: 'approved' | 'rejected'
  readonly by: string
}

/** Why the word does not count; a proposal is rejected, or taken back, by anybody. */
export function wordAgainst(
  proposal: Proposal,
  { outcome, by }: Word,
): 'decided' | 'own' | undefined {
  if (proposal.outcome !== null) return 'decided'
  return outcome === 'approved' && proposal.proposed_by === by ? 'own' : undefined
}
