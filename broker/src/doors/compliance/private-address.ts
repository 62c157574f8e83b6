// Addresses that are not for everybody: loopback, private, link-local and the other special ones
// (RFC 6890). Nothing of ours goes to one unless settings list it.

import { BlockList, isIP } from 'node:net'

/** One list for each family: in one together `::ffff:0:0/96` would have every IPv4 address in it. */
const special = { ipv4: new BlockList(), ipv6: new BlockList() }
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  special.ipv4.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  // What wraps an IPv4 address could be any of those above.
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  special.ipv6.addSubnet(network, bits, 'ipv6')
}

/** True for whatever is no address at all: what cannot be judged is not gone to. */
export function isSpecialAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return true
  const type = family === 4 ? 'ipv4' : 'ipv6'
  return special[type].check(address, type)
}
