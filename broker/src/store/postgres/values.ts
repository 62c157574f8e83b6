// Values as PostgreSQL's wire protocol takes and gives them. Pure.

import pg from 'pg'

/** int8 as a number, as on SQLite: every count and time of ours is far below 2^53. */
export const numbers = new pg.TypeOverrides()
numbers.setTypeParser(20, 'text', Number)

export type WireValue = string | Buffer | null

/** Text for what is text to the server, bytes for bytea, null for null. Throws on anything else. */
export function wireValue(value: unknown): WireValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  // A boolean would pass here and not on SQLite, where yes and no are 1 and 0.
  throw new TypeError(`a value of type ${typeof value} cannot be written`)
}

const typeOids = { bytea: 17, int8: 20, text: 25 } as const

/**
 * A one-dimensional array in binary form (array_recv): an insert of many rows takes one for each
 * column.
 */
export function wireArray(
  type: keyof typeof typeOids,
  values: readonly (string | number | Uint8Array | null)[],
): Buffer {
  const parts = values.map((value) => (value === null ? null : bytesOf(value)))
  const header = Buffer.alloc(20)
  header.writeInt32BE(1, 0)
  header.writeInt32BE(parts.includes(null) ? 1 : 0, 4)
  header.writeInt32BE(typeOids[type], 8)
  header.writeInt32BE(parts.length, 12)
  header.writeInt32BE(1, 16)
  return Buffer.concat([header, ...parts.flatMap((part) => [lengthOf(part), part ?? nothing])])
}

const nothing = Buffer.alloc(0)

function bytesOf(value: string | number | Uint8Array): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (typeof value !== 'number') return value
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

function lengthOf(part: Uint8Array | null): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(part?.length ?? -1)
  return bytes
}
