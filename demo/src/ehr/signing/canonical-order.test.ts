// Holds that a hash names one prescription: the same for the same content, another for any other.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalOrder, describeOrder, orderHash, type Prescription } from './canonical-order.ts'

const amoxicillin: Prescription = {
  order: 'order-orla-testcase-4',
  writtenOn: '2026-11-24',
  patient: {
    id: 'orla-testcase',
    mrn: 'LF-100231',
    name: 'Orla Testcase',
    birthDate: '1958-03-14',
  },
  medication: 'Amoxicillin 500 mg capsule',
  directions: 'One capsule by mouth three times daily for 5 days',
  quantity: '15 capsules',
  refills: 0,
  prescriber: { sub: 'p-1', name: 'Imani Okafor' },
}

const prescription: fc.Arbitrary<Prescription> = fc.record({
  order: fc.string(),
  writtenOn: fc.string(),
  patient: fc.record({
    id: fc.string(),
    mrn: fc.string(),
    name: fc.string(),
    birthDate: fc.string(),
  }),
  medication: fc.string(),
  directions: fc.string(),
  quantity: fc.string(),
  refills: fc.nat(99),
  prescriber: fc.record({ sub: fc.string(), name: fc.string() }),
})

describe('the canonical order', () => {
  it('is JSON with its members in order, whatever order they were written in', () => {
    const text = canonicalOrder(amoxicillin)
    expect(JSON.parse(text)).toEqual(amoxicillin)
    expect(text.startsWith('{"directions":"One capsule')).toBe(true)
    const { prescriber, patient, ...rest } = amoxicillin
    expect(canonicalOrder({ prescriber, ...rest, patient })).toBe(text)
  })

  it('keeps two different prescriptions apart', () => {
    fc.assert(
      fc.property(prescription, prescription, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other)
        expect(canonicalOrder(one) === canonicalOrder(other)).toBe(same)
      }),
    )
  })

  it('changes its hash with every single field', () => {
    const changed: Prescription[] = [
      { ...amoxicillin, order: 'x' },
      { ...amoxicillin, writtenOn: '2026-11-25' },
      { ...amoxicillin, medication: 'Amoxicillin 5000 mg capsule' },
      { ...amoxicillin, directions: 'x' },
      { ...amoxicillin, quantity: '150 capsules' },
      { ...amoxicillin, refills: 1 },
      { ...amoxicillin, prescriber: { ...amoxicillin.prescriber, sub: 'p-2' } },
      { ...amoxicillin, patient: { ...amoxicillin.patient, name: 'Orla Testcase ' } },
    ]
    const hashes = [amoxicillin, ...changed].map(orderHash)
    expect(new Set(hashes).size).toBe(hashes.length)
    for (const hash of hashes) expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })
})

describe('its description', () => {
  it('says what, how much and for whom', () => {
    expect(describeOrder(amoxicillin)).toBe(
      'Sign: amoxicillin 500 mg capsule, 15 capsules, for Orla Testcase',
    )
    expect(describeOrder({ ...amoxicillin, quantity: '' })).toBe(
      'Sign: amoxicillin 500 mg capsule for Orla Testcase',
    )
  })

  it('fits on a screen', () => {
    const long = describeOrder({ ...amoxicillin, medication: 'x'.repeat(500) })
    expect(long).toHaveLength(160)
    expect(long.endsWith('…')).toBe(true)
  })
})
