// The folder for whoever works at a Windows workstation: it has its access list before its name, and
// one that is there is left alone, whatever it is.

import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Command, CommandEnd } from '../install/run-command.ts'
import { makeWindowsSeat } from './windows-seat.ts'

let scratch: string
let asked: string[]
const folder = () => join(scratch, 'in')
const icacls = 'D:\\Windows\\System32\\icacls.exe'
beforeEach(() => {
  scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-windows-seat-'))
  asked = []
})
afterEach(() => {
  fs.rmSync(scratch, { recursive: true })
})
function make(end: CommandEnd = { kind: 'ended', code: 0, said: '' }): Promise<void> {
  const run = ({ path, words }: Command): Promise<CommandEnd> => {
    const [of = '', ...rest] = words
    expect([fs.existsSync(of), fs.existsSync(folder())]).toEqual([true, false])
    asked.push([path, of.slice(scratch.length + 1), ...rest].join(' '))
    return Promise.resolve(end)
  }
  return makeWindowsSeat({ folder: folder(), icacls, run })
}

it('is made once, with its list first', async () => {
  await make()
  await make()
  expect(fs.readdirSync(scratch)).toEqual(['in'])
  const system = '*S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F'
  const list = `/inheritance:r /grant:r ${system} *S-1-5-32-545:(OI)(CI)M`
  expect(asked).toEqual([`${icacls} in.new ${list}`])
})
it.each([
  { kind: 'ended', code: 5, said: 'Access is denied.' },
  { kind: 'not-started' },
  { kind: 'out-of-time' },
] as const)('is not there where it got no list: $kind', async (end) => {
  await make(end)
  expect(fs.readdirSync(scratch)).toEqual([])
  await make()
  expect(fs.readdirSync(scratch)).toEqual(['in'])
})
it('is made anew after a power cut', async () => {
  fs.mkdirSync(join(scratch, 'in.new'))
  await make()
  expect(fs.readdirSync(scratch)).toEqual(['in'])
})
it('is no link’s: what it leads to gets no list', async () => {
  fs.mkdirSync(join(scratch, 'own'))
  for (const to of ['own', 'nowhere']) {
    fs.symlinkSync(join(scratch, to), folder())
    await make()
    expect(fs.readlinkSync(folder())).toBe(join(scratch, to))
    fs.unlinkSync(folder())
  }
  expect(asked).toEqual([])
})
it('is left as it is where there is one already', async () => {
  fs.mkdirSync(folder())
  fs.writeFileSync(join(folder(), 'order.json'), '{}')
  await make()
  expect(asked).toEqual([])
  expect(fs.readdirSync(folder())).toEqual(['order.json'])
})
