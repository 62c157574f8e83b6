// The floor of the benchmark from the outside: as many sockets to a bare server, and one round of
// its broadcast.

import type { BenchChild } from '../roam/bench-child.ts'
import { makeAuthority } from '../tap/authority.ts'
import type { BareStart } from './bare-broadcast.ts'
import { HrHand } from './hr-hand.ts'
import type { Said } from './hr-hand.ts'
import { Screens } from './screens.ts'
import type { Arrival } from './screens.ts'

export interface Bare {
  readonly screens: Screens
  readonly hand: HrHand
  round(): Promise<{ said: Said; heard: ReadonlyMap<number, Arrival> }>
}

/** One frame of the product that locks a screen, by its size. */
const lockFrame = {
  kind: 'lock',
  id: '00000000-0000-4000-8000-000000000000',
  sessionId: '00000000-0000-4000-8000-000000000000',
  code: 'role-not-in-zone',
}

export async function openBare(child: BenchChild, count: number): Promise<Bare> {
  const authority = await makeAuthority()
  const { keyPem, certificatePem } = await authority.server()
  const text = JSON.stringify(lockFrame)
  const { caPem } = authority
  const start: BareStart = { caPem, keyPem, certificatePem, text }
  const { port } = await child.ask<{ port: number }>(start)
  const screens = new Screens()
  for (let n = 0; n < count; n++) {
    const identity = await authority.client(`w${String(n)}`)
    await screens.dial(`wss://127.0.0.1:${String(port)}/`, { ...identity, caPem })
  }
  const own = await authority.client('hr')
  const credentials = { cert: own.certificatePem, key: own.keyPem }
  const hand = new HrHand({ url: `https://127.0.0.1:${String(port)}`, caPem }, credentials)
  const places = Array.from({ length: count }, (_, at) => at)
  return {
    screens,
    hand,
    round: async () => {
      const heard = screens.gather(places)
      const said = await hand.ask('POST', '/', {})
      return { said, heard: await heard }
    },
  }
}

export function closeBare({ screens, hand }: Bare): void {
  screens.close()
  hand.close()
}
