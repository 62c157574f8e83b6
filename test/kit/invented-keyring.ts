// A keyring that nobody opened: ids that are of no key, and the record's own chain.

import type { Keyring } from '@wardkey/broker/flows/keys/list-keys'

const dayMs = 86_400_000

export const inventKeyring = (nowMs: number, chain: Keyring['chain']): Keyring => ({
  folder: { names: () => ['master.key', 'downtime-views.key', 'oidc-es256.key.sealed'] },
  findOrder: () => undefined,
  findRecordKey: () => undefined,
  chain,
  ids: { bundle: 'b'.repeat(16), door: 'd'.repeat(16), witness: 'e'.repeat(8) },
  authority: () => ({
    ...{ caSha256: 'c'.repeat(64), beganMs: nowMs - dayMs, endsMs: nowMs + 3649 * dayMs },
  }),
  findNext: () => undefined,
  missing: () => [],
  signInIds: (generation) => Promise.resolve([`${generation}-es256`, `${generation}-rs256`]),
  signInPeriodMs: 90 * dayMs,
})
