// What a browser gets beside a bare page, and that it is nothing more.

import { fastify } from 'fastify'
import { expect, it } from 'vitest'
import { registerPageExtras } from './page-extras.ts'
import { lockedPage } from './pages.ts'

const door = fastify()
registerPageExtras(door)

it('is the style that a page names', async () => {
  const [, path = ''] = /href="([^"]+)"/.exec(lockedPage()) ?? []
  const { statusCode, headers, body } = await door.inject(path)
  expect({ statusCode, type: headers['content-type'] }).toEqual({
    ...{ statusCode: 200, type: 'text/css; charset=utf-8' },
  })
  expect(body).toContain('main {')
})
it('is no picture, and no 404', async () => {
  expect(await door.inject('/favicon.ico')).toMatchObject({ statusCode: 204, body: '' })
})
it('is nothing for who sends something there', async () => {
  const { statusCode } = await door.inject({ method: 'POST', url: '/favicon.ico' })
  expect(statusCode).toBe(404)
})
