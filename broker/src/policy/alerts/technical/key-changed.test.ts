// Which changes of keys are told of, and that what the period does by itself is not.

import { expect, it } from 'vitest'
import { AuthorityEnds, KeyChanged } from './key-changed.ts'

const fact = (code: string, fields: Record<string, string | number> = {}) => ({
  ...{ index: 7, code, atMs: 1000, recordedMs: 1000, fields },
})
const seen = { people: [], fromMs: 1000, untilMs: 1000, facts: [7] }

it.each([
  ['KEY-002', { by: 'host' }, 'key master'],
  ['KEY-003', { by: 'host', reason: 'compromised' }, 'key record'],
  ['KEY-003', { by: 'host', reason: 'scheduled' }, 'key record'],
  ['KEY-004', { by: 'host', reason: 'compromised' }, 'key sign-in'],
  ['KEY-004', { by: 'host', reason: 'scheduled' }, 'key sign-in'],
  ['KEY-006', { by: 'host', state: 'rotating' }, 'key authority'],
  ['KEY-007', { by: 'token one', without: 3 }, 'key authority'],
])('tells of %s with %j', (code, fields, subject) => {
  const told = new KeyChanged().take(fact(code, fields))
  expect(told).toEqual([{ ...seen, rule: 'key-changed', subject }])
})
it('says nothing about what the period did', () => {
  expect(new KeyChanged().take(fact('KEY-004', { by: 'period', reason: 'scheduled' }))).toEqual([])
})
it.each(['KEY-005', 'BCK-004', 'SYS-001'])('says nothing of changes about %s', (code) => {
  expect(new KeyChanged().take(fact(code))).toEqual([])
})
it('tells of an authority near its end, each time that the record says so', () => {
  const rule = new AuthorityEnds()
  const expected = [{ ...seen, rule: 'authority-ends', subject: 'key authority' }]
  expect(rule.take(fact('KEY-005', { days: 90 }))).toEqual(expected)
  expect(rule.take(fact('KEY-005', { days: 7 }))).toEqual(expected)
})
it.each(['KEY-002', 'KEY-003', 'KEY-004'])('says nothing of an end about %s', (code) => {
  expect(new AuthorityEnds().take(fact(code, { by: 'host' }))).toEqual([])
})
