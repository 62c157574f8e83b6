import { expect, it } from 'vitest'
import type { ReviewItem } from '@wardkey/protocol/admin/access-reviews/entries'
import { idOf } from '../../../kit/invented-hospital.ts'
import { kindText, whatText } from './review-words.ts'

const entry = (kind: ReviewItem['kind'], what: string, opens: readonly string[]): ReviewItem => ({
  ...{ id: idOf(6, 1), kind, what, isHighRisk: false },
  evidence: { source: 'enrolment', opens: [...opens] },
})

it('says of a badge how it is read, and never its id', () => {
  expect(whatText(entry('badge', idOf(3, 1), ['csn']))).toBe('Badge, by the card’s number')
  expect(whatText(entry('badge', idOf(3, 1), ['iclass-legacy']))).toBe('Badge, iclass-legacy')
})

it('says of a token how it is called, and of a role which it is', () => {
  expect(whatText(entry('token', 'a hash', ['hr desk', 'scim:read']))).toBe('Token hr desk')
  expect(whatText(entry('role', 'charge-nurse', ['4 West']))).toBe('Role charge-nurse')
})

it('says how a review came about', () => {
  expect(kindText('by-hand')).toBe('opened by hand')
})
