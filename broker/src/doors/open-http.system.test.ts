// What a port says while there is nobody behind it yet, over a real socket, in the words of whoever
// asks there.

import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openHttp } from './open-http.ts'
import type { HttpPort } from './open-http.ts'

describe('a port whose broker is starting', () => {
  let port: HttpPort

  beforeEach(async () => {
    port = await openHttp({ host: '127.0.0.1', port: 0, setting: 'admin.port' }, undefined)
  })
  afterEach(() => port.close(1000))

  it.each(['/scim/v2/Users?startIndex=1', '/scim/v2', '/scim/v1/Users'])(
    'says so to HR at %s as RFC 7644 has errors',
    async (path) => {
      const answer = await fetch(`${port.url}${path}`)
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/)
      expect(await answer.json()).toEqual({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '503',
        detail: 'The broker is starting or stopping. Try again in a few seconds.',
      })
    },
  )

  it.each(['/', '/scimmed', '/admin/v1/people', '/x?/scim/v2'])(
    'says so to everybody else at %s as a problem',
    async (path) => {
      const answer = await fetch(`${port.url}${path}`)
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(await answer.json()).toMatchObject({ status: 503, code: 'not-ready' })
    },
  )

  it('says it no more once somebody answers', async () => {
    const fastify = Fastify()
    fastify.get('/scim/v2/Users', () => ({ totalResults: 0 }))
    await port.answerWith(fastify)
    expect(await (await fetch(`${port.url}/scim/v2/Users`)).json()).toEqual({ totalResults: 0 })
    await fastify.close()
  })
})
