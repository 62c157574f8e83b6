// Windows Installer and installer(8) as they are called, and what their ends mean. Neither runs
// here: what is held is every word that they are given, and each answer of theirs.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { macosPackages } from './macos-packages.ts'
import type { Command, CommandEnd } from './run-command.ts'
import { windowsPackages } from './windows-packages.ts'

function answering(...ends: readonly (CommandEnd | number | string)[]) {
  const left = [...ends]
  const asked: string[] = []
  const run = (command: Command): Promise<CommandEnd> => {
    asked.push([command.path, ...command.words].join(' '))
    const next = left.shift()
    if (next === undefined) throw new Error(`not expected: ${command.path}`)
    if (typeof next === 'object') return Promise.resolve(next)
    const [code, said] = typeof next === 'number' ? [next, ''] : [0, next]
    return Promise.resolve({ kind: 'ended', code, said })
  }
  return { run, asked }
}

const registry: Readonly<Record<string, string>> = {
  'SOFTWARE\\Wardkey\\Machine version': '1.1.0',
  'SOFTWARE\\Wardkey\\Machine place': '4 West, "by the window"',
  'SOFTWARE\\Wardkey\\Agent broker.addresses': 'broker.example:8443',
}
const read = (key: string, name: string) => {
  const text = registry[`${key} ${name}`]
  return text === undefined ? undefined : { kind: 1, data: Buffer.from(`${text}\0`, 'utf16le') }
}
const msiexec = 'C:\\Windows\\System32\\msiexec.exe'
const windows = (...ends: readonly (CommandEnd | number)[]) => {
  const { run, asked } = answering(...ends)
  return { asked, packages: windowsPackages({ run, read, systemFolder: 'C:\\Windows\\System32' }) }
}

describe('Windows Installer', () => {
  const path = 'C:\\ProgramData\\Wardkey\\Updates\\kept\\new.msi'
  it('is given the package, quietly, and starts nothing anew by itself', async () => {
    const { asked, packages } = windows(0)
    expect(await packages.put(path)).toBe('done')
    expect(asked).toEqual([`${msiexec} /i "${path}" /qn /norestart`])
  })
  it.each<[CommandEnd | number, string]>([
    [0, 'done'],
    [3010, 'after-restart'],
    [1641, 'after-restart'],
    [1618, 'busy'],
    [1603, 'failed'],
    [1602, 'failed'],
    [-1, 'failed'],
    [{ kind: 'not-started' }, 'failed'],
    [{ kind: 'out-of-time' }, 'failed'],
  ])('ends with %o: %s', async (end, put) => {
    expect(await windows(end).packages.put(path)).toBe(put)
  })
  it('takes the newer one away first, and gives the older one what was set', async () => {
    const { asked, packages } = windows(0, 0)
    const keepsakes = await packages.keepsakes()
    expect(await packages.putBack('old.msi', 'new.msi', keepsakes)).toBe('done')
    const given = 'BROKERURL="broker.example:8443" PLACE="4 West, ""by the window"""'
    expect(asked).toEqual([
      `${msiexec} /x "new.msi" /qn /norestart KEEPIDENTITY=1`,
      `${msiexec} /i "old.msi" /qn /norestart ${given}`,
    ])
  })
  it('goes on with the way back where it was cut off between the two', async () => {
    const { asked, packages } = windows(1605, 0)
    expect(await packages.putBack('old.msi', 'new.msi', [])).toBe('done')
    expect(asked).toHaveLength(2)
  })
  it('puts nothing in where the newer one could not be taken away', async () => {
    expect(await windows(1618).packages.putBack('old.msi', 'new.msi', [])).toBe('busy')
    expect(await windows(1603).packages.putBack('old.msi', 'new.msi', [])).toBe('failed')
  })
  it('says that a restart is due where either of the two said so', async () => {
    expect(await windows(3010, 0).packages.putBack('old.msi', 'new.msi', [])).toBe('after-restart')
    expect(await windows(0, 3010).packages.putBack('old.msi', 'new.msi', [])).toBe('after-restart')
    expect(await windows(3010, 1603).packages.putBack('old.msi', 'new.msi', [])).toBe('failed')
  })
  it('is asked by the registry what is there', async () => {
    expect(await windows().packages.installed()).toBe('1.1.0')
  })
})

const scratch = mkdtempSync(join(tmpdir(), 'wardkey-installer-'))
const mark = join(scratch, 'by-updates')
afterAll(() => {
  rmSync(scratch, { recursive: true })
})
const macos = (...ends: readonly (CommandEnd | number | string)[]) => {
  const { run, asked } = answering(...ends)
  const marks: string[] = []
  const marked = (command: Command): Promise<CommandEnd> => {
    const isMarked = existsSync(mark)
    marks.push(`${command.path} ${isMarked ? readFileSync(mark, 'utf8').trim() : '-'}`)
    return run(command)
  }
  return { asked, marks, packages: macosPackages({ run: marked, target: 'darwin-arm64', mark }) }
}
const receipt = 'package-id: org.wardkey.agent\nversion: 1.2.0\nvolume: /\n'

describe('installer(8)', () => {
  it('is given the package for the whole machine', async () => {
    const { asked, packages } = macos(0)
    expect(await packages.put('/new.pkg')).toBe('done')
    expect(asked).toEqual(['/usr/sbin/installer -pkg /new.pkg -target /'])
    expect(await macos(1).packages.put('/new.pkg')).toBe('failed')
    expect(await macos({ kind: 'out-of-time' }).packages.put('/new.pkg')).toBe('failed')
  })
  it('tells the package’s scripts who installs it, and nobody afterwards', async () => {
    const { marks, packages } = macos(0)
    await packages.put('/new.pkg')
    const back = macos(receipt, 0, 1)
    await back.packages.putBack('/old.pkg', '/new.pkg', [])
    const own = `/usr/sbin/installer ${String(process.pid)}`
    expect([...marks, ...back.marks]).toEqual([
      ...[own, '/usr/sbin/pkgutil -', '/usr/sbin/pkgutil -', own],
    ])
    expect(existsSync(mark)).toBe(false)
  })
  it('is asked by the receipt what is there', async () => {
    expect(await macos(receipt).packages.installed()).toBe('1.2.0')
    expect(await macos(1).packages.installed()).toBeUndefined()
    expect(await macos('version: newest\n').packages.installed()).toBeUndefined()
  })
  it('forgets the receipt first on the way back', async () => {
    const { asked, packages } = macos(receipt, 0, 0)
    expect(await packages.putBack('/old.pkg', '/new.pkg', [])).toBe('done')
    expect(asked.slice(1)).toEqual([
      '/usr/sbin/pkgutil --forget org.wardkey.agent',
      '/usr/sbin/installer -pkg /old.pkg -target /',
    ])
  })
  it('goes on with the way back where it was forgotten already', async () => {
    const { asked, packages } = macos(1, 0)
    expect(await packages.putBack('/old.pkg', '/new.pkg', [])).toBe('done')
    expect(asked).toHaveLength(2)
  })
  it('does not go on where it cannot be forgotten', async () => {
    expect(await macos(receipt, 1).packages.putBack('/old.pkg', '/new.pkg', [])).toBe('failed')
  })
})
