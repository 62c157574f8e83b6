// Ids of rows that are only ever added to the end: a time, and random behind it (RFC 9562 §5.7). An
// index over them grows at its end, where random ones touch another page for each row.

/**
 * A version 7 UUID from a random one. It tells when it was made: for rows that say that anyway.
 * Unique by its 74 random bits: a clock that is wrong costs nothing but the order.
 */
export function orderedId(randomUuid: string, nowMs: number): string {
  const time = Math.max(0, Math.min(nowMs, timeMax)).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUuid.slice(15)}`
}

const timeMax = 2 ** 48 - 1
