// Ranges of addresses as people write them: an address alone, or with how many of its bits count.

import { isIP } from 'node:net'
import { z } from 'zod'

export interface AddressRange {
  readonly address: string
  readonly bits: number
  readonly family: 'ipv4' | 'ipv6'
}

export function parseAddressRange(text: string): AddressRange | undefined {
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return undefined
  const most = version === 4 ? 32 : 128
  if (bits !== undefined && !/^[0-9]{1,3}$/.test(bits)) return undefined
  const count = bits === undefined ? most : Number(bits)
  if (count > most) return undefined
  return { address, bits: count, family: version === 4 ? 'ipv4' : 'ipv6' }
}

export const addressRanges = z
  .array(
    z
      .string()
      .max(64)
      .refine((text) => parseAddressRange(text) !== undefined),
  )
  .min(1)
  .max(32)
