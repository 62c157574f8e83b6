// What everything has in common that two people make together (policies, exceptions, tokens with
// power): it is decided once, and nobody approves what she proposed herself, nor what she may have
// proposed under another name: whoever took a token out had its secret in her hand. Pure; that the
// two names differ is each table's own constraint as well.

export interface Proposal {
  readonly outcome: 'approved' | 'rejected' | null
  readonly proposed_by: string
}

export interface Word {
  readonly outcome: 'approved' | 'rejected'
  readonly by: string
}

/** By a token's name, as facts have it: who asked for one of that name, and took it out. */
export type Askers = ReadonlyMap<string, ReadonlySet<string>>

/** Why the word does not count; a proposal is rejected, or taken back, by anybody. */
export function wordAgainst(
  proposal: Proposal,
  { outcome, by }: Word,
  askers: Askers,
): 'decided' | 'own' | undefined {
  if (proposal.outcome !== null) return 'decided'
  return outcome === 'approved' && isOneHand(proposal.proposed_by, by, askers) ? 'own' : undefined
}

/** The one had the other's secret, however long ago, or somebody had both. */
export function isOneHand(a: string, b: string, askers: Askers): boolean {
  const [hers, others] = [handsOf(a, askers), handsOf(b, askers)]
  if (a === b || others.has(a) || hers.has(b)) return true
  return [...hers].some((hand) => others.has(hand))
}

/** Who asked for it, and who asked for that, to the first. */
function handsOf(token: string, askers: Askers): ReadonlySet<string> {
  const hands = new Set<string>()
  const open = [...(askers.get(token) ?? [])]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (hands.has(next)) continue
    hands.add(next)
    open.push(...(askers.get(next) ?? []))
  }
  return hands
}
