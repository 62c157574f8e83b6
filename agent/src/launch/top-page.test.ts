// Whether another broker could mend a launch that met the browser's error page: only where the
// ticket was to go there.

import { expect, it } from 'vitest'
import { faultOf, topPageOf } from './top-page.ts'

const broker = 'https://broker.example:8443'
const signIn = { url: `${broker}/launch/chart`, field: 'ticket', ticket: 'T'.repeat(43) }
const errorPage = { url: 'chrome-error://chromewebdata/', unreachableUrl: `${broker}/launch/chart` }

it('knows an error page by what was to be in its place', () => {
  expect(topPageOf({ frame: { id: 'A', ...errorPage } })).toEqual({
    url: 'chrome-error://chromewebdata/',
    unreachedUrl: `${broker}/launch/chart`,
  })
  expect(topPageOf({ frame: { id: 'A', url: 'https://ehr.example/' } })).toEqual({
    url: 'https://ehr.example/',
  })
})

it.each([
  ['a frame inside the page', { frame: { id: 'B', parentId: 'A', ...errorPage } }],
  ['a word that is none of the browser’s', { frame: 'A' }],
  ['nothing', {}],
])('refuses/to take %s for the page', (_name, event) => {
  expect(topPageOf(event)).toBeUndefined()
})

it.each([
  ['where the ticket went', `${broker}/launch/chart`],
  ['where the chart asks who it is', `${broker}/authorize?client_id=chart`],
])('has it asked anew %s', (_name, url) => {
  expect(faultOf(url, { signIn })).toMatchObject({ code: 'sign-in-unreachable' })
})

it.each([
  ['the chart', 'https://ehr.example/chart', signIn],
  ['the broker’s other port', 'https://broker.example/launch/chart', signIn],
  ['the broker’s other scheme', 'http://broker.example:8443/launch/chart', signIn],
  ['a name that only begins like the broker’s', `${broker}0.ehr.example/`, signIn],
  ['no address at all', 'somewhere', signIn],
  ['a page that nobody signs in to', `${broker}/launch/chart`, undefined],
])('refuses/to ask anew for %s', (_name, url, by) => {
  expect(faultOf(url, by ? { signIn: by } : {})).toMatchObject({
    code: 'launch-failed',
    class: 'permanent',
  })
})
