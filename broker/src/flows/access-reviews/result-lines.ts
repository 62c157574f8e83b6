// The result of a review as lines that are hashed: who decided what about which entry, and what
// came of it. No names, no reasons, no hash of a token. Pure.

import type { ItemRow } from './review-needs.ts'

export const resultLines = (items: readonly ItemRow[]): readonly string[] =>
  [...items].sort((a, b) => (a.id < b.id ? -1 : 1)).map(lineOf)

const lineOf = (item: ItemRow): string =>
  JSON.stringify({
    ...{ id: item.id, person: item.person_id, kind: item.kind },
    what: item.kind === 'token' ? null : item.what,
    ...{ reviewer: item.reviewer_id, decision: item.decision, by: item.decided_by },
    ...{ atMs: item.decided_ms, isSilence: item.is_silence === 1, outcome: item.outcome },
  })
