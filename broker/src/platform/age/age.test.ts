// The age format: what the real `age` writes is opened here and the other way round, and a file that
// was changed, cut or put together anew is refused at the place.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeIdentity, parseIdentity, parseRecipient } from './age-keys.ts'
import type { Identity } from './age-keys.ts'
import { decryptAge, encryptAge } from './age-stream.ts'
import type { Opener } from './age-stream.ts'

async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  await Promise.resolve()
}

async function whole(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

const recipientOf = ({ recipient }: Identity) => {
  const key = parseRecipient(recipient)
  if (!key) throw new Error('no recipient')
  return key
}
const encrypt = (text: Buffer, ...identities: Identity[]) =>
  whole(encryptAge(identities.map(recipientOf))(chunked(text, 10_007)))
const decrypt = (file: Buffer, opener: Opener) => whole(decryptAge(chunked(file, 4_099), opener))

const mine = makeIdentity()
const piece = 64 * 1024

describe('keys', () => {
  it('are written as age writes them (its own example)', () => {
    // From the README of age.
    const recipient = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'
    expect(parseRecipient(recipient)).toBeDefined()
    expect(parseRecipient(recipient.replace('q9', 'q8').replace('p', 'q'))).toBeUndefined()
    expect(parseIdentity(mine.text)?.recipient).toBe(mine.recipient)
  })
  it.each(['', 'age1', 'AGE-SECRET-KEY-1', 'age1ql3z7hjy54pw3hyww5', mine.text])(
    'refuses %j as a recipient',
    (text) => {
      expect(parseRecipient(text)).toBeUndefined()
    },
  )
  it('finds an identity among lines for people, and refuses two', () => {
    expect(parseIdentity(`# created today\n\n${mine.text}\n`)?.text).toBe(mine.text)
    expect(parseIdentity(`${mine.text}\n${mine.text}\n`)).toBeUndefined()
  })
})

describe('a file', () => {
  it.each([0, 1, piece - 1, piece, piece + 1, 3 * piece, 3 * piece + 17])(
    'of %i bytes comes back',
    async (bytes) => {
      const text = randomBytes(bytes)
      expect(await decrypt(await encrypt(text, mine), mine)).toEqual(text)
    },
  )
  it('opens for each of its recipients, and for nobody else', async () => {
    const [second, third] = [makeIdentity(), makeIdentity()]
    const file = await encrypt(Buffer.from('hello'), mine, second)
    expect(await decrypt(file, second)).toEqual(Buffer.from('hello'))
    await expect(decrypt(file, third)).rejects.toThrow('does not open')
  })
  it('has to be for somebody', () => {
    expect(() => encryptAge([])).toThrow()
  })
  it('is refused where a byte of it was changed, wherever', async () => {
    // Several files: of a code's last letter some bits are spare, in one of four.
    for (let n = 0; n < 8; n++) {
      const file = await encrypt(randomBytes(n === 0 ? 2 * piece + 5 : 5), mine)
      for (let at = 0; at < file.length; at += at < 400 ? 1 : 9_973) {
        const changed = Buffer.from(file)
        changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
        await expect(decrypt(changed, mine)).rejects.toThrow()
      }
    }
  })
  it('is refused where it was cut, even at the end of a piece', async () => {
    const file = await encrypt(randomBytes(3 * piece), mine)
    const start = file.length - 3 * (piece + 16)
    for (const end of [0, 10, start, start + piece + 16, start + 2 * (piece + 16), file.length - 1])
      await expect(decrypt(file.subarray(0, end), mine)).rejects.toThrow()
    await expect(decrypt(Buffer.concat([file, Buffer.of(0)]), mine)).rejects.toThrow()
  })
})

describe.skipIf(!existsSync('/usr/bin/age'))('beside the real age', () => {
  it('reads what that writes, and writes what that reads', async () => {
    const root = mkdtempSync(join(tmpdir(), 'wardkey-age-'))
    try {
      const text = randomBytes(200_000)
      const [plain, file, key] = ['plain', 'file', 'key'].map((name) => join(root, name))
      if (!plain || !file || !key) throw new Error('no names')
      writeFileSync(plain, text)
      writeFileSync(key, `${mine.text}\n`, { mode: 0o600 })
      execFileSync('age', ['-r', mine.recipient, '-o', file, plain])
      expect(await decrypt(readFileSync(file), mine)).toEqual(text)
      writeFileSync(file, await encrypt(text, makeIdentity(), mine))
      const options = { maxBuffer: 1_000_000 }
      expect(execFileSync('age', ['-d', '-i', key, file], options)).toEqual(text)
    } finally {
      rmSync(root, { recursive: true })
    }
  })
})
