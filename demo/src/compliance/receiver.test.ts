// What the privacy office takes for a notice: one signed now with the secret, once, and nothing else.

import { randomBytes, randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HeardNotice } from '../demo-messages.ts'
import { openReceiver } from './receiver.ts'
import type { Receiver } from './receiver.ts'

const secret = `whsec_${randomBytes(32).toString('base64')}`
const minute = 60_000
const fromMs = Date.UTC(2026, 10, 24, 14, 2)
const iso = (ms: number): string => new Date(ms).toISOString()
const data = {
  ...{ grantId: randomUUID(), place: 'Pharmacy, counter 1', zoneId: 'pharmacy' },
  ...{ reason: 'covering', reasonLabel: 'I am covering for a colleague', purpose: 'BTG' },
  ...{ identity: 'number-and-pin', witnessed: true },
  ...{ from: iso(fromMs), until: iso(fromMs + 30 * minute), reviewDue: iso(fromMs + 72 * minute) },
}
const notice = { type: 'wardkey.emergency-access.given', timestamp: iso(fromMs), data }

describe('the receiver', () => {
  let receiver: Receiver
  let heard: HeardNotice[]
  beforeEach(async () => {
    heard = []
    const onNotice = (one: HeardNotice): number => heard.push(one)
    receiver = await openReceiver({ secret: () => secret, nowMs: () => fromMs + 400, onNotice })
  })
  afterEach(() => receiver.close())

  const sign = (body: string, { at = new Date(), key = secret, id = randomUUID() } = {}) => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(key).sign(id, at, body),
  })
  const send = async (body: string, headers: Record<string, string> = sign(body)) => {
    const answer = await fetch(receiver.url, { method: 'POST', body, headers })
    return answer.status
  }
  const text = JSON.stringify(notice)

  it('takes a signed notice, and says when it was heard', async () => {
    expect(await send(text)).toBe(204)
    expect(heard).toEqual([
      {
        ...{ grantId: data.grantId, place: data.place, reasonLabel: data.reasonLabel },
        ...{ identity: 'number-and-pin', isWitnessed: true, fromMs, heardMs: fromMs + 400 },
        ...{ untilMs: fromMs + 30 * minute, reviewDueMs: fromMs + 72 * minute },
      },
    ])
  })

  it('takes the same again, and hears it once', async () => {
    const headers = sign(text)
    expect([await send(text, headers), await send(text, headers)]).toEqual([204, 204])
    expect(heard).toHaveLength(1)
  })

  const other = `whsec_${randomBytes(32).toString('base64')}`
  it.each<[string, () => Promise<number>, number]>([
    ['no signature', () => send(text, {}), 401],
    ['another’s signature', () => send(text, sign(text, { key: other })), 401],
    ['a signature of another text', () => send(text, sign(`${text} `)), 401],
    ['a signature under another id', () => send(text, { ...sign(text), 'webhook-id': 'x' }), 401],
    [
      'one of ten minutes ago',
      () => send(text, sign(text, { at: new Date(Date.now() - 10 * minute) })),
      401,
    ],
    [
      'one of the future',
      () => send(text, sign(text, { at: new Date(Date.now() + 10 * minute) })),
      401,
    ],
    ['a time that is none', () => send(text, { ...sign(text), 'webhook-timestamp': 'now' }), 401],
    ['something that is not JSON', () => send('{'), 400],
    [
      'another kind of notice',
      () => send(JSON.stringify({ ...notice, type: 'wardkey.other' })),
      422,
    ],
    [
      'a notice without its grant',
      () => send(JSON.stringify({ ...notice, data: { ...data, grantId: 'x' } })),
      422,
    ],
    ['a text too long', () => send('x'.repeat(20_000), {}), 413],
    ['GET', async () => (await fetch(receiver.url)).status, 405],
    [
      'another path',
      async () => (await fetch(`${receiver.url}/x`, { method: 'POST' })).status,
      404,
    ],
    [
      'another name',
      async () =>
        (
          await fetch(receiver.url.replace('127.0.0.1', 'localhost'), {
            method: 'POST',
            body: text,
            headers: sign(text),
          })
        ).status,
      404,
    ],
  ])('refuses %s, and hears nothing', async (_name, sent, status) => {
    expect(await sent()).toBe(status)
    expect(heard).toEqual([])
  })

  it('goes by the secret as it is now', async () => {
    await receiver.close()
    let now = other
    receiver = await openReceiver({
      secret: () => now,
      nowMs: Date.now,
      onNotice: (one) => heard.push(one),
    })
    expect(await send(text)).toBe(401)
    now = secret
    expect(await send(text)).toBe(204)
  })
})
