// Holds which settings are refused, and that a refusal shows no secret.

import { describe, expect, it } from 'vitest'
import { parseSettings } from './settings.ts'

const good = {
  port: 0,
  issuer: 'http://127.0.0.1:4000/oidc',
  clientId: 'larkfield-chart',
  clientSecret: 'a-made-up-secret-of-32-characters',
}

describe('parseSettings', () => {
  it('fills in what is not said', () => {
    expect(parseSettings(good)).toMatchObject({
      seed: 1,
      scope: 'openid profile',
      signatureAcr: 'urn:wardkey:acr:badge-pin-fresh',
      wardOfZone: { '4-west': '4-west' },
    })
  })

  it.each([
    ['issuer', 'http://sign-in.example/oidc'],
    ['issuer', 'http://127.0.0.1.evil.example/oidc'],
    ['issuer', 'http://192.168.0.4/oidc'],
    ['issuer', 'ftp://127.0.0.1/'],
    ['publicUrl', 'http://chart.example'],
    ['publicUrl', 'https://chart.example/path'],
    ['port', 65_536],
    ['port', '80'],
    ['clientSecret', 'short'],
    ['clientId', ''],
    ['scope', 'profile'],
    ['surprise', true],
  ])('refuses %s of %j', (name, value) => {
    expect(() => parseSettings({ ...good, [name]: value })).toThrow(name)
  })

  it('refuses plain HTTP everywhere but on loopback', () => {
    for (const issuer of ['https://sign-in.example', 'http://localhost:1', 'http://[::1]:1']) {
      expect(parseSettings({ ...good, issuer }).issuer).toBe(issuer)
    }
  })

  it('names no value in what it says', () => {
    expect(() => parseSettings({ ...good, clientSecret: 'secret-tooshrt', port: -1 })).toThrow(
      /^(?!.*tooshrt).*port.*clientSecret/,
    )
  })
})
