// Opens the desk that takes out of the record what is past its time: it looks once a minute, and
// goes once a day.

import { randomUUID } from 'node:crypto'
import { signerOf, signersOf } from '../broker-core.ts'
import type { Base, Core } from '../broker-core.ts'
import { RetentionDesk } from '../flows/retention/retention-desk.ts'
import { every } from '../platform/every.ts'

const lookMs = 60_000

export function openRetention(base: Base, core: Core): void {
  const { sealer, shutdown, log } = base
  const desk = new RetentionDesk({
    ...core,
    me: randomUUID(),
    signer: signerOf(base),
    findSigner: signersOf(base),
    head: () => sealer.head,
  })
  const stop = every(lookMs, 'retention.round-failed', () => desk.look(), log)
  shutdown.add('chores', () => {
    desk.stop()
    return stop()
  })
}
