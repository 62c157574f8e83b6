// Looks at the key folder while the broker runs: what the host changed there is told to the record
// within a minute, and at the start.

import { noteMasterKey } from '../flows/keys/note-master-key.ts'
import type { Base, Core } from '../broker-core.ts'
import { every } from '../platform/every.ts'
import { sealingOf } from '../platform/keys/root-key.ts'

const lookMs = 60_000

export async function watchKeys({ keys, shutdown, log }: Base, core: Core): Promise<void> {
  const look = () => noteMasterKey(sealingOf(keys.folder), core)
  await look()
  shutdown.add('chores', every(lookMs, 'keys.look-failed', look, log))
}
