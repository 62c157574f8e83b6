// Ranges of addresses as people write them: an address alone, or with how many of its bits count.

import { z } from 'zod'

export const addressRanges = z
  .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
  .min(1)
  .max(32)
