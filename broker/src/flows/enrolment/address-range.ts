// Whether an address is in one of the ranges that an enrolment token is good from.

import { BlockList, isIP } from 'node:net'

/** A socket that takes both families shows an IPv4 address inside of an IPv6 one. */
const mapped = /^::ffff:(?=[0-9]+\.)/i

/** False for what is no address at all: a connection that is gone comes from nowhere. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  const plain = address.replace(mapped, '').split('%')[0] ?? ''
  const version = isIP(plain)
  if (version === 0) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  for (const range of ranges) {
    const [from = '', bits = version === 4 ? '32' : '128'] = range.split('/')
    // By itself the list would find every IPv4 address in ::/0.
    if (isIP(from) === version) list.addSubnet(from, Number(bits), family)
  }
  return list.check(plain, family)
}
