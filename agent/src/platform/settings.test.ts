// The agent's settings: where each comes from, and every complaint there is to make.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findSettingsFile, parseSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { settingsTable } from './settings-table.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-settings-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function file(text: string): string {
  const path = join(folder, 'agent.yaml')
  writeFileSync(path, text)
  return path
}

function parsed(
  text = '',
  given: Record<string, unknown> = {},
  environment: Record<string, string> = {},
): Settings {
  const result = parseSettings(file(text), given, environment)
  if (result.kind === 'invalid') throw new Error(result.complaints.join('; '))
  return result.settings
}

function complaints(
  text: string,
  given: Record<string, unknown> = {},
  environment: Record<string, string> = {},
): readonly string[] {
  const result = parseSettings(file(text), given, environment)
  return result.kind === 'invalid' ? result.complaints : []
}

describe('settings', () => {
  it('have a default each, and none that is dangerous', () => {
    expect(parseSettings(undefined, {}, {})).toMatchObject({
      kind: 'parsed',
      settings: {
        'identity.store': 'keyring',
        'browser.unsafeNoSandbox': false,
        'browser.headless': false,
        'readers.pcsc': true,
        programs: {},
        // Nothing is ever updated by itself where nobody said whose releases are believed.
        'updates.releaseKey': '',
      },
    })
  })
  it('come from the command line before the environment, the file and the default', () => {
    const text = 'serviceDesk: "1"\nreaders:\n  debounceMs: 300\nscreen: { language: de }\n'
    const environment = {
      WARDKEY_AGENT_SERVICE_DESK: '2',
      WARDKEY_AGENT_READERS_DEBOUNCE_MS: '400',
    }
    const settings = parsed(text, { serviceDesk: '3' }, environment)
    expect(settings.serviceDesk).toBe('3')
    expect(settings['readers.debounceMs']).toBe(400)
    expect(settings['screen.language']).toBe('de')
    expect(settings['log.level']).toBe('info')
  })
  it('may be nested or flat in the file', () => {
    expect(parsed('broker.serverName: a')['broker.serverName']).toBe('a')
  })
  it('take lists and maps as text where only text fits', () => {
    const environment = {
      WARDKEY_AGENT_BROKER_ADDRESSES: 'a:1, [::1]:2',
      WARDKEY_AGENT_READERS_WIEGAND_FORMATS: '34=h10306, 37=h10304',
    }
    const settings = parsed('', {}, environment)
    expect(settings['broker.addresses']).toEqual(['a:1', '[::1]:2'])
    expect(settings['readers.wiegandFormats']).toEqual({ 34: 'h10306', 37: 'h10304' })
  })
  it('name presence sensors by vendor and product', () => {
    const text = 'presence:\n  keyboards: { "0c27:3bfa": "away:gui+l/near:f24" }\n'
    const environment = { WARDKEY_AGENT_PRESENCE_HID_DESCRIPTORS: '0bf8:101a=05200911a1000ab1' }
    const settings = parsed(text, {}, environment)
    expect(settings['presence.hid']).toBe(true)
    expect(settings['presence.keyboards']).toEqual({ '0c27:3bfa': 'away:gui+l/near:f24' })
    expect(settings['presence.hidDescriptors']).toEqual({ '0bf8:101a': '05200911a1000ab1' })
  })
  it('are frozen', () => {
    expect(Object.isFrozen(parsed())).toBe(true)
  })
  it('name each program that may be started, whole', () => {
    const settings = parsed(
      'programs:\n  viewer:\n    path: /opt/v\n    arguments: ["-p", "{mrn}"]\n',
    )
    expect(settings.programs['viewer']).toEqual({
      path: '/opt/v',
      arguments: ['-p', '{mrn}'],
      placeholders: [],
    })
  })
  it('each have a sentence, and an environment variable of their own', () => {
    const names = settingsTable.map(({ env }) => env)
    expect(new Set(names).size).toBe(names.length)
    for (const { sentence, key } of settingsTable) expect(sentence, key).toMatch(/[.]$/)
  })
})

describe('refuses', () => {
  it('everything that is wrong at once', () => {
    const text = 'identity: { store: cloud }\nscreen: { port: 99999 }\nbogus: 1\n'
    const said = complaints(text, { 'log.level': 'loud' }).join('\n')
    for (const key of ['identity.store', 'screen.port', 'bogus', 'log.level']) {
      expect(said).toContain(key)
    }
  })
  it.each(['broker.example', 'https://a:1', 'a:0', 'a:65536', 'a:1/x', 'a b:1'])(
    'the address %s',
    (address) => {
      expect(complaints('', { 'broker.addresses': [address] })).not.toEqual([])
    },
  )
  it('a file that is not there, not YAML, or not a map', () => {
    expect(parseSettings(join(folder, 'none.yaml'), {}, {})).toMatchObject({ kind: 'invalid' })
    expect(complaints('a: [')).not.toEqual([])
    expect(complaints('- a')).not.toEqual([])
    expect(complaints('just text')).not.toEqual([])
  })
  it('a file whose aliases would fill the memory', () => {
    expect(complaints('a: &a [x]\nb: [*a, *a]\n').join()).not.toEqual('')
  })
  it('a program without a path, with words too many, or of an odd name', () => {
    expect(complaints('programs: { a: {} }').join()).toContain('programs.a.path')
    expect(complaints('programs: { a: { path: x, shell: true } }')).not.toEqual([])
    expect(complaints('programs: { "../a": { path: x } }')).not.toEqual([])
  })
  it.each(['short', 'a'.repeat(44), `${'a'.repeat(42)}=`])('no release key: %s', (key) => {
    expect(complaints(`updates: { releaseKey: "${key}" }`)).toEqual([
      expect.stringMatching(/^updates\.releaseKey: write the key as release-manifest prints it/),
    ])
  })
  it('a number of bits, or a format, that there is not', () => {
    expect(complaints('readers: { wiegandFormats: { 34: h99999 } }')).not.toEqual([])
    expect(complaints('readers: { wiegandFormats: { many: h10306 } }')).not.toEqual([])
  })
  it.each([
    ['keyboards', '0c27:3bfa', 'away'],
    ['keyboards', '0c27:3bfa', 'away:f25'],
    ['keyboards', '0c27:3bfa', 'away:f0'],
    ['keyboards', '0c27:3bfa', 'away:hyper+l'],
    ['keyboards', '0c27:3bfa', 'away:f23/away:f24'],
    ['keyboards', '0c27:3bfa', 'near:f23/gone:f24'],
    ['keyboards', '0C27:3BFA', 'away:f23'],
    ['keyboards', '3bfa', 'away:f23'],
    ['hidDescriptors', '0bf8:101a', '0520'],
    ['hidDescriptors', '0bf8:101a', '05200911a1000ab1x'],
    ['hidDescriptors', '0bf8', '05200911a1000ab1'],
  ])('of presence.%s that %s is %s', (key, device, value) => {
    const text = `presence: { ${key}: { "${device}": "${value}" } }`
    expect(complaints(text).join()).toContain(`presence.${key}`)
  })
  it('to repeat a value in a complaint', () => {
    const said = complaints('', { 'log.level': 'hunter2', 'browser.headless': 'hunter2' }).join()
    expect(said).not.toContain('hunter2')
    expect(said).not.toEqual('')
  })
})

it('looks for its file where the system has such files', () => {
  expect(findSettingsFile('linux', () => true)).toBe('/etc/wardkey/agent.yaml')
  expect(findSettingsFile('win32', () => true)).toContain('ProgramData')
  expect(findSettingsFile('linux', () => false)).toBeUndefined()
  expect(findSettingsFile('plan9', () => true)).toBeUndefined()
})
