// What a stream in the settings may be, and everything that it may not.

import { describe, expect, it } from 'vitest'
import { streamSettings } from './stream-settings.ts'

const syslog = { name: 'siem', kind: 'syslog', host: 'siem.example', caFile: '/etc/ca.pem' }
const webhook = { name: 'hook', kind: 'webhook', url: 'https://siem.example/in' }
const fhir = { name: 'fhir', kind: 'fhir', url: 'https://fhir.example/r4' }
const file = { name: 'file', kind: 'file', folder: '/srv/facts' }

describe('streams of the settings', () => {
  it('are none, or of each kind, with ids and from now on', () => {
    expect(streamSettings.parse(undefined)).toEqual([])
    const all = streamSettings.parse([syslog, webhook, fhir, file])
    expect(all).toMatchObject([
      { port: 6514, format: 'json', facility: 10, bom: false, resendMs: 30_000, enterprise: 32473 },
      { format: 'json', body: 'envelope' },
      { repeats: 'if-none-exist' },
      { format: 'csv' },
    ])
    for (const one of all) expect(one).toMatchObject({ identifiers: 'ids', from: 'now' })
  })
  it('may go to loopback in the open', () => {
    expect(streamSettings.safeParse([{ ...webhook, url: 'http://127.0.0.1:1/in' }]).success).toBe(
      true,
    )
  })
  it.each([
    ['a name twice', [syslog, syslog]],
    ['a name of spaces', [{ ...syslog, name: 'a b' }]],
    ['no kind', [{ name: 'a' }]],
    ['a setting of another kind', [{ ...syslog, url: 'https://siem.example' }]],
    ['syslog without an authority', [{ ...syslog, caFile: undefined }]],
    ['a path that depends on where somebody stood', [{ ...syslog, caFile: 'ca.pem' }]],
    ['a certificate without its key', [{ ...syslog, certFile: '/etc/c.pem' }]],
    ['a facility that is none', [{ ...syslog, facility: 24 }]],
    ['a code that is none', [{ ...syslog, codes: ['TAP'] }]],
    ['a class that is none', [{ ...syslog, classes: ['all'] }]],
    ['people as something else', [{ ...syslog, identifiers: 'badges' }]],
    ['a webhook in the open', [{ ...webhook, url: 'http://siem.example/in' }]],
    ['a webhook that looks like loopback', [{ ...webhook, url: 'http://127.0.0.1.example/in' }]],
    ['a user in an address', [{ ...webhook, url: 'https://a:b@siem.example/in' }]],
    ['bare lines without a token', [{ ...webhook, body: 'lines' }]],
    [
      'two ways to a token',
      [
        {
          ...{ ...fhir, tokenFile: '/etc/token' },
          smart: { tokenUrl: 'https://fhir.example/token', clientId: 'a' },
        },
      ],
    ],
    [
      'a token asked for in the open',
      [{ ...fhir, smart: { tokenUrl: 'http://fhir.example/token', clientId: 'a' } }],
    ],
    [
      'more than sixteen',
      Array.from({ length: 17 }, (_, n) => ({ ...file, name: `f${String(n)}` })),
    ],
  ])('refuses/%s', (_name, given) => {
    expect(streamSettings.safeParse(given).success).toBe(false)
  })
})
