// Facts written into a test's store as they are, and numbers to make many of them with. No flow has
// said them: what they are about need not be there.

import { encodeFact } from '@wardkey/broker/audit/fact'
import type { Fact } from '@wardkey/broker/audit/fact'
import type { Store } from '@wardkey/broker/store/store'

export async function writeFacts(store: Store, facts: readonly Fact[]): Promise<void> {
  const [first, ...rest] = facts.map(encodeFact)
  if (!first) throw new Error('none')
  await store.commit({ kind: 'recorded', writes: [], facts: [first, ...rest] })
}

/** The same whole numbers below `end` each time. */
export function drawn(seed: number): (end: number) => number {
  let state = seed
  return (end) => {
    state = (state * 48_271) % 2_147_483_647
    return state % end
  }
}
