import { expect, it } from 'vitest'
import { ruleName, ruleText } from './zone-rule-words.ts'

it('calls rules by words, and one that is newer than the page by its own name', () => {
  expect(ruleName('staleMs')).toBe('Locks when the broker is gone for')
  expect(ruleName('idleLockMs')).toBe('Idle lock')
})

it('writes values as people read them', () => {
  expect(ruleText('idleMs', 300_000)).toBe('5 min')
  expect(ruleText('offlineMaxMs', 0)).toBe('not at all')
  expect(ruleText('pin', 'each-tap')).toBe('at each tap')
  expect(ruleText('publicView', false)).toBe('no')
  expect(ruleText('roles', [])).toBe('none')
  expect(ruleText('serviceDesk', '')).toBe('none')
  expect(ruleText('emergency', { lastsMs: 60_000, offered: true })).toBe('lasts 1 min, offered yes')
})
