// Holds that an order is signed once, that what is signed waits for a pharmacist, and in which
// order.

import { describe, expect, it } from 'vitest'
import { buildRecord } from '../records/build-record.ts'
import type { MedicationRequest, Resource } from '../records/fhir.ts'
import { fourWest } from '../records/sheets-of-4-west.ts'
import { fiveEast } from '../records/sheets-of-5-east.ts'
import { wards } from '../records/ward-sheets.ts'
import { createOrderBook, type OrderBook, type Signature } from './order-book.ts'

const nowMs = Date.UTC(2026, 10, 24, 7, 2)
const amoxicillin = 'order-orla-testcase-4'
const isOrder = (each: Resource): each is MedicationRequest =>
  each.resourceType === 'MedicationRequest'

function book(): OrderBook {
  const { resources, toVerify } = buildRecord([...fourWest, ...fiveEast], wards, nowMs, 1)
  return createOrderBook(resources.filter(isOrder), toVerify)
}

const signature: Signature = {
  name: 'Imani Okafor',
  sub: 'p-1',
  atS: nowMs / 1000 + 60,
  acr: 'a',
  amr: ['user', 'pin'],
  sid: 's',
  issuer: 'i',
  workstation: 'w',
  hash: 'h',
  idToken: 't',
}

describe('signing', () => {
  it('makes a draft active, in the signer’s name, at the time of the signature', () => {
    const orders = book()
    expect(orders.sign(amoxicillin, signature)).toBe(true)
    expect(orders.request(amoxicillin)).toMatchObject({
      status: 'active',
      authoredOn: '2026-11-24T07:03:00.000Z',
      requester: { display: 'Imani Okafor' },
    })
    expect(orders.signatureOf(amoxicillin)).toBe(signature)
    expect(orders.isUnverified(amoxicillin)).toBe(true)
  })

  it('happens once', () => {
    const orders = book()
    orders.sign(amoxicillin, signature)
    expect(orders.sign(amoxicillin, { ...signature, sub: 'p-2' })).toBe(false)
    expect(orders.signatureOf(amoxicillin)?.sub).toBe('p-1')
  })

  it('refuses what is no draft and what is not there', () => {
    const orders = book()
    expect(orders.sign('order-orla-testcase-1', signature)).toBe(false)
    expect(orders.sign('nothing', signature)).toBe(false)
    expect(orders.signatureOf('order-orla-testcase-1')).toBeUndefined()
  })
})

describe('drafting again', () => {
  it('makes a new draft of a signed order and leaves the signed one', () => {
    const orders = book()
    orders.sign(amoxicillin, signature)
    const first = orders.draftAgain(amoxicillin, new Date(nowMs))
    expect(first).toMatchObject({ id: `${amoxicillin}-again-1`, status: 'draft' })
    expect(first).not.toHaveProperty('requester')
    orders.sign(first?.id ?? '', signature)
    const second = orders.draftAgain(first?.id ?? '', new Date(nowMs))
    expect(second?.id).toBe(`${amoxicillin}-again-2`)
    expect(orders.request(amoxicillin)?.status).toBe('active')
  })

  it('refuses what was never signed', () => {
    expect(book().draftAgain(amoxicillin, new Date(nowMs))).toBeUndefined()
    expect(book().draftAgain('nothing', new Date(nowMs))).toBeUndefined()
  })
})

describe('the queue', () => {
  it('has the most urgent first and what is verified last', () => {
    const orders = book()
    const priorities = orders.queue().map(({ request }) => request.priority)
    expect(priorities.slice(0, 2)).toEqual(['stat', 'urgent'])
    const first = orders.queue()[0]?.request.id ?? ''
    expect(orders.verify(first, 'P. Lindqvist', nowMs)).toBe(true)
    expect(orders.queue().at(-1)).toMatchObject({
      request: { id: first },
      verifiedBy: 'P. Lindqvist',
    })
    expect(orders.isUnverified(first)).toBe(false)
  })

  it('verifies once, and nothing that does not wait', () => {
    const orders = book()
    const first = orders.queue()[0]?.request.id ?? ''
    orders.verify(first, 'P. Lindqvist', nowMs)
    expect(orders.verify(first, 'Somebody else', nowMs)).toBe(false)
    expect(orders.verify(amoxicillin, 'P. Lindqvist', nowMs)).toBe(false)
  })
})
