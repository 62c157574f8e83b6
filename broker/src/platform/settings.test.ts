// Settings: what is accepted, and that everything wrong is said at once, with its line and without
// its value.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { schemas } from './settings-schemas.ts'
import { environmentName } from './setting-rows/setting-row.ts'
import { settingsTable } from './settings-table.ts'
import { parseSettings } from './settings.ts'

const zoneRules = z.strictObject({ roles: z.array(z.string()).optional() })
const secret = 's'.repeat(32)
const client = {
  clientId: 'ehr',
  name: 'Larkfield Chart',
  secret,
  redirectUris: ['https://ehr.example/callback'],
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-settings-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function parseText(text: string, environment: Record<string, string> = {}) {
  const file = join(folder, 'wardkey.yaml')
  writeFileSync(file, text)
  return parseSettings({ file, environment }, zoneRules)
}

function complaintsOf(text: string, environment: Record<string, string> = {}): readonly string[] {
  const parsed = parseText(text, environment)
  if (parsed.kind === 'parsed') throw new Error('it parsed')
  return parsed.complaints.map((line) => line.replace(`${folder}/`, ''))
}

function given(values: Record<string, unknown>) {
  return parseSettings({ given: values, environment: {} }, zoneRules)
}

const account = {
  'account.issuer': 'https://id.hospital.example',
  'account.clientId': 'wardkey',
  'account.secret': secret,
  'account.acr': 'mfa',
  'account.groups': 'staff,agency',
}

describe('settings', () => {
  it('name the hospital’s own sign-in, its secret in a file of its own', () => {
    const path = join(folder, 'account.secret')
    writeFileSync(path, `${secret}\n`, { mode: 0o600 })
    const { 'account.secret': _secret, ...rest } = account
    const parsed = given({ ...rest, 'account.secretFile': path })
    expect(parsed).toMatchObject({
      settings: { 'account.secret': secret, 'account.groups': ['staff', 'agency'] },
    })
  })
  it('need nothing: every one has a default', () => {
    expect(given({})).toMatchObject({
      kind: 'parsed',
      settings: { 'store.kind': 'sqlite', 'pin.digits': 8, 'web.host': '127.0.0.1' },
    })
  })
  it('take the command line before the environment before the file', () => {
    const file = join(folder, 'wardkey.yaml')
    writeFileSync(file, 'web:\n  port: 1\nadmin:\n  port: 2\nworkstations:\n  port: 3\n')
    const environment = { WARDKEY_WEB_PORT: '11', WARDKEY_ADMIN_PORT: '12' }
    const parsed = parseSettings({ file, environment, given: { 'web.port': 21 } }, zoneRules)
    expect(parsed).toMatchObject({
      settings: { 'web.port': 21, 'admin.port': 12, 'workstations.port': 3 },
    })
  })
  it('take lists from the environment, separated by commas', () => {
    const parsed = parseText('', { WARDKEY_WORKSTATIONS_NAMES: 'a.example, 10.0.0.1' })
    expect(parsed).toMatchObject({ settings: { 'workstations.names': ['a.example', '10.0.0.1'] } })
  })
  it('take an empty variable as one that is not set', () => {
    expect(parseText('', { WARDKEY_WEB_PORT: '' })).toMatchObject({
      settings: { 'web.port': 8480 },
    })
  })
  it('count relative folders from the file', () => {
    expect(parseText('dataDir: data\nkeysDir: keys\n')).toMatchObject({
      settings: { dataDir: join(folder, 'data'), keysDir: join(folder, 'keys') },
    })
  })
  it('read a client’s secret from its own file', () => {
    writeFileSync(join(folder, 'secret'), `${secret}\n`, { mode: 0o600 })
    const { secret: _secret, ...rest } = client
    const yaml = JSON.stringify({ oidc: { clients: [{ ...rest, secretFile: 'secret' }] } })
    expect(parseText(yaml)).toMatchObject({ settings: { 'oidc.clients': [{ secret }] } })
  })
  it('are frozen to the bottom', () => {
    const parsed = given({ 'oidc.clients': [client] })
    if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join())
    expect(Object.isFrozen(parsed.settings)).toBe(true)
    expect(Object.isFrozen(parsed.settings['oidc.clients'][0]?.redirectUris)).toBe(true)
  })
})

describe('complaints', () => {
  it('come all together, each with its line', () => {
    expect(
      complaintsOf('web:\n  port: 99999\n  colour: red\nlog:\n  level: loud\nstore: {}\nwhat: 1\n'),
    ).toEqual([
      expect.stringMatching(/^wardkey\.yaml:2: web\.port: /),
      expect.stringMatching(/^wardkey\.yaml:5: log\.level: /),
      'wardkey.yaml:3: web.colour: there is no such setting',
      'wardkey.yaml:7: what: there is no such setting',
    ])
  })
  it('name the line inside of a list', () => {
    const yaml =
      'zones:\n  - id: a\n    kind: ward\n    label: A\n  - id: b\n    kind: 7\n    label: B\n'
    expect(complaintsOf(yaml)).toEqual([
      expect.stringMatching(/^wardkey\.yaml:6: zones\[1\]\.kind: /),
    ])
  })
  it('name the parent’s line for what is missing', () => {
    expect(complaintsOf('zones:\n  - id: a\n    kind: ward\n')).toEqual([
      expect.stringMatching(/^wardkey\.yaml:2: zones\[0\]\.label: /),
    ])
  })
  it('name a zone’s rule that the policy does not know', () => {
    const yaml = 'zones:\n  - id: a\n    kind: ward\n    label: A\n    rules:\n      speed: 3\n'
    expect(complaintsOf(yaml)).toEqual([
      expect.stringMatching(/^wardkey\.yaml:5: zones\[0\]\.rules: .*speed/),
    ])
  })
  it('name the variable that is wrong', () => {
    expect(complaintsOf('', { WARDKEY_WEB_PORT: 'eighty' })).toEqual([
      expect.stringMatching(/^WARDKEY_WEB_PORT: web\.port: /),
    ])
  })
  it('say where YAML is none', () => {
    expect(complaintsOf('a: 1\nb: [1\n')).toEqual([expect.stringMatching(/^wardkey\.yaml:\d: not/)])
    expect(complaintsOf('a: 1\na: 2\n')).toEqual([expect.stringMatching(/:2: not YAML/)])
    expect(complaintsOf('a: &x [1]\nb: *x\n')).toEqual([expect.stringContaining('aliases')])
    expect(complaintsOf('- a\n')).toEqual([expect.stringContaining('has to be a map')])
  })
  it('say that a file is not there', () => {
    const parsed = parseSettings({ file: join(folder, 'none.yaml'), environment: {} }, zoneRules)
    expect(parsed).toMatchObject({ complaints: [expect.stringContaining('no such file')] })
  })
  it('never show a value', () => {
    const yaml = `masterKey: hush-1\nstore:\n  kind: hush-2\n  postgresUrl: hush-3\noidc:\n  clients:\n    - clientId: "hush 4"\n      secret: hush-5\n`
    const all = complaintsOf(yaml, { WARDKEY_MASTER_KEY: 'hush-6' }).join('\n')
    expect(all).toMatch(/masterKey/)
    expect(all).not.toMatch(/hush/)
  })
})

describe('refuses', () => {
  it.each([
    ['keys inside of the data', { dataDir: '/d', keysDir: '/d/keys' }, 'keysDir'],
    ['keys where the data is', { dataDir: '/d', keysDir: '/d/' }, 'keysDir'],
    ['data inside of the keys', { dataDir: '/k/d', keysDir: '/k' }, 'keysDir'],
    ['a program without its path', { 'keys.masterCommand': ['pkcs11-tool'] }, 'keys.masterCommand'],
    [
      'two master keys',
      { 'keys.masterCommand': ['/bin/unwrap'], masterKey: 'A'.repeat(43) },
      'keys.masterCommand',
    ],
    ['PostgreSQL without an address', { 'store.kind': 'postgres' }, 'store.postgresUrl'],
    ['a certificate without its key', { 'web.tlsCertFile': '/c.pem' }, 'web.tlsCertFile'],
    ['plain HTTP off loopback', { 'web.host': '0.0.0.0' }, 'web.host'],
    ['plain HTTP on every address', { 'web.host': '::' }, 'web.host'],
    ['plain administration off loopback', { 'admin.host': '10.0.0.1' }, 'admin.host'],
    ['a plain public address', { 'web.publicUrl': 'http://ehr.example' }, 'web.publicUrl'],
    ['a public address with a path', { 'web.publicUrl': 'https://a.example/x' }, 'web.publicUrl'],
    ['credentials in an address', { 'web.publicUrl': 'https://u@a.example' }, 'web.publicUrl'],
    [
      'every address without a name for it',
      { 'web.host': '0.0.0.0', 'web.tlsCertFile': '/c', 'web.tlsKeyFile': '/k' },
      'web.publicUrl',
    ],
    ['a PIN of five digits', { 'pin.digits': 5 }, 'pin.digits'],
    ['a number that is none', { 'web.port': true }, 'web.port'],
    ['a grace that never counts', { 'grace.rollingMs': 86_400_000 }, 'grace.rollingMs'],
    ['a range that is none', { 'oidc.privateAddresses': ['10.0.0.0/33'] }, 'oidc.private'],
    ['a host that is none', { 'oidc.privateAddresses': ['http://a'] }, 'oidc.private'],
    ['a short client secret', { 'oidc.clients': [{ ...client, secret: 'x' }] }, 'oidc.clients[0]'],
    [
      'a client with two secrets',
      { 'oidc.clients': [{ ...client, secretFile: 'x' }] },
      'oidc.clients[0].secret',
    ],
    ['a client that is there twice', { 'oidc.clients': [client, client] }, 'oidc.clients[1]'],
    ['a name that a signed note cannot have', { 'record.origin': 'a+b' }, 'record.origin'],
    ['a sign-in without how', { ...account, 'account.acr': [] }, 'account.acr'],
    ['a sign-in for every group', { ...account, 'account.groups': '' }, 'account.groups'],
    ['a sign-in without our name', { ...account, 'account.clientId': '' }, 'account.clientId'],
    ['a sign-in without a secret', { ...account, 'account.secret': '' }, 'account.secret'],
    ['a sign-in with two secrets', { ...account, 'account.secretFile': '/s' }, 'account.secret'],
    ['groups without a sign-in', { 'account.groups': 'staff' }, 'account.groups'],
    ['a secret without a sign-in', { 'account.secret': secret }, 'account.secret'],
    [
      'a plain sign-in off loopback',
      { ...account, 'account.issuer': 'http://id.example' },
      'account.issuer',
    ],
    [
      'credentials in a sign-in’s address',
      { ...account, 'account.issuer': 'https://u@id.example' },
      'account.issuer',
    ],
    [
      'a plain page of a sign-in',
      { ...account, 'account.origins': 'http://login.example' },
      'account.origins[0]',
    ],
    ['a role in the console without a sign-in', { 'console.it': 'it' }, 'console.it'],
    [
      'a console at an address that is none',
      {
        ...account,
        'web.tlsCertFile': '/c',
        'web.tlsKeyFile': '/k',
        'console.it': 'it',
        'admin.host': '0.0.0.0',
      },
      'admin.publicUrl',
    ],
    ['a console under a path', { 'admin.publicUrl': 'https://a.example/b' }, 'admin.publicUrl'],
    ['a plain console', { 'admin.publicUrl': 'http://a.example' }, 'admin.publicUrl'],
    ['people by their mail', { ...account, 'account.claim': 'email' }, 'account.claim'],
    ['a scope without openid', { ...account, 'account.scope': 'profile' }, 'account.scope'],
    [
      'a zone that is there twice',
      { zones: [1, 2].map(() => ({ id: 'a', kind: 'ward', label: 'A' })) },
      'zones[1].id',
    ],
  ])('%s', (_what, values, place) => {
    const parsed = given(values)
    expect(parsed).toMatchObject({ kind: 'invalid' })
    expect(parsed.kind === 'invalid' && parsed.complaints.join('\n')).toContain(place)
  })
  it('a witness that would go back with the data, is named twice, or is asked in the open', () => {
    const key = `second.example/witness+0123abcd+${'A'.repeat(44)}`
    const shelf = { name: 'shelf', folder: '/mnt/shelf/wardkey' }
    const site = { name: 'second-site', url: 'https://broker.second.example/witness', key }
    const dataDir = '/srv/data'
    const witnessed = (...witnesses: object[]) => given({ dataDir, 'record.witnesses': witnesses })
    expect(witnessed(shelf, site)).toMatchObject({ kind: 'parsed' })
    expect(witnessed(shelf, { ...site, url: 'http://127.0.0.1:8480/witness' }).kind).toBe('parsed')
    const wrong: [object[], string][] = [
      [[{ ...shelf, folder: '/srv/data/shelf' }], 'record.witnesses[0].folder'],
      [[{ ...shelf, folder: '/srv' }], 'record.witnesses[0].folder'],
      [[{ ...shelf, folder: 'shelf' }], 'record.witnesses[0]'],
      [[{ ...site, url: 'http://broker.second.example/witness' }], 'record.witnesses[0].url'],
      [[{ ...site, key: 'none' }], 'record.witnesses[0]'],
      [[{ ...site, folder: '/mnt/shelf' }], 'record.witnesses[0]'],
      [[shelf, { ...site, name: 'shelf' }], 'record.witnesses[1].name'],
    ]
    for (const [witnesses, place] of wrong) {
      expect(witnessed(...witnesses)).toMatchObject({
        complaints: expect.arrayContaining([expect.stringContaining(place)]) as unknown,
      })
    }
    expect(given({ 'record.witnessFor': [key] }).kind).toBe('parsed')
    expect(given({ 'record.witnessFor': ['none'] }).kind).toBe('invalid')
  })
  it('a secret file that everybody can read', () => {
    const path = join(folder, 'secret')
    writeFileSync(path, secret)
    chmodSync(path, 0o644)
    const { secret: _secret, ...rest } = client
    const parsed = given({ 'oidc.clients': [{ ...rest, secretFile: path }] })
    expect(parsed).toMatchObject({ complaints: [expect.stringContaining('secretFile')] })
  })
  it('a master key in the file, even a good one', () => {
    const yaml = `masterKey: ${Buffer.alloc(32, 1).toString('base64url')}\n`
    expect(complaintsOf(yaml)).toEqual([expect.stringContaining('WARDKEY_MASTER_KEY')])
  })
  it('without falling over, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (text) => {
        const parsed = parseText(text)
        return parsed.kind === 'parsed' || parsed.complaints.length > 0
      }),
      { numRuns: 300 },
    )
  })
})

describe('the table', () => {
  const top = settingsTable.filter(({ key }) => !key.includes('['))
  it('has a row for each setting, and none besides', () => {
    expect(top.map(({ key }) => key).sort()).toEqual(Object.keys(schemas).sort())
  })
  it('says the defaults that are', () => {
    for (const { key, defaultText } of top) {
      const value: unknown = schemas[key as keyof typeof schemas].parse(undefined)
      if (defaultText.startsWith('(')) continue
      expect([key, Array.isArray(value) ? value.join(', ') : String(value)]).toEqual([
        key,
        defaultText,
      ])
    }
  })
  it('names each variable once', () => {
    const names = settingsTable.flatMap(({ env }) => (env === undefined ? [] : [env]))
    expect(new Set(names).size).toBe(names.length)
    expect(environmentName('web.publicUrl')).toBe('WARDKEY_WEB_PUBLIC_URL')
  })
  it('marks what is secret', () => {
    expect(settingsTable.filter((row) => row.secret).map(({ key }) => key)).toEqual([
      'masterKey',
      'store.postgresUrl',
      'account.secret',
      'oidc.clients[].secret',
    ])
  })
})
