// HR's word on a badge gives back only what HR's word took.

import { describe, expect, it } from 'vitest'
import { badgeId } from '@wardkey/protocol/ids'
import { hrMark } from './hr-mark.ts'

const loaner = badgeId.parse('018f3c1e-0000-7000-8000-000000000001')
const known = { suspendedFor: null, isSuspendedByHr: false }
const active = { ...known, status: 'active' } as const
const lost = { ...known, status: 'lost' } as const
const bySecurity = { ...known, status: 'suspended' } as const
const byHr = { ...bySecurity, isSuspendedByHr: true }
const resting = { ...bySecurity, suspendedFor: loaner }

describe('HR’s word on a badge', () => {
  it.each([
    ['does not bring back what is lost', lost, 'active', 'not-hrs'],
    ['does not bring it back by way of a suspension', lost, 'suspended', 'not-hrs'],
    ['does not lift what security suspended', bySecurity, 'active', 'not-hrs'],
    ['does not lift it by way of a loss', bySecurity, 'lost', 'not-hrs'],
    ['lifts what it suspended itself', byHr, 'active', 'marks'],
    ['suspends', active, 'suspended', 'marks'],
    ['says that it is lost', active, 'lost', 'marks'],
    ['counts for what rests for a loaner', resting, 'suspended', 'marks'],
    ['says that what rests is lost', resting, 'lost', 'marks'],
    ['does not end the rest', resting, 'active', 'same'],
    ['says nothing new: active', active, 'active', 'same'],
    ['says nothing new: lost', lost, 'lost', 'same'],
    ['says nothing new: suspended', bySecurity, 'suspended', 'same'],
    ['takes away what is lost', lost, 'replaced', 'marks'],
    ['takes away what security suspended', bySecurity, 'replaced', 'marks'],
    ['does nothing to what is over', { ...known, status: 'replaced' }, 'active', 'over'],
    ['does not end what is over anew', { ...known, status: 'expired' }, 'replaced', 'over'],
  ] as const)('%s', (_name, badge, wanted, expected) => {
    expect(hrMark(badge, wanted)).toBe(expected)
  })
})
