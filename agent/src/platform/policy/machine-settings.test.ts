// What is said for a whole machine: with real files and real modes where the system has them, and
// through fakes of the same port where it has a registry or a property list.

import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseLayers } from '../settings.ts'
import type { ParsedSettings } from '../settings.ts'
import { readMachineSettings } from './machine-settings.ts'
import type { MachinePlaces } from './machine-settings.ts'
import { plutilJson } from './plutil.ts'
import { installerKey, policyKey } from './registry-layer.ts'
import type { RegistryValue, WindowsSystem } from './registry-layer.ts'

const uid = process.getuid?.() ?? 0
let folder: string
let places: MachinePlaces
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-machine-'))
  mkdirSync(join(folder, 'agent.d'), { mode: 0o755 })
  places = {
    platform: 'linux',
    file: undefined,
    policyFolder: join(folder, 'agent.d'),
    preferences: join(folder, 'managed.plist'),
    writers: { uid, gids: [process.getgid?.() ?? 0] },
    windows: () => Promise.reject(new Error('this is no Windows')),
    convertPlist: () => Promise.resolve(undefined),
  }
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function put(name: string, text: string, mode = 0o644): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

async function parsed(
  given: Record<string, unknown> = {},
  environment: Record<string, string> = {},
): Promise<ParsedSettings> {
  return parseLayers(await readMachineSettings(places), given, environment)
}

async function said(): Promise<string> {
  const result = await parsed()
  return result.kind === 'invalid' ? result.complaints.join('\n') : ''
}

describe.runIf(process.platform !== 'win32')('policy on Linux', () => {
  it('comes before everything, is locked, and says where it is', async () => {
    const path = put('agent.d/10-site.yaml', 'screen: { language: de }\nserviceDesk: "1"\n')
    places = { ...places, file: put('agent.yaml', 'serviceDesk: "2"\nlog: { level: warn }\n') }
    const read = await parsed({ serviceDesk: '3' }, { WARDKEY_AGENT_SCREEN_LANGUAGE: 'en' })
    expect(read).toMatchObject({
      kind: 'parsed',
      settings: { serviceDesk: '1', 'screen.language': 'de', 'log.level': 'warn' },
      origins: {
        serviceDesk: { kind: 'policy', place: path },
        'log.level': { kind: 'file' },
        dataDir: { kind: 'default' },
      },
    })
    expect(read.kind === 'parsed' && read.notes).toEqual([
      expect.stringMatching(/^screen\.language: is set by policy .* the environment says/),
      expect.stringMatching(/^serviceDesk: is set by policy .* the command line says/),
    ])
  })
  it('is the last of its files by name, and says that another was passed over', async () => {
    put('agent.d/10-site.yaml', 'serviceDesk: "1"\n')
    put('agent.d/20-ward.yaml', 'serviceDesk: "2"\n')
    put('agent.d/.hidden.yaml', 'serviceDesk: "3"\n')
    put('agent.d/30-old.yaml.bak', 'serviceDesk: "4"\n')
    const read = await parsed()
    expect(read).toMatchObject({ kind: 'parsed', settings: { serviceDesk: '2' } })
    expect(read.kind === 'parsed' && read.notes.join()).toContain('another policy file')
  })
  it('may know a setting that this release does not: it is said, and nobody is locked out', async () => {
    put('agent.d/a.yaml', 'tomorrow: 1\n')
    const read = await parsed()
    expect(read.kind === 'parsed' && read.notes.join()).toContain('tomorrow: there is no such')
  })
  it('is silent where there is none', async () => {
    rmSync(join(folder, 'agent.d'), { recursive: true })
    expect(await parsed()).toMatchObject({ kind: 'parsed', notes: [] })
  })
})

describe.runIf(process.platform !== 'win32')('refuses on Linux', () => {
  it.each([
    ['everybody can write', 0o666],
    ['everybody can write, though nobody reads', 0o622],
  ])('a policy file that %s', async (_what, mode) => {
    const path = put('agent.d/a.yaml', 'serviceDesk: "1"\n', mode)
    expect(await said()).toContain(`${path}: everybody can write it`)
  })
  it('a file of a group that is not the administrators’', async () => {
    put('agent.d/a.yaml', 'serviceDesk: "1"\n', 0o664)
    places = { ...places, writers: { uid, gids: [] } }
    expect(await said()).toContain('a group')
  })
  it('a machine file that everybody can write', async () => {
    places = { ...places, file: put('agent.yaml', 'serviceDesk: "1"\n', 0o646) }
    expect(await said()).toContain('everybody can write it')
  })
  it('a file in a folder that everybody can write, though the file is not', async () => {
    const path = put('agent.d/a.yaml', 'serviceDesk: "1"\n')
    chmodSync(join(folder, 'agent.d'), 0o777)
    const complaint = await said()
    expect(complaint).toContain('everybody can write it')
    expect(complaint).not.toContain(path)
  })
  it('an empty policy folder that everybody can write: its file may be gone already', async () => {
    chmodSync(join(folder, 'agent.d'), 0o777)
    expect(await said()).toContain('everybody can write it')
  })
  it('a name that leads to a file which everybody can write', async () => {
    symlinkSync(put('elsewhere.yaml', 'serviceDesk: "1"\n', 0o666), join(folder, 'agent.d/a.yaml'))
    expect(await said()).toContain('everybody can write it')
  })
  it('a name that leads nowhere, and a folder that is called like a file', async () => {
    symlinkSync('/does/not/exist', join(folder, 'agent.d/a.yaml'))
    expect(await said()).toContain('cannot be looked at')
    rmSync(join(folder, 'agent.d/a.yaml'))
    mkdirSync(join(folder, 'agent.d/b.yaml'))
    expect(await said()).toContain('is no file')
  })
  it.runIf(uid === 0)('a file of somebody who is not root', async () => {
    const path = put('agent.d/a.yaml', 'serviceDesk: "1"\n')
    chownSync(path, 65_534, 0)
    expect(await said()).toContain('belongs to a user who is not root')
  })
  it('what is wrong in a policy, with its place and without its value', async () => {
    const path = put('agent.d/a.yaml', 'log: { level: hunter2 }\n')
    const complaint = await said()
    expect(complaint).toContain('log.level')
    expect(complaint).toContain(path)
    expect(complaint).not.toContain('hunter2')
  })
  it('what is no YAML, without quoting it', async () => {
    put('agent.d/a.yaml', 'password: [hunter2\n')
    const complaint = await said()
    expect(complaint).toContain('is not YAML')
    expect(complaint).not.toContain('hunter2')
  })
})

describe('policy on Windows, through a registry that is played', () => {
  const administrators = 'O:BAG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;BU)'
  const text = (value: string): RegistryValue => ({
    kind: 1,
    data: Buffer.from(`${value}\0`, 'utf16le'),
  })
  const number = (value: number): RegistryValue => {
    const data = Buffer.alloc(4)
    data.writeUInt32LE(value)
    return { kind: 4, data }
  }
  function registry(
    keys: Record<string, Record<string, RegistryValue | 'unreadable'>>,
    accessList: string | undefined = administrators,
  ): WindowsSystem {
    return { read: (key, name) => keys[key]?.[name], accessList: () => accessList }
  }
  const on = (system: WindowsSystem, file?: string): void => {
    places = { ...places, platform: 'win32', file, windows: () => Promise.resolve(system) }
  }

  it('reads what a policy editor writes: words, numbers, lines', async () => {
    on(
      registry({
        [policyKey]: {
          'broker.addresses': text('a.example:8443, b.example:8443'),
          'readers.hid': number(0),
          'readers.debounceMs': number(900),
          'readers.wiegandFormats': { kind: 7, data: text('34=h10306\x0037=h10302\0').data },
          programs: text('{"viewer":{"path":"C:\\\\v.exe"}}'),
        },
        [installerKey]: { 'broker.addresses': text('c.example:1'), serviceDesk: text('4455') },
      }),
    )
    expect(await parsed({ 'readers.hid': 'true' })).toMatchObject({
      kind: 'parsed',
      settings: {
        'broker.addresses': ['a.example:8443', 'b.example:8443'],
        'readers.hid': false,
        'readers.debounceMs': 900,
        'readers.wiegandFormats': { 34: 'h10306', 37: 'h10302' },
        programs: { viewer: { path: 'C:\\v.exe' } },
        serviceDesk: '4455',
      },
      origins: {
        'readers.hid': { kind: 'policy', place: `HKLM\\${policyKey}` },
        serviceDesk: { kind: 'installer', place: `HKLM\\${installerKey}` },
      },
      notes: [expect.stringContaining('readers.hid: is set by policy')],
    })
  })
  it('takes an empty box for an empty list', async () => {
    on(registry({ [policyKey]: { 'broker.addresses': text(''), programs: text('') } }))
    expect(await parsed()).toMatchObject({
      kind: 'parsed',
      settings: { 'broker.addresses': [], programs: {} },
    })
  })
  it.each<[string, string, RegistryValue | 'unreadable']>([
    ['yes or no that is 2', 'readers.hid', number(2)],
    ['a number beyond the most', 'readers.debounceMs', number(10_001)],
    ['bytes', 'serviceDesk', { kind: 3, data: Buffer.from('x') }],
    ['a number cut short', 'readers.debounceMs', { kind: 4, data: Buffer.from('x') }],
    ['what could not be read', 'serviceDesk', 'unreadable'],
    ['a map that is no JSON', 'programs', text('{"a":')],
  ])('refuses/%s', async (_what, name, value) => {
    on(registry({ [policyKey]: { [name]: value } }))
    expect(await said()).toContain(name)
    expect(await said()).toContain('HKLM')
  })
  it('refuses a machine file that others can change, or of which nobody knows', async () => {
    const file = put('agent.yaml', 'serviceDesk: "1"\n')
    for (const list of ['O:BAG:SYD:AI(A;;FA;;;BU)', '', undefined]) {
      on({ read: () => undefined, accessList: () => list }, file)
      expect(await said()).toContain('others than administrators')
    }
    on(registry({}), file)
    expect(await parsed()).toMatchObject({ kind: 'parsed', settings: { serviceDesk: '1' } })
  })
})

describe.runIf(process.platform !== 'win32')(
  'policy on a Mac, through a plutil that is played',
  () => {
    const on = (json: string | undefined): void => {
      put('managed.plist', 'a property list')
      places = { ...places, platform: 'darwin', convertPlist: () => Promise.resolve(json) }
    }
    it('reads what a profile has put there, flat or nested, and not what it says of itself', async () => {
      const list = { 'broker.addresses': ['a:1'], screen: { language: 'de' }, 'readers.hid': 0 }
      on(JSON.stringify({ ...list, PayloadUUID: 'x', PayloadVersion: 1 }))
      expect(await parsed({ 'screen.language': 'en' })).toMatchObject({
        kind: 'parsed',
        settings: { 'broker.addresses': ['a:1'], 'screen.language': 'de', 'readers.hid': false },
        notes: [expect.stringContaining('screen.language: is set by policy')],
      })
    })
    it.each([undefined, '', '[]', '"x"', 'null', '{'])('refuses/%s in its place', async (json) => {
      on(json)
      expect(await said()).toContain('managed.plist: cannot be read')
    })
    it('refuses a list that everybody can write', async () => {
      on('{}')
      chmodSync(places.preferences, 0o666)
      expect(await said()).toContain('everybody can write it')
    })
    it('is silent where no profile is', async () => {
      places = { ...places, platform: 'darwin' }
      expect(await parsed()).toMatchObject({ kind: 'parsed', notes: [] })
    })
    it('has nothing where plutil fails, or is not there', async () => {
      expect(await plutilJson('/x', '/bin/false')).toBeUndefined()
      expect(await plutilJson('/x', '/does/not/exist')).toBeUndefined()
    })
    it.runIf(process.platform === 'darwin')('reads a real list by the real plutil', async () => {
      const path = put(
        'real.plist',
        '<plist version="1.0"><dict><key>a</key><true/></dict></plist>',
      )
      expect(JSON.parse((await plutilJson(path)) ?? '')).toEqual({ a: true })
    })
  },
)
