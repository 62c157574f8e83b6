import { describe, expect, it } from 'vitest'
import { judgeClaims } from './judge-claims.ts'

const nowMs = 1_800_000_000_000
const nowS = nowMs / 1000
const rules = {
  issuer: 'https://id.hospital.example',
  clientId: 'wardkey',
  acr: ['mfa', 'phishing-resistant'],
  groups: ['staff', 'agency'],
  groupsClaim: 'groups',
  claim: 'preferred_username',
}
const good = {
  iss: 'https://id.hospital.example',
  aud: 'wardkey',
  nonce: 'n-1',
  auth_time: nowS - 30,
  acr: 'mfa',
  groups: ['everybody', 'staff'],
  preferred_username: 'a.quartermaine',
}
const judge = (change: Readonly<Record<string, unknown>>) =>
  judgeClaims({ ...good, ...change }, 'n-1', rules, nowMs)

describe('what the provider says of somebody', () => {
  it.each([
    ['as it should be', {}],
    ['for several, and us', { aud: ['wardkey', 'other'], azp: 'wardkey' }],
    ['of an issuer written with a slash', { iss: 'https://id.hospital.example/' }],
    ['with one group alone', { groups: 'agency' }],
    ['five minutes old', { auth_time: nowS - 300 }],
    ['by a clock that is a little ahead', { auth_time: nowS + 50 }],
  ])('counts where it is %s', (_name, change) => {
    expect(judge(change)).toEqual({
      ...{ kind: 'proved', name: 'a.quartermaine', acr: 'mfa' },
      groups: [expect.stringMatching(/^(staff|agency)$/)],
    })
  })

  it.each([
    ['account-issuer', { iss: 'https://id.elsewhere.example' }],
    ['account-issuer', { iss: 'https://id.hospital.example/other' }],
    ['account-issuer', { iss: undefined }],
    ['account-audience', { aud: 'other' }],
    ['account-audience', { aud: ['wardkey', 'other'] }],
    ['account-audience', { aud: ['wardkey', 'other'], azp: 'other' }],
    ['account-audience', { azp: 'other' }],
    ['account-audience', { aud: [] }],
    ['account-nonce', { nonce: 'n-2' }],
    ['account-nonce', { nonce: undefined }],
    ['account-nonce', { nonce: ['n-1'] }],
    ['account-signed-in-now', { auth_time: nowS - 301 }],
    ['account-signed-in-now', { auth_time: nowS + 61 }],
    ['account-signed-in-now', { auth_time: undefined }],
    ['account-signed-in-now', { auth_time: String(nowS) }],
    ['account-signed-in-now', { auth_time: Number.NaN }],
    ['account-acr', { acr: 'password' }],
    ['account-acr', { acr: undefined }],
    ['account-acr', { acr: ['mfa'] }],
    ['account-acr', { acr: 'mfa phishing-resistant' }],
    ['account-group', { groups: ['everybody'] }],
    ['account-group', { groups: undefined }],
    ['account-group', { groups: 'staffing' }],
    ['account-group', { groups: { staff: true } }],
    ['account-group', { groups: ['Staff'] }],
    ['account-names-somebody', { preferred_username: undefined }],
    ['account-names-somebody', { preferred_username: '' }],
    ['account-names-somebody', { preferred_username: ['a.quartermaine', 'r.santos'] }],
    ['account-names-somebody', { preferred_username: 'a.quartermaine ' }],
    ['account-names-somebody', { preferred_username: 'a'.repeat(201) }],
    // The sign of a unit of temperature, which in small letters is a k.
    ['account-names-somebody', { preferred_username: 'a.\u212aing' }],
    ['account-names-somebody', { preferred_username: 'a.\u202equartermaine' }],
  ])('is refused by %s: %j', (rule, change) => {
    expect(judge(change)).toEqual({ kind: 'no', rule })
  })

  it('counts without a group only where whoever asks judges that', () => {
    const judgeAll = (change: Readonly<Record<string, unknown>>) =>
      judgeClaims({ ...good, ...change }, 'n-1', { ...rules, takesNoGroup: true }, nowMs)
    const proved = { kind: 'proved', name: 'a.quartermaine', acr: 'mfa', groups: [] }
    for (const groups of [undefined, [], 'staffing', ['Staff'], { staff: true }]) {
      expect(judgeAll({ groups })).toEqual(proved)
    }
    expect(judgeAll({ acr: 'password', groups: [] })).toEqual({ kind: 'no', rule: 'account-acr' })
  })
})
