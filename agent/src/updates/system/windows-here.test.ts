// What stands around Windows Installer when the part that installs runs it: files are freed and the
// mark is there, for that long and no longer.

import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Command, CommandEnd } from '../install/run-command.ts'
import { windowsWith } from './windows-here.ts'

let scratch: string
beforeEach(() => {
  scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-windows-'))
  fs.mkdirSync(join(scratch, 'agent'))
  fs.writeFileSync(join(scratch, 'agent', 'wardkey-session.exe'), 'session')
})
afterEach(() => {
  fs.rmSync(scratch, { recursive: true })
})

function bed(ends: (command: Command) => Promise<CommandEnd>) {
  const asked: string[] = []
  const registry: Readonly<Record<string, string>> = {
    'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion SystemRoot': 'D:\\Windows',
    'SOFTWARE\\Wardkey\\Machine folder': join(scratch, 'agent'),
    'SOFTWARE\\Wardkey\\Machine version': '1.1.0',
  }
  const read = (key: string, name: string) => {
    const text = registry[`${key} ${name}`]
    return text === undefined ? undefined : { kind: 1, data: Buffer.from(`${text}\0`, 'utf16le') }
  }
  const run = (command: Command): Promise<CommandEnd> => {
    asked.push([command.path, ...command.words].join(' '))
    return ends(command)
  }
  const own = join(scratch, 'own')
  return { asked, here: windowsWith({ read, accessList: () => undefined }, own, run) }
}
const done = () => Promise.resolve({ kind: 'ended', code: 0, said: '' } as const)
const reg = 'D:\\Windows\\System32\\reg.exe'
const key = 'HKLM\\SOFTWARE\\Wardkey\\Updates'

describe('around Windows Installer', () => {
  it('the mark is set before and taken away after, and what runs has its own file', async () => {
    const before = fs.statSync(join(scratch, 'agent/wardkey-session.exe')).ino
    const { asked, here } = bed(done)
    expect(await here.packages?.put('new.msi')).toBe('done')
    expect(asked).toEqual([
      `${reg} add ${key} /v by /d updates /f`,
      'D:\\Windows\\System32\\msiexec.exe /i "new.msi" /qn /norestart',
      `${reg} delete ${key} /f`,
    ])
    expect(fs.statSync(join(scratch, 'agent/wardkey-session.exe')).ino).not.toBe(before)
  })
  it('the mark is taken away where it did not even begin', async () => {
    const { asked, here } = bed(({ path }) =>
      path.endsWith('msiexec.exe') ? Promise.reject(new Error('gone')) : done(),
    )
    await expect(here.packages?.put('new.msi')).rejects.toThrow('gone')
    expect(asked.at(-1)).toBe(`${reg} delete ${key} /f`)
  })
  it('both halves of the way back have it', async () => {
    const { asked, here } = bed(done)
    await here.packages?.putBack('old.msi', 'new.msi', [])
    const short = asked.map((line) => line.replace(/^.*\\(reg|msiexec)\.exe (\S+).*$/, '$1 $2'))
    const each = (how: string) => ['reg add', `msiexec ${how}`, 'reg delete']
    expect(short).toEqual([...each('/x'), ...each('/i')])
  })
  it('what a power cut left is put right at the start, and nothing is installed', async () => {
    const session = join(scratch, 'agent/wardkey-session.exe')
    fs.renameSync(session, `${session}.wardkey-new`)
    const { asked, here } = bed(done)
    await here.mend()
    expect(asked).toEqual([`${reg} delete ${key} /f`])
    expect(fs.readFileSync(session, 'utf8')).toBe('session')
  })
  it('nothing is touched by looking, which others do beside it', async () => {
    const { asked, here } = bed(done)
    expect(await here.packages?.installed()).toBe('1.1.0')
    expect(asked).toEqual([])
  })
  it('a folder whose access list cannot be had is one that others can write', () => {
    expect(bed(done).here.whoElseWrites?.('C:\\Wardkey')).toContain('others than administrators')
  })
})
