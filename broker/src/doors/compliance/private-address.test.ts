// Which addresses are not for everybody: each special network by its first and last address, and
// whatever wraps an IPv4 address in another way.

import { describe, expect, it } from 'vitest'
import { isSpecialAddress } from './private-address.ts'

describe('special', () => {
  it.each([
    ...['0.0.0.0', '10.255.255.255', '100.64.0.1', '127.0.0.1', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.168.1.1', '198.19.255.255', '224.0.0.1'],
    ...['255.255.255.255', '::', '::1', 'fe80::1', 'fd00::1', 'ff02::1'],
    ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '2002:7f00:1::', '64:ff9b::a00:1'],
    // Without the ffff, translated by the house's own prefix, and local as it was once written.
    ...['::127.0.0.1', '::a00:1', '64:ff9b:1::a00:1', '64:ff9b:1:ffff::1', 'fec0::1', 'feff::1'],
  ])('is %s', (address) => {
    expect(isSpecialAddress(address)).toBe(true)
  })
  it.each(['', 'localhost', '127.1', '0x7f000001', '10.0.0.1/8'])('is what is none: %j', (text) => {
    expect(isSpecialAddress(text)).toBe(true)
  })
  it.each(['8.8.8.8', '172.32.0.1', '192.0.1.1', '100.128.0.1', '2606:4700::1111', '64:ff9a::1'])(
    'is not %s',
    (address) => {
      expect(isSpecialAddress(address)).toBe(false)
    },
  )
})
