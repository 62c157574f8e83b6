// The checksum of POSIX cksum: what a list of contents has for each file. Pure.

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n << 24
  for (let bit = 0; bit < 8; bit++)
    value = value & 0x8000_0000 ? (value << 1) ^ 0x04c1_1db7 : value << 1
  return value >>> 0
})

export function posixCksum(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) sum = (sum << 8) ^ (table[((sum >>> 24) ^ byte) & 0xff] ?? 0)
  for (let rest = bytes.length; rest > 0; rest = Math.floor(rest / 256)) {
    sum = (sum << 8) ^ (table[((sum >>> 24) ^ rest) & 0xff] ?? 0)
  }
  return ~sum >>> 0
}
