import { personId } from '@wardkey/protocol/ids'
import { expect, it } from 'vitest'
import { coverageOf } from './coverage.ts'
import type { CoveredPerson } from './coverage.ts'

const person = (n: number, change: Partial<CoveredPerson> = {}): CoveredPerson => ({
  personId: personId.parse(`00000000-0000-4000-8000-00000000000${String(n)}`),
  ...{ roles: ['nurse'], assurance: 4, hasPin: true, hasNumber: true },
  ...change,
})

it('counts who is ready, and who lacks what, by role', () => {
  const read = coverageOf([
    person(1),
    person(2, { assurance: 1 }),
    person(3, { assurance: undefined, roles: ['nurse', 'charge-nurse'] }),
    person(4, { hasPin: false, hasNumber: false, roles: ['billing'] }),
    person(5, { roles: [] }),
  ])
  expect(read).toMatchObject({
    ...{ people: 5, ready: 2 },
    lacks: { badge: 1, pin: 1, role: 1, key: 1, 'staff-number': 1 },
  })
  expect(read.roles).toEqual([
    { role: 'billing', people: 1, ready: 0, lacks: { pin: 1, 'staff-number': 1 } },
    { role: 'charge-nurse', people: 1, ready: 0, lacks: { badge: 1 } },
    { role: 'nurse', people: 3, ready: 2, lacks: { badge: 1, key: 1 } },
  ])
  expect(read.missing.map(({ lacks }) => lacks)).toEqual([
    ['badge'],
    ['pin', 'staff-number'],
    ['role'],
  ])
})
it('says nothing of a badge that can be copied where there is none', () => {
  const read = coverageOf([person(1, { assurance: undefined })])
  expect(read.missing[0]?.lacks).toEqual(['badge'])
})
it('has nobody to name in an empty house', () => {
  expect(coverageOf([])).toEqual({ people: 0, ready: 0, lacks: {}, roles: [], missing: [] })
})
