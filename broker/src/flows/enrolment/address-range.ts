// Whether an address is in one of the ranges that an enrolment token is good from.

import { BlockList, isIP } from 'node:net'
import { parseAddressRange } from '@wardkey/protocol/admin/fleet/address-ranges'

/** A socket that takes both families shows an IPv4 address inside of an IPv6 one. */
const mapped = /^::ffff:(?=[0-9]+\.)/i

/** False for what is no address at all: a connection that is gone comes from nowhere. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  const plain = address.replace(mapped, '').split('%')[0] ?? ''
  const version = isIP(plain)
  if (version === 0) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  for (const text of ranges) {
    const range = parseAddressRange(text)
    // By itself the list would find every IPv4 address in ::/0.
    if (range?.family === family) list.addSubnet(range.address, range.bits, family)
  }
  return list.check(plain, family)
}
