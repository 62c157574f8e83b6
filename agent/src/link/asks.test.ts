// Questions and their answers, and what becomes of those that have none.

import { describe, expect, it } from 'vitest'
import { ceremonyId, messageId, sessionId, tapId } from '@wardkey/protocol/ids'
import type { BrokerFrame, BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { Asks } from './asks.ts'
import type { Question } from './asks.ts'

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const id = (n: number) => messageId.parse(uuid(n))
const tap = tapId.parse(uuid(101))
const ceremony = ceremonyId.parse(uuid(201))
const card = { technology: 'csn', canonical: '04a1b2c3' } as const
const theTap = (n = 1): Question => ({ kind: 'tap', id: id(n), tapId: tap, card, atMs: 0 })
const thePin: Question = { kind: 'pin', id: id(2), tapId: tap, pin: '12345679' }
const signTap: Question = {
  kind: 'sign-tap',
  id: id(3),
  ceremonyId: ceremony,
  tapId: tap,
  card,
  atMs: 0,
}
const signPin: Question = { kind: 'sign-pin', id: id(4), ceremonyId: ceremony, pin: '12345679' }
const failed = (n: number, repeat: BrokerFrameOf<'failed'>['repeat']) =>
  ({ kind: 'failed', id: id(9), replyTo: id(n), code: 'internal', repeat }) as const

const askPin: BrokerFrame = {
  kind: 'ask-pin',
  id: id(9),
  tapId: tap,
  again: false,
  answerWithinMs: 9,
}
const ended: BrokerFrame = {
  kind: 'signature-ended',
  id: id(9),
  ceremonyId: ceremony,
  outcome: 'signed',
  isOver: true,
}

function asking(...questions: readonly Question[]): Asks {
  const asks = new Asks()
  for (const question of questions) asks.add(question, 1000)
  return asks
}

it('an answer ends the questions that it answers, and no other', () => {
  const asks = asking(theTap(), signTap)
  asks.hear(askPin)
  expect(asks.again(0)).toEqual([signTap])
  asks.hear(ended)
  expect(asks.again(0)).toEqual([])
})
it('a lock of the session ends what asks for its steps, and asks of no other', () => {
  const of = (n: number): Question => ({
    kind: 'launch-again',
    id: id(n),
    tapId: tap,
    sessionId: sessionId.parse(uuid(n)),
  })
  const asks = asking(of(7), of(8))
  asks.hear({ kind: 'lock', id: id(9), sessionId: sessionId.parse(uuid(7)), code: 'session-ended' })
  expect(asks.lose()).toEqual([])
  expect(asks.again(0)).toEqual([of(8)])
})
it.each<[string, BrokerFrame]>([
  ['noted', { kind: 'noted', id: id(9), replyTo: id(1) }],
  ['pong', { kind: 'pong', id: id(9), replyTo: id(1) }],
  ['lock', { kind: 'lock', id: id(9), sessionId: sessionId.parse(uuid(7)), code: 'session-ended' }],
  ['an answer to another tap', { ...askPin, tapId: tapId.parse(uuid(102)) }],
])('%s answers nothing', (_what, frame) => {
  const asks = asking(theTap(), signPin)
  asks.hear(frame)
  expect(asks.again(0)).toHaveLength(2)
})
it('what is too old is not asked again', () => {
  expect(asking(theTap()).again(999)).toHaveLength(1)
  expect(asking(theTap()).again(1000)).toEqual([])
})
it('a screen that asks without end has its oldest question forgotten', () => {
  const asks = asking(...Array.from({ length: 20 }, (_, n) => theTap(n + 10)))
  expect(asks.again(0).map((question) => question.id)).toEqual(
    Array.from({ length: 8 }, (_, n) => id(n + 22)),
  )
})

describe('when the connection breaks', () => {
  it('a tap is asked again', () => {
    const asks = asking(theTap())
    expect(asks.lose()).toEqual([])
    expect(asks.again(0)).toEqual([theTap()])
  })
  it('a PIN is not: it might be counted twice', () => {
    const asks = asking(thePin, signPin)
    expect(asks.lose()).toEqual([
      { kind: 'tap', tapId: tap },
      { kind: 'signature', ceremonyId: ceremony },
    ])
    expect(asks.again(0)).toEqual([])
  })
})

describe('when the broker fails', () => {
  it('what it cannot have done is asked again, a few times', () => {
    const asks = asking(thePin)
    for (let n = 0; n < 3; n++) {
      expect(asks.fail(failed(2, 'transient'), 0)).toEqual({ kind: 'ask-again', question: thePin })
    }
    expect(asks.fail(failed(2, 'transient'), 0)?.kind).toBe('give-up')
  })
  it('what it may have done is asked again only where it can know it again', () => {
    expect(asking(theTap()).fail(failed(1, 'ambiguous'), 0)?.kind).toBe('ask-again')
    expect(asking(thePin).fail(failed(2, 'ambiguous'), 0)?.kind).toBe('give-up')
    expect(asking(signTap).fail(failed(3, 'ambiguous'), 0)?.kind).toBe('give-up')
  })
  it('what it will never do is given up', () => {
    expect(asking(theTap()).fail(failed(1, 'permanent'), 0)).toEqual({
      kind: 'give-up',
      unanswered: { kind: 'tap', tapId: tap },
    })
  })
  it('what nobody waits for any more is given up', () => {
    expect(asking(theTap()).fail(failed(1, 'transient'), 1000)?.kind).toBe('give-up')
  })
  it('what was never asked is no matter', () => {
    expect(asking(theTap()).fail(failed(5, 'permanent'), 0)).toBeUndefined()
  })
})
