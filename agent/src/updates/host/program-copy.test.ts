import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyProgram } from './program-copy.ts'

let scratch: string
beforeEach(() => {
  scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-copy-'))
  lay('agent/wardkey-agent', 'program 1', 0o755)
  lay('agent/lib/node_modules/koffi/index.js', 'addon 1')
})
afterEach(() => {
  fs.rmSync(scratch, { recursive: true })
})
const lay = (name: string, text: string, mode = 0o644) => {
  fs.mkdirSync(join(scratch, name, '..'), { recursive: true })
  fs.writeFileSync(join(scratch, name), text, { mode })
}
const read = (name: string) => fs.readFileSync(join(scratch, 'own/program', name), 'utf8')
const copies = () => fs.readdirSync(join(scratch, 'own/program')).toSorted()
const copy = (release: string, flaw?: string) =>
  copyProgram({
    ...{ folder: join(scratch, 'agent'), file: 'wardkey-agent', release },
    ...{ own: join(scratch, 'own'), whoElseWrites: () => flaw },
  })

describe('the copy of the program', () => {
  it('is the program and what it loads, to be run, and for nobody else to read', async () => {
    const path = await copy('1.1.0')
    expect(path).toBe(join(scratch, 'own/program/1.1.0/wardkey-agent'))
    expect(read('1.1.0/wardkey-agent')).toBe('program 1')
    expect(read('1.1.0/lib/node_modules/koffi/index.js')).toBe('addon 1')
    expect(fs.statSync(path).mode & 0o777).toBe(0o755)
    expect(fs.statSync(join(scratch, 'own/program')).mode & 0o077).toBe(0)
  })
  it('is made anew, and is the only one', async () => {
    await copy('1.1.0')
    lay('agent/wardkey-agent', 'program 2')
    await copy('1.1.0')
    expect(read('1.1.0/wardkey-agent')).toBe('program 2')
    await copy('1.2.0')
    expect(copies()).toEqual(['1.2.0'])
  })
  it('takes over nothing of one that was cut off', async () => {
    lay('own/program/1.1.0.new/lib/planted.js', 'left')
    await copy('1.1.0')
    expect(fs.existsSync(join(scratch, 'own/program/1.1.0/lib/planted.js'))).toBe(false)
    expect(copies()).toEqual(['1.1.0'])
  })
  it('is not made where others can write', async () => {
    await expect(copy('1.1.0', 'everybody can write it')).rejects.toThrow()
    expect(copies()).toEqual([])
  })
  it('leaves the one before whole where the program is not', async () => {
    await copy('1.1.0')
    fs.rmSync(join(scratch, 'agent/lib'), { recursive: true })
    await expect(copy('1.1.0')).rejects.toThrow()
    expect(read('1.1.0/lib/node_modules/koffi/index.js')).toBe('addon 1')
  })
})
