// Where brokers are, which is tried next, and how long is waited in between.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Addresses } from './addresses.ts'
import { backoffMs } from './waits/backoff.ts'
import { addressText, parseBrokerAddress, serverNameOf } from './broker-address.ts'
import type { BrokerAddress } from './broker-address.ts'

const at = (port: number): BrokerAddress => ({ host: 'b', port, serverName: '' })
const portOf = (addresses: Addresses): number | undefined => addresses.current()?.port

describe('an address', () => {
  it.each([
    ['broker.example:8443', 'broker.example', 8443, 'broker.example'],
    ['192.0.2.1:443', '192.0.2.1', 443, ''],
    ['[2001:db8::1]:443', '2001:db8::1', 443, ''],
  ])('%s is read, and no address is sent as a name', (text, host, port, name) => {
    const address = parseBrokerAddress(text)
    expect(address).toEqual({ host, port, serverName: '' })
    if (!address) return
    expect(serverNameOf(address)).toBe(name)
    expect(addressText(address)).toBe(text)
  })
  it.each([
    'broker.example',
    ':443',
    'a:0',
    'a:65536',
    'a:443/x',
    'a b:443',
    'user@a:443',
    '[a]:443',
    '[192.0.2.1]:443',
    '::1:443',
    '',
  ])('refuses/%s', (text) => {
    expect(parseBrokerAddress(text)).toBeUndefined()
  })
  it('has the certificate’s name from settings where they say one', () => {
    const address = parseBrokerAddress('192.0.2.1:443', 'broker.example')
    expect(address && serverNameOf(address)).toBe('broker.example')
  })
})

describe('the next broker', () => {
  it('is the same until it fails, and then the one after', () => {
    const addresses = new Addresses([at(1), at(2)])
    expect(portOf(addresses)).toBe(1)
    addresses.failed()
    expect(portOf(addresses)).toBe(2)
    addresses.failed()
    expect(portOf(addresses)).toBe(1)
  })
  it('may be one that a broker told of, after those that settings name', () => {
    const addresses = new Addresses([at(1)])
    addresses.told(['b:7', 'b:1', 'nonsense', 'b:8'])
    expect(portOf(addresses)).toBe(1)
    addresses.failed()
    expect(portOf(addresses)).toBe(7)
    addresses.failed()
    expect(portOf(addresses)).toBe(8)
    addresses.failed()
    expect(portOf(addresses)).toBe(1)
  })
  it('stays the one that answers when it tells of others', () => {
    const addresses = new Addresses([at(1), at(2)])
    addresses.failed()
    addresses.told(['b:0', 'b:9'])
    expect(portOf(addresses)).toBe(2)
  })
  it('never leaves those that settings name out, however many are told', () => {
    const addresses = new Addresses([at(1)])
    addresses.told(Array.from({ length: 50 }, (_, n) => `b:${String(n + 100)}`))
    const seen = new Set<number | undefined>()
    for (let n = 0; n < 9; n++) {
      seen.add(portOf(addresses))
      addresses.failed()
    }
    expect(seen.has(1)).toBe(true)
    expect(seen.size).toBe(9)
  })
  it('is nobody where nobody is known', () => {
    const addresses = new Addresses([])
    addresses.failed()
    expect(addresses.current()).toBeUndefined()
  })
})

it('the wait grows, is spread from nothing, and has an end', () => {
  const attempt = fc.integer({ min: 1, max: 10_000 })
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(attempt, random, (n, r) => {
      const waitMs = backoffMs(n, r)
      expect(waitMs).toBeGreaterThanOrEqual(0)
      expect(waitMs).toBeLessThan(Math.min(20_000, 250 * 2 ** Math.min(16, n - 1)) + 1)
    }),
  )
  expect(backoffMs(1, 0.999)).toBeLessThan(250)
  expect(backoffMs(50, 0.999)).toBeGreaterThan(19_000)
})
