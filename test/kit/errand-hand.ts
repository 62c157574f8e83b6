// An errand as a workstation would lead it: begun, and answered step by step. It proves nothing.

import { randomUUID } from 'node:crypto'
import { answerErrand } from '@wardkey/broker/flows/errands/answer-errand'
import { beginErrandHere } from '@wardkey/broker/flows/errands/begin-errand'
import { messageId } from '@wardkey/protocol/ids'
import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { CardClaim, ErrandAnswer } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { ErrandKind } from '@wardkey/protocol/workstation/errands'
import { usualPin } from './broker-core.ts'
import type { BrokerCore, KitPerson } from './broker-core.ts'

interface Held {
  readonly id: TapId
  readonly card: CardClaim | undefined
  readonly at: WorkstationId
}

export const answers = {
  card: (of: Pick<KitPerson, 'card'>): ErrandAnswer => ({ by: 'card', card: of.card }),
  pin: (digits = usualPin): ErrandAnswer => ({ by: 'pin', pin: digits }),
  chosen: (digits: string): ErrandAnswer => ({ by: 'new-pin', pin: digits }),
  number: (text: string): ErrandAnswer => ({ by: 'staff-number', staffNumber: text }),
  yes: { by: 'yes' } as ErrandAnswer,
}

export async function beginErrandAt(
  { needs }: BrokerCore,
  { errand, card, id, at }: Held & { readonly errand: ErrandKind },
): Promise<{ readonly id: TapId; readonly frame: BrokerFrame }> {
  const frame = {
    ...({ kind: 'errand', id: messageId.parse(randomUUID()), tapId: id, errand } as const),
    ...(card ? { card } : {}),
    atMs: 1,
  }
  const done = await needs.perform(() => beginErrandHere(frame, at, needs))
  return { id, frame: done.answer }
}

export async function answerErrandAt(
  { needs }: BrokerCore,
  { id, given, card, at }: Held & { readonly given: ErrandAnswer },
): Promise<BrokerFrame> {
  const frame = {
    ...({ kind: 'errand-answer', id: messageId.parse(randomUUID()), tapId: id } as const),
    answer: given,
    ...(card ? { card } : {}),
  }
  return (await answerErrand(frame, at, needs)).answer
}
