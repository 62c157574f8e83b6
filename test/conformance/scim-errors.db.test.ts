// What the SCIM door says no to, and how: each error of RFC 7644 section 3.12, tokens, limits,
// lists and bulks, over HTTP and on both stores.

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '@wardkey/broker/platform/fault'
import { openCore } from '../kit/broker-core.ts'
import type { BrokerCore } from '../kit/broker-core.ts'
import {
  clinicianUrn,
  enterpriseUrn,
  groupUrn,
  idOf,
  openScim,
  patchOp,
  resourcesOf,
  userUrn,
} from '../kit/scim-client.ts'
import type { ScimClient } from '../kit/scim-client.ts'
import { engines } from '../kit/stores.ts'

const nobody = '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55'

describe.each(engines)('the SCIM door on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let scim: ScimClient

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    scim = await openScim(core)
  })
  afterEach(async () => {
    if (!isHere) return
    await scim.close()
    await core.record()
    await core.close()
  })

  const add = (userName: string, more: object = {}) =>
    scim.ask('POST', '/Users', { body: { schemas: [userUrn], userName, ...more } })
  const names = async (query: string): Promise<readonly unknown[]> =>
    resourcesOf(await scim.ask('GET', `/Users?${query}`)).map(({ userName }) => userName)
  const filter = (text: string): string => `filter=${encodeURIComponent(text)}`

  it('says in the same words that its store is away', async () => {
    const away = () => Promise.reject(new Fault('store-unavailable', 'transient'))
    const perform = Object.assign(away, { idle: () => Promise.resolve() })
    const cut = await openScim(core, { perform })
    const answer = await cut.ask('POST', '/Users', { body: { schemas: [userUrn], userName: 'x' } })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/)
    expect(JSON.parse(answer.text)).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      ...{ status: '503', detail: 'Something failed; try again later.' },
    })
    await cut.close()
  })

  describe('says what is wrong', () => {
    const user = { schemas: [userUrn], userName: 'x' }
    it.each([
      ['POST', '/Users', 'not json', '400', 'invalidSyntax'],
      ['POST', '/Users', [], '400', 'invalidSyntax'],
      ['POST', '/Users', { userName: 'x' }, '400', 'invalidSyntax'],
      ['POST', '/Users', { ...user, userName: '' }, '400', 'invalidValue'],
      ['POST', '/Users', { ...user, active: 'yes' }, '400', 'invalidValue'],
      ['POST', '/Users', { ...user, userName: 7 }, '400', 'invalidValue'],
      ['POST', '/Users', { ...user, userName: 'a\u202eb' }, '400', 'invalidValue'],
      ['POST', '/Users', { ...user, userName: 'x'.repeat(201) }, '400', 'invalidValue'],
      ['POST', '/Users', { ...user, name: { givenName: 'x'.repeat(61) } }, '400', 'invalidValue'],
      [
        'POST',
        '/Users',
        { ...user, [clinicianUrn]: { employmentStatus: 'gone' } },
        '400',
        'invalidValue',
      ],
      ['POST', '/Users', { ...user, [clinicianUrn]: { endDate: 'soon' } }, '400', 'invalidValue'],
      [
        'POST',
        '/Users',
        { ...user, [clinicianUrn]: { badges: [{ value: '08a1b2c3' }] } },
        '400',
        'invalidValue',
      ],
      [
        'POST',
        '/Users',
        { ...user, [clinicianUrn]: { badges: [{ value: 'zz' }] } },
        '400',
        'invalidValue',
      ],
      [
        'POST',
        '/Users',
        { ...user, [clinicianUrn]: { zones: ['Not A Zone'] } },
        '400',
        'invalidValue',
      ],
      ['POST', '/Groups', { schemas: [groupUrn] }, '400', 'invalidValue'],
      [
        'POST',
        '/Groups',
        { schemas: [groupUrn], displayName: 'g', members: [{ value: nobody }] },
        '400',
        'invalidValue',
      ],
      ['GET', `/Users?${filter('userName')}`, undefined, '400', 'invalidFilter'],
      ['GET', `/Users?${filter('userName eq')}`, undefined, '400', 'invalidFilter'],
      ['GET', `/Users?${filter('userName is "x"')}`, undefined, '400', 'invalidFilter'],
      ['GET', `/Users?${filter('nothing.such eq "x"')}`, undefined, '400', 'invalidFilter'],
      ['GET', `/Users?${filter('active gt true')}`, undefined, '400', 'invalidFilter'],
      ['GET', `/Users?${filter('meta.created gt "soon"')}`, undefined, '400', 'invalidFilter'],
      [
        'GET',
        `/Users?${filter(`${clinicianUrn}:badges.value eq "04"`)}`,
        undefined,
        '400',
        'sensitive',
      ],
      ['GET', '/Users?count=many', undefined, '400', 'invalidValue'],
      ['GET', '/Users?attributes=id&excludedAttributes=id', undefined, '400', 'invalidSyntax'],
      ['GET', `/Users/${nobody}`, undefined, '404', undefined],
      ['GET', '/Users/..%2f..%2fadmin', undefined, '404', undefined],
      ['GET', '/Nothing', undefined, '404', undefined],
      ['PUT', '/Users', {}, '405', undefined],
      ['GET', '/Me', undefined, '501', undefined],
      ['GET', `/Schemas?${filter('id pr')}`, undefined, '403', undefined],
      ['POST', '/Schemas', {}, '405', undefined],
    ] as const)('%s %s %j', async (method, path, body, status, scimType) => {
      const sent = body === undefined ? {} : { body }
      const answer = await scim.ask(method, path, sent)
      expect(answer.body).toMatchObject({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status,
      })
      expect(answer.body['scimType']).toBe(scimType)
      expect(answer.status).toBe(Number(status))
      expect(answer.headers.get('content-type')).toContain('application/scim+json')
    })
    it.each([
      [{ op: 'move', path: 'title', value: 'x' }, 'invalidSyntax'],
      [{ op: 'remove' }, 'noTarget'],
      [{ op: 'add', path: 'title' }, 'invalidValue'],
      [{ op: 'add', value: 'x' }, 'invalidValue'],
      [{ op: 'replace', path: 'id', value: 'x' }, 'mutability'],
      [{ op: 'replace', path: 'meta.created', value: 'x' }, 'mutability'],
      [{ op: 'remove', path: 'userName' }, 'mutability'],
      [{ op: 'remove', path: 'active' }, 'mutability'],
      [{ op: 'add', path: 'groups', value: [{ value: 'x' }] }, 'mutability'],
      [{ op: 'replace', path: `${clinicianUrn}:status`, value: 'active' }, 'mutability'],
      [{ op: 'replace', path: 'emails[type eq "work"]', value: { value: 'x' } }, 'noTarget'],
      [{ op: 'replace', path: 'emails[type eq', value: 'x' }, 'invalidPath'],
      [{ op: 'replace', path: 'name..givenName', value: 'x' }, 'invalidPath'],
      [{ op: 'replace', path: 'title[value eq "x"]', value: 'x' }, 'invalidPath'],
      [{ op: 'replace', path: 'active', value: 'nein' }, 'invalidValue'],
    ])('PATCH %j is %s', async (operation, scimType) => {
      const path = `/Users/${idOf(await add('ana'))}`
      const answer = await scim.patch(path, operation)
      expect(answer.body).toMatchObject({ status: '400', scimType })
      expect((await scim.ask('GET', path)).headers.get('etag')).toBe('W/"1"')
    })
    it('and another version is invalidVers', async () => {
      const answer = await fetch(`${scim.url}/scim/v1/Users`)
      expect(await answer.json()).toMatchObject({ status: '400', scimType: 'invalidVers' })
    })
  })

  describe('knows who asks', () => {
    it.each([
      ['nobody', ''],
      ['a stranger', `wka_${'A'.repeat(43)}`],
      ['no token', 'let me in'],
    ])('and lets %s do nothing', async (_name, as) => {
      const answer = await scim.ask('GET', '/Users', { as })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    })
    it('and lets a token do what it is for, until its end', async () => {
      const reader = await scim.tokenFor(['scim:read'])
      const writer = await scim.tokenFor(['scim:write'], { lifeMs: 60_000 })
      const admin = await scim.tokenFor(['people:read', 'people:write'])
      const body = { schemas: [userUrn], userName: 'ana' }
      expect((await scim.ask('GET', '/Users', { as: reader })).status).toBe(200)
      expect((await scim.ask('POST', '/Users', { as: reader, body })).status).toBe(403)
      expect((await scim.ask('GET', '/Users', { as: writer })).status).toBe(403)
      expect((await scim.ask('GET', '/Users', { as: admin })).status).toBe(403)
      expect((await scim.ask('POST', '/Users', { as: admin, body })).status).toBe(403)
      expect((await scim.ask('POST', '/Users', { as: writer, body })).status).toBe(201)
      core.pass(60_000)
      expect((await scim.ask('POST', '/Users', { as: writer, body })).status).toBe(401)
    })
    it('and slows down whoever asks too often, with the time to wait', async () => {
      await scim.close()
      scim = await openScim(core, { requestsAMinuteMax: 3 })
      const answers = []
      for (let n = 0; n < 4; n++) answers.push(await scim.ask('GET', '/Users?count=0'))
      const last = answers.at(-1)
      expect(last).toMatchObject({ status: 429, body: { status: '429' } })
      expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0)
    })
  })

  describe('has limits', () => {
    it('on the size of a body', async () => {
      const body = { schemas: [userUrn], userName: 'x', title: 'x'.repeat(1024 * 1024) }
      expect(await scim.ask('POST', '/Users', { body })).toMatchObject({ status: 413 })
    })
    it('on operations, on depth, and on what a filter may be', async () => {
      const path = `/Users/${idOf(await add('ana'))}`
      const many = Array.from({ length: 1001 }, () => ({ op: 'add', path: 'title', value: 'x' }))
      expect((await scim.patch(path, ...many)).body).toMatchObject({ scimType: 'invalidSyntax' })
      const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
      expect((await scim.ask('POST', '/Users', { body: deep })).status).toBe(400)
      const nested = `${'('.repeat(40)}title pr${')'.repeat(40)}`
      expect((await scim.ask('GET', `/Users?${filter(nested)}`)).body).toMatchObject({
        scimType: 'invalidFilter',
      })
    })
    it('on its patience: a filter of many alternatives is answered at once', async () => {
      await add('ana')
      const part = '(title eq "a" or title eq "b")'
      const text = Array.from({ length: 60 }, () => part).join(' and ')
      const beganMs = performance.now()
      expect((await scim.ask('GET', `/Users?${filter(text)}`)).status).toBe(200)
      expect(performance.now() - beganMs).toBeLessThan(2000)
    })
  })

  describe('lists', () => {
    const people = async (): Promise<void> => {
      const all = [
        ['dora', 'Zoë Ångström', 'ICU', true],
        ['ana', 'Ana Q', 'ICU', true],
        ['Carl', 'Carl 李', 'ER', false],
        ['ben', '', '', true],
      ] as const
      for (const [userName, displayName, department, active] of all) {
        await add(userName, { displayName, active, [enterpriseUrn]: { department } })
      }
    }
    it('pages without gaps, and says the true total beyond the end', async () => {
      await people()
      const pages = [await names('count=3'), await names('count=3&startIndex=4')]
      expect(new Set(pages.flat()).size).toBe(4)
      const beyond = await scim.ask('GET', '/Users?startIndex=99')
      expect(beyond.body).toMatchObject({ totalResults: 4, itemsPerPage: 0, Resources: [] })
      const none = await scim.ask('GET', '/Users?startIndex=-5&count=-1')
      expect(none.body).toMatchObject({ totalResults: 4, startIndex: 1, itemsPerPage: 0 })
    })
    it('sorts, with what is unassigned last', async () => {
      await people()
      expect(await names('sortBy=userName')).toEqual(['ana', 'ben', 'Carl', 'dora'])
      expect(await names('sortBy=userName&sortOrder=descending')).toEqual([
        ...['dora', 'Carl', 'ben', 'ana'],
      ])
      expect((await names('sortBy=displayName')).at(-1)).toBe('ben')
    })
    it.each([
      ['userName eq "ANA"', ['ana']],
      ['userName eq "ana" and active eq false', []],
      ['active eq "False"', ['Carl']],
      [`${enterpriseUrn}:department eq "icu"`, ['ana', 'dora']],
      ['displayName co "ångström"', ['dora']],
      ['displayName ew "李"', ['Carl']],
      ['not (displayName pr)', ['ben']],
      ['not (active eq true and displayName sw "Ana")', ['Carl', 'ben', 'dora']],
      ['userName sw "a" or (active eq false and displayName pr)', ['Carl', 'ana']],
      ['displayName ne "Ana Q" and displayName pr', ['Carl', 'dora']],
      ['meta.lastModified ge "2000-01-01T00:00:00Z" and userName lt "b"', ['ana']],
      ['phoneNumbers pr', []],
      ['displayName eq "rock \\"and\\" roll"', []],
    ])('whom %s fits', async (text, expected) => {
      await people()
      expect([...(await names(filter(text)))].sort()).toEqual(expected)
    })
    it('only the attributes that are asked for', async () => {
      await people()
      const [one] = resourcesOf(
        await scim.ask(
          'GET',
          `/Users?attributes=displayName,meta.created&${filter('userName eq "ana"')}`,
        ),
      )
      expect(Object.keys(one ?? {}).sort()).toEqual(['displayName', 'id', 'meta', 'schemas'])
      expect(Object.keys(one?.['meta'] ?? {})).toEqual(['created'])
      const [less] = resourcesOf(
        await scim.ask(
          'GET',
          `/Users?excludedAttributes=meta,userName&${filter('userName eq "ana"')}`,
        ),
      )
      expect(less).not.toHaveProperty('meta')
      expect(less).toHaveProperty('displayName')
    })
    it('by a search in a body, where an address would tell too much', async () => {
      await people()
      const search = {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        filter: 'userName eq "ana"',
        attributes: ['userName'],
      }
      const found = await scim.ask('POST', '/Users/.search', { body: search })
      expect(resourcesOf(found)).toMatchObject([{ userName: 'ana' }])
      const all = await scim.ask('POST', '/.search', { body: { ...search, filter: 'id pr' } })
      expect(all.body['totalResults']).toBe(4)
      const one = await scim.ask('POST', '/.search', { body: search })
      expect(resourcesOf(one)).toMatchObject([{ userName: 'ana' }])
      const none = { ...search, filter: 'nothing.such pr' }
      expect((await scim.ask('POST', '/.search', { body: none })).body).toMatchObject({
        scimType: 'invalidFilter',
      })
    })
    it('whatever is asked, with an answer and never with a failure', async () => {
      await people()
      const word = fc.constantFrom(
        ...['userName', 'emails', 'active', 'eq', 'pr', 'not', 'and', 'or', '(', ')', '[', ']'],
        ...['"a"', '"', '.', ' ', ':', 'true', 'null', '1', 'urn:', clinicianUrn, '\\', 'é'],
      )
      await fc.assert(
        fc.asyncProperty(fc.array(word, { maxLength: 24 }), async (words) => {
          const answer = await scim.ask('GET', `/Users?${filter(words.join(' '))}`)
          expect([200, 400]).toContain(answer.status)
        }),
        { numRuns: 150 },
      )
    })
  })

  describe('tells what it is', () => {
    it.each([
      ['/ServiceProviderConfig', { patch: { supported: true }, etag: { supported: true } }],
      ['/ResourceTypes', { totalResults: 2 }],
      ['/ResourceTypes/User', { endpoint: '/Users', schema: userUrn }],
      ['/Schemas', { totalResults: 4 }],
      [`/Schemas/${enterpriseUrn}`, { id: enterpriseUrn }],
    ])('at %s', async (path, expected) => {
      expect(await scim.ask('GET', path)).toMatchObject({ status: 200, body: expected })
    })
    it('and not what is nowhere', async () => {
      expect((await scim.ask('GET', '/Schemas/urn:nothing')).status).toBe(404)
    })
  })

  describe('takes many at once', () => {
    const bulk = (operations: readonly object[], more: object = {}) =>
      scim.ask('POST', '/Bulk', {
        body: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
          Operations: operations,
          ...more,
        },
      })
    const post = (id: string, userName: string, more: object = {}) => ({
      ...{ method: 'POST', path: '/Users', bulkId: id },
      data: { schemas: [userUrn], userName, ...more },
    })
    const statuses = (answer: Awaited<ReturnType<typeof bulk>>) =>
      (answer.body['Operations'] as { status: string }[]).map(({ status }) => status)

    it('and lets one name what another makes, in whatever order', async () => {
      const group = {
        ...{ method: 'POST', path: '/Groups', bulkId: 'g' },
        data: { schemas: [groupUrn], displayName: 'ICU', members: [{ value: 'bulkId:a' }] },
      }
      const rename = {
        ...{ method: 'PATCH', path: '/Users/bulkId:a' },
        data: { schemas: [patchOp], Operations: [{ op: 'add', path: 'title', value: 'Sister' }] },
      }
      const answer = await bulk([group, rename, post('a', 'ana')])
      expect(statuses(answer)).toEqual(['201', '200', '201'])
      const [found] = resourcesOf(await scim.ask('GET', `/Users?${filter('userName eq "ana"')}`))
      expect(found).toMatchObject({ title: 'Sister', groups: [{ display: 'ICU' }] })
    })
    it('and each fails for itself, with its own error', async () => {
      const answer = await bulk([post('a', 'ana'), post('b', 'ANA'), post('c', 'carl')])
      expect(statuses(answer)).toEqual(['201', '409', '201'])
      expect(answer.body['Operations']).toMatchObject([
        {},
        { bulkId: 'b', response: { scimType: 'uniqueness' } },
        {},
      ])
    })
    it('and stops where it is told to', async () => {
      const bad = [post('a', ''), post('b', ''), post('c', 'carl')]
      expect(statuses(await bulk(bad, { failOnErrors: 1 }))).toEqual(['400'])
      expect((await scim.ask('GET', '/Users?count=0')).body['totalResults']).toBe(0)
    })
    it('and names a circle, and what is nowhere', async () => {
      const manager = (id: string) => ({ [enterpriseUrn]: { manager: { value: `bulkId:${id}` } } })
      const circle = await bulk([post('a', 'ana', manager('b')), post('b', 'ben', manager('a'))])
      expect(statuses(circle)).toEqual(['409', '409'])
      expect(statuses(await bulk([post('a', 'ana', manager('z'))]))).toEqual(['400'])
    })
    it('but not too many, and not without a name', async () => {
      const many = Array.from({ length: 101 }, (_one, at) => post(String(at), String(at)))
      expect((await bulk(many)).status).toBe(413)
      const nameless = {
        method: 'POST',
        path: '/Users',
        data: { schemas: [userUrn], userName: 'x' },
      }
      expect(statuses(await bulk([nameless]))).toEqual(['400'])
    })
  })
})
