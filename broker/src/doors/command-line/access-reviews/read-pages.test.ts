// A command shows all pages of a review, and asks for nothing but what it was asked for.

import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AdminClient } from '../admin-client.ts'
import { allEntries, allReviews } from './read-pages.ts'

const idOf = (n: number) => `018f3c1e-0000-7000-8000-00000000000${String(n)}`
const shown = (n: number) => ({
  ...{ id: idOf(n), kind: 'by-hand', state: 'open', isHighRiskOnly: false, dueMs: 2 },
  ...{ opened: { by: 'schedule', atMs: 1 }, onSilence: 'tell', items: 3, decided: 0 },
  ...{ certified: 0, revoked: 0, silent: 0, unassigned: 0 },
})
const item = (n: number) => ({
  ...{ id: idOf(n), kind: 'role', what: 'nurse', isHighRisk: false },
  evidence: { source: 'hr', opens: [] },
})

let server: Server
let asked: string[] = []
let status = 200

beforeEach(async () => {
  asked = []
  status = 200
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://kit')
    asked.push(request.url ?? '')
    const isList = pathname.endsWith('/access-reviews')
    const from = Number(searchParams.get('after')?.slice(-1) ?? 0)
    const isLast = from === 2
    const next = isLast ? {} : { next: isList ? `1-${idOf(from + 1)}` : idOf(from + 1) }
    const page = isList
      ? { campaigns: [shown(from + 1)] }
      : { campaign: shown(9), items: [item(from + 1)] }
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ ...page, count: 3, ...next }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  server.close()
})

const client = () => {
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  return new AdminClient({ url, token: 'x', certFile: '' })
}

it('reads all reviews', async () => {
  expect((await allReviews(client())).map(({ id }) => id)).toEqual([1, 2, 3].map(idOf))
  expect(asked).toHaveLength(3)
})

it('reads all entries, and asks each time for the same state and person', async () => {
  const { items } = await allEntries(idOf(9), { state: 'undecided', person: idOf(7) }, client())
  expect(items.map(({ id }) => id)).toEqual([1, 2, 3].map(idOf))
  expect(asked).toHaveLength(3)
  for (const url of asked) {
    const query = new URL(url, 'http://kit').searchParams
    expect(query.get('state')).toBe('undecided')
    expect(query.get('person')).toBe(idOf(7))
  }
})

it('shows nothing where a page is refused', async () => {
  status = 403
  await expect(allEntries(idOf(9), {}, client())).rejects.toThrow()
})
