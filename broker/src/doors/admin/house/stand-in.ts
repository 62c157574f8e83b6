// Ids for whoever may not see who is where: one stands for the same thing as long as this broker
// runs, so that a page can follow it, and is no id anywhere else. Keeps nothing but its key.

import { createHmac, randomBytes } from 'node:crypto'

const key = randomBytes(32)

/** A UUID of the form that is anybody's own (RFC 9562 section 5.8). */
export function standInFor(id: string): string {
  const bytes = createHmac('sha256', key).update(id).digest().subarray(0, 16)
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
