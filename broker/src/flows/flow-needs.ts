// What nearly every flow leans on, and the few things that all of them make: ids, facts, answers.

import type { Kysely } from 'kysely'
import { messageId } from '@wardkey/protocol/ids'
import type { MessageId } from '@wardkey/protocol/ids'
import type { RefusalCode } from '@wardkey/protocol/codes'
import type { FactCode } from '@wardkey/protocol/fact-codes'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { quoteOf } from '@wardkey/protocol/workstation/quote-of'
import type { Fact } from '../audit/fact.ts'
import type { Schema } from '../store/schema.ts'
import { orderedId } from '../platform/ordered-id.ts'

export interface FlowNeeds {
  readonly db: Kysely<Schema>
  /** A new random UUID, lower case. */
  readonly newId: () => string
  readonly nowMs: () => number
}

export function newFact(
  needs: Pick<FlowNeeds, 'newId' | 'nowMs'>,
  code: FactCode,
  about: Omit<Fact, 'id' | 'code' | 'atMs'>,
): Fact {
  const atMs = needs.nowMs()
  return { id: orderedId(needs.newId(), atMs), code, atMs, ...about }
}

export function newMessageId(needs: Pick<FlowNeeds, 'newId'>): MessageId {
  return messageId.parse(needs.newId())
}

/** The protocol's longest wait; a longer one is shown as this. */
const shownWaitMaxMs = 86_400_000

export function refusedFrame(
  needs: Pick<FlowNeeds, 'newId'>,
  tap: BrokerFrameOf<'refused'>['tapId'],
  code: RefusalCode,
  retryAfterMs?: number,
): BrokerFrameOf<'refused'> {
  return {
    kind: 'refused',
    id: newMessageId(needs),
    tapId: tap,
    code,
    quote: quoteOf(tap),
    ...(retryAfterMs === undefined
      ? {}
      : { retryAfterMs: Math.min(shownWaitMaxMs, Math.max(0, Math.ceil(retryAfterMs))) }),
  }
}

export function notedFrame(
  needs: Pick<FlowNeeds, 'newId'>,
  replyTo: MessageId,
): BrokerFrameOf<'noted'> {
  return { kind: 'noted', id: newMessageId(needs), replyTo }
}
