// Bech32 as age writes its keys (BIP 173, without its limit of length). Pure.

const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const checksumLength = 6

export function toBech32(prefix: string, bytes: Uint8Array): string {
  const values = regroup(bytes, 8, 5, true) ?? []
  const sum = checksumOf(prefix, values)
  return `${prefix}1${[...values, ...sum].map((value) => letters[value] ?? '').join('')}`
}

/** Nothing where it is not of this prefix, mixes cases, or its checksum does not hold. */
export function fromBech32(prefix: string, text: string): Buffer | undefined {
  const lower = text.toLowerCase()
  if (text !== lower && text !== text.toUpperCase()) return undefined
  if (!lower.startsWith(`${prefix}1`)) return undefined
  const values = Array.from(lower.slice(prefix.length + 1), (letter) => letters.indexOf(letter))
  if (values.length < checksumLength || values.includes(-1)) return undefined
  if (polymod([...expanded(prefix), ...values]) !== 1) return undefined
  const bytes = regroup(values.slice(0, -checksumLength), 5, 8, false)
  return bytes && Buffer.from(bytes)
}

function checksumOf(prefix: string, values: readonly number[]): readonly number[] {
  const sum = polymod([...expanded(prefix), ...values, 0, 0, 0, 0, 0, 0]) ^ 1
  return [0, 1, 2, 3, 4, 5].map((at) => (sum >>> (5 * (5 - at))) & 31)
}

function expanded(prefix: string): readonly number[] {
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0))
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
}

function polymod(values: readonly number[]): number {
  let sum = 1
  for (const value of values) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    generators.forEach((generator, at) => {
      if ((top >> at) & 1) sum ^= generator
    })
  }
  return sum >>> 0
}

/** Nothing where spare bits are left over that are not padding. */
function regroup(
  values: Iterable<number>,
  from: number,
  to: number,
  isPadded: boolean,
): readonly number[] | undefined {
  const out: number[] = []
  let held = 0
  let bits = 0
  for (const value of values) {
    held = ((held << from) | value) & 0xfff
    bits += from
    while (bits >= to) {
      bits -= to
      out.push((held >> bits) & ((1 << to) - 1))
    }
  }
  const spare = (held << (to - bits)) & ((1 << to) - 1)
  if (isPadded) return bits > 0 ? [...out, spare] : out
  return bits >= from || spare !== 0 ? undefined : out
}
