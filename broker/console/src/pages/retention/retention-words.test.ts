// What the page says of days, of rules and of where retention stands.

import { expect, it } from 'vitest'
import type { RuleShown } from '@wardkey/protocol/admin/forget/retention'
import { daysText, flawText, sentenceOf } from './retention-words.ts'

const rule = (number: number, state: RuleShown['state']): RuleShown => ({
  ...{ number, state, reason: 'the house', proposed: { atMs: 0, by: 'token one' } },
  days: { access: 731, presence: 92, administration: 731, operational: 31 },
})

it.each([
  [1, '1 day'],
  [31, '31 days'],
  [92, '92 days'],
  [366, '366 days (1 year)'],
  [500, '500 days'],
  [731, '731 days (2 years)'],
  [2192, '2192 days (6 years)'],
])('writes %i days as %s', (days, text) => {
  expect(daysText(days)).toBe(text)
})

it('says what is in force and what waits, and that without a rule nothing goes', () => {
  expect(sentenceOf({ rules: [] })).toBe('Nothing goes: no rule is in force; nothing waits.')
  const rules = [rule(3, 'proposed'), rule(2, 'in-force'), rule(1, 'replaced')]
  expect(sentenceOf({ rules })).toBe('Rule 2 is in force; 1 proposal to decide.')
})

it('says why nothing goes, also where the broker has another reason', () => {
  expect(flawText({ flaw: 'clock-leapt', at: 1, atMs: 0 })).toContain('more time passed')
  expect(flawText({ flaw: 'of-a-later-release', at: 1, atMs: 0 })).toBe('of a later release')
})
