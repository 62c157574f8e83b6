// The commands as somebody types them: what is answered, on which stream, and with which exit code.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../platform/clock.ts'
import { Fault } from '../../platform/fault.ts'
import { parseSettings } from '../../platform/settings.ts'
import type { Settings } from '../../platform/settings.ts'
import { aliveEveryMs, openStatusFile, readStatus } from '../status-file.ts'
import type { AgentStatus } from '../status-file.ts'
import { runCommandLine } from './command-line.ts'
import type { Commands, CommonOptions } from './command-line.ts'
import { enrolCommand } from './enrol-command.ts'
import type { EnrolOptions } from './enrol-command.ts'
import { exitCodes } from './exit-codes.ts'
import type { Output } from './output.ts'
import { readersCommand } from './readers-command.ts'
import { statusCommand } from './status-command.ts'

let answers: string[]
let says: string[]
let called: unknown[]
let output: Output
let folder: string
beforeEach(() => {
  answers = []
  says = []
  called = []
  output = { answer: (text) => answers.push(text), say: (text) => says.push(text) }
  folder = mkdtempSync(join(tmpdir(), 'wardkey-commands-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const note = (...what: unknown[]) => {
  called.push(what)
  return Promise.resolve(exitCodes.ok)
}
const commands: Commands = {
  enroll: (common: CommonOptions, options: EnrolOptions) => note('enroll', common.set, options),
  run: (common, isForTests) => note('run', common.set, isForTests),
  tryOut: (common, isForTests) => note('try-out', common.settings, isForTests),
  status: (common, isJson) => note('status', common.settings, isJson),
  readers: (_common, isJson) => note('readers', isJson),
  settings: (common, isJson) => note('settings', common.set, isJson),
  doctor: (_common, { json, bundle, log, page }) =>
    note('doctor', json, bundle, log, ...(page ?? [])),
  duties: (_common, isBySystem) => note('duties', isBySystem),
  installUpdates: (_common, { keep, fromCopy, bySystem, host }) =>
    note('install-updates', keep, fromCopy, bySystem, host),
  keyOpens: (common) => note('key-opens', common.settings),
}
const unset = [undefined, undefined, undefined]
const type = (line: string) =>
  runCommandLine(line === '' ? [] : line.split(' '), '0.1.0', commands, output)

describe('the command line', () => {
  it.each([
    ['run --set log.level=warn --set a=b=c', ['run', { 'log.level': 'warn', a: 'b=c' }, false]],
    ['run --unsafe-for-tests', ['run', {}, true]],
    ['status --json --settings x.yaml', ['status', 'x.yaml', true]],
    ['try-out --settings x.yaml', ['try-out', 'x.yaml', false]],
    ['readers', ['readers', false]],
    ['doctor --bundle b.json --log -', ['doctor', undefined, 'b.json', '-']],
    ['doctor --page https://a --page http://b:1', ['doctor', ...unset, 'https://a', 'http://b:1']],
    ['install-updates --keep x.deb', ['install-updates', 'x.deb', ...unset]],
    ['install-updates --from-copy', ['install-updates', undefined, true, undefined, undefined]],
    ['install-updates --by-system', ['install-updates', undefined, undefined, true, undefined]],
    ['install-updates --host a', ['install-updates', ...unset, 'a']],
    ['key-opens --settings x.yaml', ['key-opens', 'x.yaml']],
    ['settings --json --set log.level=warn', ['settings', { 'log.level': 'warn' }, true]],
  ])('understands %s', async (line, expected) => {
    expect(await type(line)).toBe(exitCodes.ok)
    expect(called).toEqual([expected])
  })
  it('takes the broker of enroll for a setting', async () => {
    await type('enroll --place here --broker a:1 --token-file - --ca-sha256 ab')
    expect(called[0]).toMatchObject([
      'enroll',
      { 'broker.addresses': 'a:1' },
      { place: 'here', tokenFile: '-', caSha256: 'ab' },
    ])
  })
  it('helps, and says how every command ends', async () => {
    expect(await type('enroll --help')).toBe(exitCodes.ok)
    const help = answers.join('\n')
    for (const code of Object.values(exitCodes)) expect(help).toContain(` ${String(code)}  `)
    expect(help).not.toContain('unsafe')
    expect(called).toEqual([])
  })
  it.each(['run --fast', 'enrol', 'enroll', 'run --set x', 'status extra', ''])(
    'refuses/"%s"',
    async (line) => {
      expect(await type(line)).toBe(exitCodes.usage)
      expect(called).toEqual([])
      expect(says.join('')).not.toBe('')
    },
  )
})

const well: AgentStatus = {
  version: 1,
  agentVersion: '0.1.0',
  startedMs: 0,
  atMs: 1000,
  isLocked: true,
  place: '4 West, station 2',
  reader: 'ready',
  link: 'up',
  browser: 'ready',
}

describe('status', () => {
  it('is read back as it was written, and not when it is old', () => {
    const file = openStatusFile(folder)
    file.write(well)
    expect(readStatus(folder, 2000)).toEqual(well)
    expect(readStatus(folder, 1000 + aliveEveryMs * 3)).toBeUndefined()
    file.remove()
    expect(readStatus(folder, 2000)).toBeUndefined()
  })
  it.each(['', '{', '[]', '{"version":2}', JSON.stringify({ ...well, session: 'x' })])(
    'refuses/a file that holds %s',
    (text) => {
      writeFileSync(join(folder, 'status.json'), text)
      expect(readStatus(folder, 2000)).toBeUndefined()
    },
  )
  it('is well, in trouble, or not there, and its exit code says which', () => {
    expect(statusCommand(well, false, output)).toBe(exitCodes.ok)
    expect(statusCommand({ ...well, reader: 'unplugged' }, false, output)).toBe(exitCodes.trouble)
    expect(statusCommand({ ...well, link: 'down' }, false, output)).toBe(exitCodes.trouble)
    expect(statusCommand(undefined, false, output)).toBe(exitCodes.notRunning)
    expect(answers.join('\n')).toContain('unplugged: plug it in again')
  })
  it('says of each sensor what is to be made of it', () => {
    statusCommand(well, false, output)
    expect(answers.join('\n')).not.toContain('Sensor')
    const sensors = [
      { name: 'Presence Sensor', says: 'near' },
      { name: 'Sonar', says: 'unsteady' },
      { name: 'Hub', says: 'withheld' },
    ] as const
    expect(statusCommand({ ...well, sensors: [...sensors] }, false, output)).toBe(exitCodes.ok)
    expect(answers).toContain('Sensor   Presence Sensor sees somebody')
    expect(answers.join('\n')).toContain('Sonar changes its mind too often to be believed')
    expect(answers.join('\n')).toContain('Hub is kept by the system’s own driver')
  })
  it('is one JSON object for programs', () => {
    statusCommand(well, true, output)
    statusCommand(undefined, true, output)
    expect(answers.map((text) => JSON.parse(text) as unknown)).toEqual([
      { isRunning: true, ...well },
      { isRunning: false },
    ])
  })
})

describe('readers', () => {
  const reader = {
    readerId: 'r',
    readerName: 'OMNIKEY 5427',
    technology: 'pcsc',
    cardThere: true,
  } as const
  it('lists them, and says where a card lies', () => {
    const sources = [{ kind: 'pcsc', down: undefined, readers: [reader] }] as const
    expect(readersCommand(sources, false, output)).toBe(exitCodes.ok)
    expect(answers.join()).toContain('OMNIKEY 5427')
  })
  it('says why there is none', () => {
    const sources = [{ kind: 'pcsc', down: 'service-stopped', readers: [] }] as const
    expect(readersCommand(sources, false, output)).toBe(exitCodes.noReader)
    expect(says.join()).toContain('its service does not run')
    readersCommand(sources, true, output)
    expect(JSON.parse(answers.at(-1) ?? '')).toMatchObject({
      sources: [{ kind: 'pcsc', down: 'service-stopped' }],
    })
  })
})

describe('enroll refuses', () => {
  const store = { find: () => undefined, keep: () => undefined, prove: () => undefined }
  const settingsFor = (addresses: string): Settings => {
    const parsed = parseSettings(undefined, addresses ? { 'broker.addresses': addresses } : {}, {})
    if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join())
    return parsed.settings
  }
  const machine = { clock: systemClock, hardware: () => Promise.resolve(undefined) }
  const whole: EnrolOptions = { place: 'here', token: 'wke_x', caSha256: 'ab' }
  const { token: _token, ...noToken } = whole
  const { caSha256: _pin, ...noPin } = whole
  it.each<[string, EnrolOptions, string]>([
    ['without a token', noToken, 'a:1'],
    ['with two', { ...whole, tokenFile: '-' }, 'a:1'],
    ['with one while it is to ask without', { ...whole, ask: true }, 'a:1'],
    ['without knowing the broker', noPin, 'a:1'],
    ['with two ways to know it', { ...whole, caFile: 'x' }, 'a:1'],
    ['with a file that is not there', { ...noPin, caFile: '/does/not/exist' }, 'a:1'],
    ['without a broker', whole, ''],
  ])('%s', async (_what, options, addresses) => {
    const needs = { settings: settingsFor(addresses), store, output, ...machine }
    expect(await enrolCommand(options, needs)).toBe(exitCodes.usage)
    expect(says.join()).not.toContain('wke_x')
  })
  it('where the key could not be kept, before the token is spent', async () => {
    const fault = new Fault('keyring-unavailable', 'permanent')
    const prove = (): never => {
      throw fault
    }
    // Nobody listens there: had it asked, it would have said so.
    const needs = {
      settings: settingsFor('127.0.0.1:1'),
      store: { ...store, prove },
      output,
      ...machine,
    }
    await expect(enrolCommand(whole, needs)).rejects.toBe(fault)
    expect(says).toEqual([])
  })
  it('what is enrolled already, before it asks anybody', async () => {
    const identity = {
      workstationId: 'w',
      certificatePem: 'c',
      caPem: 'c',
      notAfterMs: 1,
      keyPem: 'k',
    }
    const settings = settingsFor('a:1')
    const needs = { settings, store: { ...store, find: () => identity }, output, ...machine }
    expect(await enrolCommand(whole, needs)).toBe(exitCodes.usage)
  })
})
