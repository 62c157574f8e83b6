import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freeFiles, mendFiles } from './free-files.ts'

let scratch: string
let names: number
beforeEach(() => {
  names = 0
  scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-free-'))
  lay('wardkey-session.exe', 'session')
  lay('LICENSES.txt', 'paper')
  lay('lib/koffi/koffi.node', 'addon')
})
afterEach(() => {
  fs.rmSync(scratch, { recursive: true })
})
const program = () => join(scratch, 'agent')
const left = () => join(scratch, 'own/left')
const name = () => String((names += 1))
const needs = () => ({ program: program(), left: left(), name })
function lay(path: string, text: string): void {
  fs.mkdirSync(join(program(), path, '..'), { recursive: true })
  fs.writeFileSync(join(program(), path), text)
}
const read = (path: string) => fs.readFileSync(join(program(), path), 'utf8')
const inode = (path: string) => fs.statSync(join(program(), path)).ino
const all = () =>
  fs
    .readdirSync(program(), { recursive: true, encoding: 'utf8' })
    .filter((path) => fs.statSync(join(program(), path)).isFile())
    .toSorted()
const whole = ['LICENSES.txt', 'lib/koffi/koffi.node', 'wardkey-session.exe']

describe('files that a session still runs', () => {
  it('are others of the same content afterwards, and what runs keeps its own', () => {
    const running = fs.openSync(join(program(), 'wardkey-session.exe'), 'r')
    const before = [inode('wardkey-session.exe'), inode('lib/koffi/koffi.node')]
    freeFiles(needs())
    expect(all()).toEqual(whole)
    expect([read('wardkey-session.exe'), read('lib/koffi/koffi.node')]).toEqual([
      'session',
      'addon',
    ])
    expect([inode('wardkey-session.exe'), inode('lib/koffi/koffi.node')]).not.toEqual(before)
    expect(fs.fstatSync(running).nlink).toBe(1)
    fs.closeSync(running)
    expect(fs.readdirSync(left())).toHaveLength(2)
  })
  it('are left alone where nothing runs from them', () => {
    const before = inode('LICENSES.txt')
    freeFiles(needs())
    expect(inode('LICENSES.txt')).toBe(before)
  })
  it('stay as they are where they cannot be moved', () => {
    fs.mkdirSync(join(left(), '1/in-the-way'), { recursive: true })
    fs.mkdirSync(join(left(), '2/in-the-way'), { recursive: true })
    freeFiles(needs())
    expect([all(), read('wardkey-session.exe')]).toEqual([whole, 'session'])
  })
  it('are put in their place where the power went in between', () => {
    fs.renameSync(
      join(program(), 'wardkey-session.exe'),
      join(program(), 'wardkey-session.exe.wardkey-new'),
    )
    lay('lib/koffi/koffi.node.wardkey-new', 'half')
    mendFiles(needs())
    expect([all(), read('wardkey-session.exe')]).toEqual([whole, 'session'])
    expect(read('lib/koffi/koffi.node')).toBe('addon')
  })
  it('are gone once nobody runs them any more', () => {
    freeFiles(needs())
    mendFiles(needs())
    expect([all(), fs.readdirSync(left())]).toEqual([whole, []])
  })
  it('are none where nothing is installed', () => {
    const nowhere = { ...needs(), program: join(scratch, 'nowhere') }
    freeFiles(nowhere)
    mendFiles(nowhere)
    expect(fs.readdirSync(left())).toEqual([])
  })
})
