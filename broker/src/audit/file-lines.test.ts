// Lines of files as they come: split over reads, without an end, not UTF-8, or far too long.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fileLines } from './file-lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'wardkey-lines-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

async function linesOf(content: string | Uint8Array, bytesMax = 100): Promise<string[]> {
  const file = join(folder, 'a.ndjson')
  writeFileSync(file, content)
  return readAll(file, bytesMax)
}

async function readAll(file: string, bytesMax: number): Promise<string[]> {
  const lines: string[] = []
  for await (const line of fileLines(file, bytesMax)) lines.push(line)
  return lines
}

describe('the lines of a file', () => {
  it('end in line feeds, and the last one in nothing', async () => {
    expect(await linesOf('a\nb\n\nc')).toEqual(['a', 'b', '', 'c'])
    expect(await linesOf('a\n')).toEqual(['a'])
    expect(await linesOf('')).toEqual([])
  })
  it('are not split where an entry holds another kind of line end', async () => {
    expect(await linesOf('a\u2028b\u2029c\rd\u0085e\n')).toEqual(['a\u2028b\u2029c\rd\u0085e'])
  })
  it('come whole when they are read in parts', async () => {
    const many = Array.from({ length: 60_000 }, (_, n) => `${String(n)} äöü ${'x'.repeat(n % 50)}`)
    expect(await linesOf(many.join('\n'))).toEqual(many)
  })
  it('refuses/a line without an end, before it fills the memory', async () => {
    const lines = await linesOf(`a\n${'x'.repeat(5_000_000)}\nb`, 1000)
    expect(lines.map(({ length }) => length)).toEqual([1, 1001])
  })
  it('refuses/bytes that are not UTF-8', async () => {
    const bytes = Buffer.from('a\nb?c\nd\n')
    bytes[3] = 0xff
    expect(await linesOf(bytes)).toEqual(['a', '', 'd'])
  })
  it('throws where there is no such file', async () => {
    await expect(readAll(join(folder, 'none'), 100)).rejects.toThrow('ENOENT')
  })
})
