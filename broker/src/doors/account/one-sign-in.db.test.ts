// A sign-in with a hospital account serves one errand, at one workstation, in one browser, once; and
// whatever the provider does, the colleague's way remains. On both stores.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import { engines } from '../../../../test/kit/stores.ts'
import {
  clientId,
  clientSecret,
  HospitalSignIn,
} from '../../../../test/kit/sign-in/hospital-sign-in.ts'
import type { Misdeed } from '../../../../test/kit/sign-in/hospital-sign-in.ts'
import { cancelTap } from '../../flows/cancel-tap.ts'
import { makeAccountProvider } from '../../identity/account/account-provider.ts'
import { AccountBed, acts, bedLimits } from './bed-for-tests.ts'

const { unknown, ended, showing, ticketOf, refusedAs } = acts

describe.each(engines)('one sign-in on $engine', ({ open, isHere }) => {
  let bed: AccountBed

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    bed = await AccountBed.open({ open })
  })
  afterEach(async () => {
    if (isHere) await bed.close()
  })

  describe('a sign-in', () => {
    it('serves one errand, once', async () => {
      const { id } = await bed.begin('enrol', unknown)
      const browser = bed.visitor()
      const back = await bed.untilBack(await bed.pageOf(id, unknown), browser)
      const query = back.url.href
      await browser.go(query)
      expect(await bed.answer(id, ended, unknown)).toMatchObject({ step: 'confirm' })
      const tokens = bed.hospital.asked.filter(({ path }) => path === '/token').length
      await browser.go(query)
      expect(bed.hospital.asked.filter(({ path }) => path === '/token')).toHaveLength(tokens)
      // Given up, and begun anew: what she had does not carry over.
      const next = await bed.begin('enrol', unknown)
      await browser.go(query)
      expect(await bed.answer(next.id, ended, unknown)).toMatchObject({ step: 'witness-badge' })
    })
    it('counts once where it comes back twice at once', async () => {
      const { id } = await bed.begin('enrol', unknown)
      const browser = bed.visitor()
      const back = await bed.untilBack(await bed.pageOf(id, unknown), browser)
      await Promise.all([browser.once(back.url), browser.once(back.url)])
      const counts = await bed.core.counts()
      // Both ask the provider, and its code is good once: it may be the second that is believed.
      expect(counts['ERD-005'] ?? 0).toBeLessThan(2)
      expect((counts['ERD-005'] ?? 0) + (counts['ERD-104'] ?? 0)).toBeGreaterThan(0)
      const frame = await bed.answer(id, ended, unknown)
      expect(frame).toMatchObject({ step: counts['ERD-005'] === 1 ? 'confirm' : 'witness-badge' })
    })
    it.each([
      [
        'another state',
        (url: URL) => {
          url.searchParams.set('state', `${randomUUID()}.${'a'.repeat(43)}`)
        },
      ],
      [
        'no state',
        (url: URL) => {
          url.searchParams.delete('state')
        },
      ],
      [
        'two states',
        (url: URL) => {
          url.searchParams.append('state', 'x')
        },
      ],
      [
        'a state of the right errand that is not its own',
        (url: URL) => {
          const [errand = ''] = (url.searchParams.get('state') ?? '').split('.')
          url.searchParams.set('state', `${errand}.${'a'.repeat(43)}`)
        },
      ],
      [
        'more than a provider says',
        (url: URL) => {
          url.searchParams.set('x', 'x'.repeat(5000))
        },
      ],
      [
        'a code that is none',
        (url: URL) => {
          url.searchParams.set('code', 'none')
        },
      ],
    ])('does not count with %s', async (_name, change) => {
      const { id } = await bed.begin('enrol', unknown)
      const browser = bed.visitor()
      const { url } = await bed.untilBack(await bed.pageOf(id, unknown), browser)
      change(url)
      expect((await browser.go(url)).url.pathname).toBe('/enrol/done')
      expect(await bed.answer(id, ended, unknown)).toMatchObject({
        step: 'witness-badge',
        again: true,
      })
      expect((await bed.core.counts())['ERD-005']).toBeUndefined()
    })
    it('does not count in another browser, nor afterwards in its own', async () => {
      const { id } = await bed.begin('enrol', unknown)
      const browser = bed.visitor()
      const { url } = await bed.untilBack(await bed.pageOf(id, unknown), browser)
      await bed.visitor().go(url)
      await browser.go(url)
      expect(await bed.answer(id, ended, unknown)).toMatchObject(refusedAs('account-not-usable'))
      expect(await bed.factsOf('ERD-104')).toMatchObject([{ rule: 'sign-in-is-this-browser' }])
    })
    it('does not count for the errand of another workstation', async () => {
      const there = await bed.core.addWorkstation('4-west')
      const mine = await bed.begin('enrol', unknown)
      const other = { ...unknown, canonical: '04111111111111' }
      const theirs = await bed.begin('enrol', other, there)
      const browser = bed.visitor()
      const { url } = await bed.untilBack(await bed.pageOf(mine.id, unknown), browser)
      const [, secret = ''] = (url.searchParams.get('state') ?? '').split('.')
      url.searchParams.set('state', `${theirs.id}.${secret}`)
      await browser.go(url)
      expect(await bed.answer(theirs.id, ended, other, there)).toMatchObject({
        step: 'witness-badge',
      })
      expect(await bed.answer(mine.id, ended, unknown, there)).toMatchObject({
        code: 'tap-expired',
      })
    })
    it('begins once, with its own ticket', async () => {
      const { id } = await bed.begin('enrol', unknown)
      const page = await bed.pageOf(id, unknown)
      const [address, { ticket }] = ticketOf(page)
      const wrong = [
        await bed.visitor().once(address, { ticket: 'a'.repeat(43) }),
        await bed.visitor().once(address.replace(id, randomUUID()), { ticket }),
        await bed.visitor().once(address, { ticket, to: 'https://elsewhere.example' }),
        await bed.visitor().once(address, { ticket: 'short' }),
      ]
      for (const { headers, status } of wrong) {
        expect([status, headers.location]).toEqual([303, '/enrol/done'])
        expect(headers['set-cookie']).toBeUndefined()
      }
      const browser = bed.visitor()
      await bed.untilBack(page, browser)
      const again = await bed.visitor().once(address, { ticket })
      expect(again.headers.location).toBe('/enrol/done')
    })
    it('is over with its errand: given up, run out, or left for a colleague', async () => {
      for (const how of ['cancelled', 'late', 'colleague'] as const) {
        const { id } = await bed.begin('enrol', unknown)
        const browser = bed.visitor()
        const { url } = await bed.untilBack(await bed.pageOf(id, unknown), browser)
        if (how === 'cancelled') {
          const cancel = { kind: 'cancel', tapId: id, reason: 'not-me' } as const
          const frame = { ...cancel, id: messageId.parse(randomUUID()) }
          await bed.core.needs.perform(() => cancelTap(frame, bed.here, bed.core.needs))
        } else if (how === 'late') bed.core.pass(181_000)
        else expect(await bed.answer(id, ended)).toMatchObject(refusedAs('account-not-signed-in'))
        await browser.go(url)
        const after = await bed.answer(id, showing(bed.chief))
        if (how === 'colleague') expect(after).toMatchObject({ step: 'witness-pin' })
        else expect(after).toMatchObject({ code: 'tap-expired' })
      }
      expect((await bed.core.counts())['ERD-005']).toBeUndefined()
    })
    it('that she does not finish leaves the colleague’s way, a few times', async () => {
      bed.says({ error: 'access_denied' })
      const { id } = await bed.begin('enrol', unknown)
      for (let n = 0; n < 4; n++) {
        await bed.visit(await bed.pageOf(id, unknown))
        expect(await bed.answer(id, ended)).toMatchObject(refusedAs('account-not-signed-in'))
      }
      await bed.visit(await bed.pageOf(id, unknown))
      expect(await bed.answer(id, ended)).toMatchObject({ code: 'witness-not-usable' })
    })
    it('asked for anew under its errand’s id is over', async () => {
      const { id } = await bed.begin('enrol', unknown)
      const browser = bed.visitor()
      const { url } = await bed.untilBack(await bed.pageOf(id, unknown), browser)
      const again = await bed.begin('enrol', unknown, bed.here, id)
      expect(again.frame).toMatchObject({ step: 'witness-badge' })
      await browser.go(url)
      expect((await bed.core.counts())['ERD-005']).toBeUndefined()
    })
    it('sends nobody anywhere that a request names', async () => {
      const { id } = await bed.begin('enrol', unknown)
      const browser = bed.visitor()
      const { url } = await bed.untilBack(await bed.pageOf(id, unknown), browser)
      for (const name of ['redirect_uri', 'url', 'next', 'return_to', 'iss']) {
        url.searchParams.set(name, 'https://elsewhere.example')
      }
      await browser.go(url)
      await browser.go(`${bed.needs.accounts.webUrl}/enrol/done?next=https://elsewhere.example`)
      const origins = new Set(browser.way.map(({ origin }) => origin))
      expect([...origins].sort()).toEqual([bed.needs.accounts.webUrl, bed.hospital.issuer].sort())
    })
    it('leaves no secret behind, in the store, the record or the log', async () => {
      const { id } = await bed.begin('enrol', unknown)
      const page = await bed.pageOf(id, unknown)
      const browser = bed.visitor()
      const { url } = await bed.untilBack(page, browser)
      const during = JSON.stringify(
        await bed.core.store.read.selectFrom('errand').selectAll().execute(),
      )
      bed.says({ misdeeds: new Map([['/token', { kind: 'text', text: '{"id_token":"hush"}' }]]) })
      await browser.go(url)
      await bed.answer(id, ended)
      const facts = await bed.core.store.read.selectFrom('fact').select('body').execute()
      const all = [during, ...facts.map(({ body }) => Buffer.from(body).toString()), ...bed.logged]
      const [, { ticket }] = ticketOf(page)
      const asked = bed.hospital.asked.find(({ path }) => path === '/authorize')?.parameters
      const secrets = [
        ...[ticket, url.searchParams.get('code'), url.searchParams.get('state')],
        ...[asked?.get('nonce'), clientSecret, 'hush', 'N-4711', 'Quartermaine'],
      ]
      for (const secret of secrets) expect(all.join('\n')).not.toContain(secret)
    })
  })
  describe('a provider', () => {
    const gone: readonly [string, Misdeed][] = [
      ['is down', { kind: 'status', status: 503 }],
      ['sends us elsewhere', { kind: 'status', status: 302, location: 'https://127.0.0.1:9/' }],
      ['does not come to an end', { kind: 'stalls' }],
      ['says too much', { kind: 'bytes', count: bedLimits.bytesMax }],
      ['says nothing that can be read', { kind: 'text', text: 'hello' }],
    ]
    it.each(gone)(
      'that %s is told at once, and a colleague is all there is',
      async (_n, misdeed) => {
        bed.says({ misdeeds: new Map([['/.well-known/openid-configuration', misdeed]]) })
        const { id } = await bed.begin('enrol', unknown)
        const beganMs = performance.now()
        const frame = await bed.answer(id, { by: 'sign-in' }, unknown)
        expect(performance.now() - beganMs).toBeLessThan(bedLimits.withinMs + 2000)
        expect(frame).toMatchObject(refusedAs('account-unreachable'))
        expect(await bed.answer(id, showing(bed.chief))).toMatchObject({ step: 'witness-pin' })
      },
    )
    it.each(gone)(
      'that %s when it is asked for the token says nothing of her',
      async (_n, misdeed) => {
        bed.says({ misdeeds: new Map([['/token', misdeed]]) })
        const { frame, id } = await bed.withSignIn('enrol', unknown)
        expect(frame).toMatchObject(refusedAs('account-unreachable'))
        expect(bed.logged.join('')).toMatch(/account\.unreachable/)
        expect(await bed.answer(id, showing(bed.chief))).toMatchObject({ step: 'witness-pin' })
      },
    )
    it.each(['/token', '/par'])(
      'that does not know its client any more at %s tells the operator so',
      async (path) => {
        const error = { kind: 'error', error: 'invalid_client' } as const
        bed.says({ takesPushed: path === '/par', misdeeds: new Map([[path, error]]) })
        const { frame } = await bed.withSignIn('enrol', unknown)
        expect(frame).toMatchObject(refusedAs('account-unreachable'))
        expect(bed.logged.join('')).toMatch(/account\.unreachable.*invalid_client/)
        const [fact] = await bed.factsOf('ERD-104')
        expect(fact).toMatchObject({ rule: 'account-answers', fields: { code: 'invalid_client' } })
      },
    )
    it.each(gone)('whose keys: that %s is not believed', async (_n, misdeed) => {
      bed.says({ misdeeds: new Map([['/keys', misdeed]]) })
      expect((await bed.withSignIn('enrol', unknown)).frame).toMatchObject({
        step: 'witness-badge',
      })
    })
    it('that does not take what is pushed is told, and nothing is begun', async () => {
      bed.says({
        takesPushed: true,
        misdeeds: new Map([['/par', { kind: 'status', status: 500 }]]),
      })
      const { frame } = await bed.withSignIn('enrol', unknown)
      expect(frame).toMatchObject(refusedAs('account-unreachable'))
    })
    it('with the certificate of somebody else is not spoken with', async () => {
      const impostor = await HospitalSignIn.open()
      const { issuer } = impostor
      const provider = makeAccountProvider(
        {
          ...{ issuer, clientId, clientSecret, caPem: bed.hospital.caPem, acr: ['mfa'] },
          ...{ groups: ['staff'], groupsClaim: 'groups', claim: 'staff', scope: 'openid' },
          origins: [],
        },
        { redirectUri: 'https://broker.example/enrol/callback', nowMs: Date.now },
      )
      expect(await provider.origins()).toMatchObject({ kind: 'unreachable' })
      expect(impostor.asked).toEqual([])
      await impostor.close()
    })
  })
})
