// Ranges of addresses as people write them, and what is no range at all.

import { expect, it } from 'vitest'
import { addressRanges } from '@wardkey/protocol/admin/fleet/address-ranges'
import { isWithin } from './address-range.ts'

it.each([
  ['10.20.3.4', ['10.20.0.0/16'], true],
  ['::ffff:10.20.3.4', ['10.20.0.0/16'], true],
  ['10.21.3.4', ['10.20.0.0/16'], false],
  ['10.21.3.4', ['10.20.0.0/16', '10.21.3.4'], true],
  ['10.21.3.5', ['10.20.0.0/16', '10.21.3.4'], false],
  ['fd00::17', ['fd00::/64'], true],
  ['fd00:0:0:1::17', ['fd00::/64'], false],
  ['fe80::1%eth0', ['fe80::/10'], true],
  ['10.20.3.4', ['::/0'], false],
  ['gone', ['0.0.0.0/0', '::/0'], false],
  ['', ['0.0.0.0/0'], false],
])('%s from %j: %s', (address, ranges, is) => {
  expect(isWithin(address, ranges)).toBe(is)
})
it.each([
  '',
  '10.20',
  '10.20.0.0/33',
  '10.20.0.0/',
  '10.20.0.0/1/2',
  'fd00::/129',
  'x/8',
  '10.0.0.0/-1',
])('refuses %j', (text) => {
  expect(addressRanges.safeParse([text]).success).toBe(false)
})
