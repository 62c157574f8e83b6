// Facts as streams send them, made up for tests: one of each code, with everything a fact may hold.

import { factCodes } from '@wardkey/protocol/fact-codes'
import type { FactCode } from '@wardkey/protocol/fact-codes'
import { encodeFact } from '@wardkey/broker/audit/fact'
import type { Fact } from '@wardkey/broker/audit/fact'
import { streamEvent } from '@wardkey/broker/doors/streams/formats/stream-event'
import type { StreamEvent } from '@wardkey/broker/doors/streams/formats/stream-event'

const place = { index: 4711, previous: 4709, checkpoint: 4800, origin: 'kit.example/record' }
const atMs = 1_772_600_767_890

export function sampleEvent(
  about: Partial<Fact> = {},
  change: Partial<StreamEvent> = {},
): StreamEvent {
  const fact = { id: '0199-kit', code: 'TAP-101', atMs, ...about } as const
  return { ...streamEvent(encodeFact(fact).body, place), ...change }
}

/** With all that a fact can be about, and a field that is sealed. */
export function fullEvent(code: FactCode): StreamEvent {
  return sampleEvent(
    {
      code,
      person: 'p-1007',
      workstation: 'w-04',
      zone: '4-west',
      session: 's-55',
      tap: 't-9',
      badge: 'b-3',
      rule: 'zone-roles',
      fields: { reason: 'role-not-in-zone', count: 3, isLate: false, by: 'hr', client: 'chart' },
      sealed: { name: 'c2VhbGVk' },
    },
    {},
  )
}

export const everyCode = Object.keys(factCodes) as readonly FactCode[]
