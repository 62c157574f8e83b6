import { execFileSync } from 'node:child_process'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { packBom } from './bom.ts'
import { packCpio } from './cpio.ts'
import type { Entry } from './entries.ts'
import { posixCksum } from './posix-cksum.ts'
import { readBom } from './read-bom.ts'
import { packXar } from './xar.ts'

const folder = (path: string): Entry => ({
  ...{ path, kind: 'folder', mode: 0o040755 },
  content: Buffer.alloc(0),
})
const file = (path: string, text: string): Entry => ({
  ...{ path, kind: 'file', mode: 0o100644 },
  content: Buffer.from(text),
})
const link = (path: string, to: string): Entry => ({
  ...{ path, kind: 'link', mode: 0o120755 },
  content: Buffer.from(to),
})

describe('the list of contents', () => {
  it('is read back as it was written, over several pages', () => {
    const entries = [
      folder('.'),
      folder('./a'),
      ...Array.from({ length: 700 }, (_, n) => file(`./a/${String(n)}`, `text ${String(n)}`)),
      link('./a/link', '0'),
    ]
    const read = readBom(packBom(entries, 1))
    expect(read.map(({ path }) => path)).toEqual(entries.map(({ path }) => path))
    expect(read[2]).toEqual({
      ...{ path: './a/0', mode: 0o100644, uid: 0, gid: 0, size: 6, link: '' },
      checksum: posixCksum(Buffer.from('text 0')),
    })
    expect(read.at(-1)?.link).toBe('0')
  })

  it('is the same for the same files', () => {
    const entries = [folder('.'), file('./a', 'a')]
    expect(packBom(entries, 1)).toEqual(packBom(entries, 1))
  })

  it('is refused where it is cut, or another file', () => {
    const bom = packBom([folder('.'), file('./a', 'a')], 1)
    expect(() => readBom(bom.subarray(0, 600))).toThrow()
    expect(() => readBom(Buffer.alloc(600))).toThrow('no list')
  })

  it('sums as POSIX cksum does', () => {
    for (const text of ['', 'a', 'Wardkey\n'.repeat(1000)]) {
      const [sum] = execFileSync('cksum', { input: text, encoding: 'utf8' }).split(' ')
      expect(posixCksum(Buffer.from(text))).toBe(Number(sum))
    }
  })
})

describe('the archives', () => {
  it('are cpio of the portable form, owned by root, with the end that it needs', () => {
    const archive = gunzipSync(packCpio([folder('.'), file('./a', 'abc')], 8)).toString('latin1')
    expect(archive.slice(0, 6)).toBe('070707')
    expect(archive.slice(18 + 6, 24 + 12)).toBe('000000000000')
    expect(archive).toContain('./a\0abc')
    expect(archive.endsWith('TRAILER!!!\0')).toBe(true)
  })

  it('hold the hash of their own table, as xar has it', () => {
    const xar = packXar([{ name: 'a', content: Buffer.from('abc') }], new Date(0))
    expect(xar.toString('latin1', 0, 4)).toBe('xar!')
    const length = Number(xar.readBigUInt64BE(8))
    const heap = 28 + length
    const sum = execFileSync('sha1sum', { input: xar.subarray(28, heap) })
      .toString()
      .slice(0, 40)
    expect(xar.subarray(heap, heap + 20).toString('hex')).toBe(sum)
    expect(xar.subarray(heap + 20).toString()).toBe('abc')
  })
})
