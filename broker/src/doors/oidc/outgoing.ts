// The guard on what the provider may fetch or post to: private addresses only by explicit
// allow-list, since a logout notice to any address would let a client entry reach into the house's
// own network.

import { BlockList, isIP } from 'node:net'
import { lookup } from 'node:dns/promises'

export interface PrivateAddresses {
  /** True when `hostname` is listed by name, or every address it has is in a listed range. */
  allows(hostname: string): Promise<boolean>
}

/**
 * Parses the allow-list of settings: host names, addresses, or ranges ("10.20.0.0/16"). Throws on
 * an entry that is none of them, so that a typing error does not silently allow less or more.
 */
export function parsePrivateAddresses(entries: readonly string[]): PrivateAddresses {
  const names = new Set<string>()
  const ranges = new BlockList()
  for (const entry of entries) addEntry(entry, names, ranges)
  return {
    async allows(hostname) {
      const bare = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()
      if (names.has(bare)) return true
      const addresses = isIP(bare) ? [bare] : await addressesOf(bare)
      return addresses.length > 0 && addresses.every((address) => inRanges(address, ranges))
    },
  }
}

/** A fetch that keeps the provider's own guard unless the host is on the list. */
export function guardedFetch(
  privateAddresses: PrivateAddresses,
): (url: string | URL, options: RequestInit) => Promise<Response> {
  return async (url, options) => {
    const { hostname } = new URL(url)
    if (!(await privateAddresses.allows(hostname))) return fetch(url, options)
    // The provider's guard is a dispatcher that cuts connections to special-use addresses.
    const { dispatcher: _guard, ...open } = options as RequestInit & { dispatcher?: unknown }
    return fetch(url, open)
  }
}

function addEntry(entry: string, names: Set<string>, ranges: BlockList): void {
  const [address = '', prefix, ...rest] = entry.split('/')
  const family = isIP(address)
  if (family !== 0 && rest.length === 0) {
    const type = family === 4 ? 'ipv4' : 'ipv6'
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix)
    const bitsMax = family === 4 ? 32 : 128
    if (!Number.isInteger(bits) || bits < 0 || bits > bitsMax) throw badEntry(entry)
    ranges.addSubnet(address, bits, type)
  } else if (prefix === undefined && /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(entry)) {
    names.add(entry.toLowerCase())
  } else throw badEntry(entry)
}

function badEntry(entry: string): Error {
  return new Error(`oidc.privateAddresses: ${entry} is no host, address or range`)
}

function inRanges(address: string, ranges: BlockList): boolean {
  return ranges.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}

async function addressesOf(hostname: string): Promise<readonly string[]> {
  try {
    return (await lookup(hostname, { all: true })).map(({ address }) => address)
  } catch (thrown) {
    // A name that does not resolve is simply not on the list; the fetch itself will say why.
    if (thrown instanceof Error && 'code' in thrown) return []
    throw thrown
  }
}
