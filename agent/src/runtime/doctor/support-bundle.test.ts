// What may leave the house, with secrets, badge numbers, PINs, names and tokens planted wherever a
// bundle is made from: none of them is in it, and what helps is.

import { describe, expect, it } from 'vitest'
import { parseLayers } from '../../platform/settings.ts'
import { seen, wellFacts, wellStatus, wellTold } from './facts-for-tests.ts'
import type { Facts } from './facts.ts'
import { judge } from './judge.ts'
import { cleanLogLines } from './log-lines.ts'
import { modelOf, supportBundle } from './support-bundle.ts'

/** Each as it could stand in a file, a name of a device or a line of a log. */
const planted = [
  'hunter2',
  'Santos',
  'rosa.santos',
  '27051846',
  '04a1b2c3d4e5f6',
  '834122',
  'wke_9dQm3',
  'eyJhbGciOiJFUzI1NiJ9',
  '-----BEGIN PRIVATE KEY-----',
  'broker.stjohns.example',
  '10.20.30.40',
  '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55',
  'AB12CD34',
]
const all = planted.join(' ')
const versions = { agent: '0.1.0', node: 'v22.23.2', platform: 'linux', arch: 'x64', system: '6.1' }

const logText = [
  ...planted,
  all,
  '{',
  JSON.stringify({ timestamp: '2031-05-05T12:00:00.000Z', level: 'info', message: all }),
  ...planted.map((one) =>
    JSON.stringify({
      timestamp: '2031-05-05T12:00:00.000Z',
      level: 'warn',
      message: 'link.ended',
      ...{ kind: one, code: one, reason: one, stage: one, address: one, path: one, place: one },
      ...{ sessionId: one, tapId: one, workstationId: one, version: one, [one]: one },
      ...{ count: 27_051_846, attempt: 834_122, durationMs: 27_051_846, port: 27_051_846 },
    }),
  ),
].join('\n')

function spoiltFacts(isValid: boolean): Facts {
  const given = {
    'broker.addresses': ['broker.stjohns.example:8443', '10.20.30.40:8443'],
    'broker.serverName': 'broker.stjohns.example',
    dataDir: '/srv/rosa.santos/hunter2',
    runtimeDir: '/run/27051846',
    'presence.socket': '/run/user/rosa.santos/834122',
    'browser.path': '/opt/Santos/hunter2',
    serviceDesk: 'Santos 27051846',
    'readers.wiegandFormats': '34=h10306',
    'presence.hidDescriptors': { '0bf8:101a': '04a1b2c3d4e5f6aa' },
    programs: { viewer: { path: '/v', arguments: planted } },
  }
  const wrong = isValid ? {} : { hunter2: 'x', 'log.level': 'hunter2', 'screen.port': '27051846' }
  const policy = { place: '/srv/rosa.santos/p.yaml', values: { Santos: 1 }, complaints: [] }
  const file = { place: '/srv/hunter2.yaml', values: {}, complaints: isValid ? [] : [all] }
  return {
    ...wellFacts,
    settings: parseLayers(
      { policy: [policy], file, installer: undefined },
      { ...given, ...wrong },
      {},
    ),
    brokers: [
      { address: '10.20.30.40:8443', probe: seen({ kind: 'failed', step: 'tcp', reason: all }) },
      {
        address: 'broker.stjohns.example:8443',
        probe: seen({ kind: 'failed', step: 'certificate', reason: 'SANTOS' }),
      },
    ],
    sources: seen([
      {
        kind: 'pcsc',
        down: undefined,
        readers: planted.map((name) => ({
          readerId: name,
          readerName: `OMNIKEY ${name} (${name}) 00 00`,
          technology: 'pcsc' as const,
          cardThere: true,
        })),
      },
    ]),
    hid: seen({
      kind: 'listed',
      readers: planted.map((name) => ({ vendorId: 0x0c27, productId: 1, name, isKeyboard: true })),
    }),
    browser: seen({ path: '/opt/rosa.santos/hunter2', version: '27051846' }),
    updates: seen({
      ...{ kind: 'on', flaws: [], isHeard: true, order: 'none' },
      told: { ...wellTold, ready: 'hunter2', refused: { number: 27_051_846, why: all, atMs: 0 } },
    }),
    agent: seen({
      kind: 'runs',
      status: {
        ...wellStatus,
        place: 'Santos’ room',
        agentVersion: 'hunter2',
        sensors: planted.map((name) => ({ name, says: 'stuck' as const })),
      },
    }),
  }
}

describe('a bundle holds nothing that was planted', () => {
  it.each([true, false])('with settings that are valid: %s', (isValid) => {
    const facts = spoiltFacts(isValid)
    const found = judge(facts)
    // It was there to be told: what a finding is about has it.
    expect(JSON.stringify(found)).toContain('27051846')
    const text = supportBundle({ facts, found, logText, versions })
    for (const one of planted) expect(text.toLowerCase(), one).not.toContain(one.toLowerCase())
    expect(text).not.toContain('SANTOS')
  })
})

describe('a bundle tells whoever helps', () => {
  const facts = spoiltFacts(true)
  const text = supportBundle({ facts, found: judge(facts), logText, versions })
  const bundle = JSON.parse(text) as Record<string, unknown>
  it('versions, findings, and settings of a closed form', () => {
    expect(bundle).toMatchObject({ version: 1, versions })
    expect(bundle['findings']).toContainEqual({
      code: 'broker-unreachable',
      level: 'fail',
      sentence: 'Nothing answers at the broker’s address and port.',
    })
    expect(bundle['settings']).toContainEqual({ key: 'readers.hid', from: 'default', value: true })
    expect(bundle['settings']).toContainEqual({ key: 'serviceDesk', from: 'command-line' })
  })
  it('where the way to each broker ends', () => {
    expect(bundle['brokers']).toEqual([
      { kind: 'failed', step: 'tcp', reason: 'other' },
      { kind: 'failed', step: 'certificate', reason: 'other' },
    ])
  })
  it.each([
    ['HID Global OMNIKEY 5427 CK (OKCM0010203) 00 00', 'OMNIKEY 5427'],
    ['ACS ACR122U PICC Interface 01 00', 'ACR 122U'],
    ['Virtual PCD 00 00', 'Virtual PCD 00'],
    ['Gemalto 27051846', 'another model'],
    ['OMNIKEY 27051846', 'OMNIKEY'],
    ['', 'another model'],
  ])('the family of %s', (name, model) => {
    expect(modelOf(name)).toBe(model)
  })
})

describe('the log in a bundle', () => {
  const line = (fields: object): string =>
    JSON.stringify({ timestamp: '2031-05-05T12:00:00.000Z', level: 'warn', ...fields })
  it('keeps events, codes and small figures', () => {
    const text = [
      line({ message: 'link.ended', kind: 'failed', reason: 'ECONNREFUSED', attempt: 3 }),
      line({ message: 'identity.renewal-failed', reason: 'link-down' }),
    ].join('\n')
    expect(cleanLogLines(text)).toEqual({
      lines: [
        expect.objectContaining({
          message: 'link.ended',
          kind: 'failed',
          reason: 'ECONNREFUSED',
          attempt: 3,
        }),
        expect.objectContaining({ message: 'identity.renewal-failed', reason: 'link-down' }),
      ],
      leftOut: 0,
    })
  })
  it('keeps how an update went', () => {
    const ended = { message: 'update.ended', kind: 'returned', reason: 'no-link', version: '1.2.0' }
    const text = [line(ended), line({ message: 'update.refused', code: 'not-kept' })].join('\n')
    expect(cleanLogLines(text).lines).toEqual([
      expect.objectContaining({ message: 'update.ended', kind: 'returned', reason: 'no-link' }),
      expect.objectContaining({ message: 'update.refused', code: 'not-kept' }),
    ])
  })
  it('says how much it left out, and keeps the last lines only', () => {
    expect(cleanLogLines('nonsense\n{"a":1}\n')).toEqual({ lines: [], leftOut: 2 })
    const many = Array.from({ length: 700 }, (_, n) => line({ message: 'link.up', attempt: n }))
    const { lines } = cleanLogLines(many.join('\n'))
    expect(lines).toHaveLength(500)
    expect(lines[0]).toMatchObject({ attempt: 200 })
  })
  it.each(['rosa.santos', 'link', 'link.27051846', 'link.ended 27051846', 'LINK.up'])(
    'takes no event called %s',
    (message) => {
      expect(cleanLogLines(line({ message })).lines).toEqual([])
    },
  )
})
