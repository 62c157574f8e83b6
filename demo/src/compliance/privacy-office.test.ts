// What the privacy office shows of its reviews: as the record has them, whoever closed them.

import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HeardNotice } from '../demo-messages.ts'
import { closedReviews } from './closed-reviews.ts'
import { PrivacyOffice } from './privacy-office.ts'

const secret = `whsec_${randomBytes(32).toString('base64')}`
const grantId = randomUUID()
const fromMs = Date.UTC(2026, 10, 24, 14, 2)
const iso = (ms: number): string => new Date(ms).toISOString()
const text = JSON.stringify({
  ...{ type: 'wardkey.emergency-access.given', timestamp: iso(fromMs) },
  data: {
    ...{ grantId, place: 'Pharmacy, counter 1', zoneId: 'pharmacy', purpose: 'BTG' },
    ...{ reason: 'covering', reasonLabel: 'I am covering for a colleague' },
    ...{ identity: 'number-and-pin', witnessed: true },
    ...{ from: iso(fromMs), until: iso(fromMs + 60_000), reviewDue: iso(fromMs + 120_000) },
  },
})
const line = (fact: object): string => JSON.stringify({ kind: 'entry', body: JSON.stringify(fact) })
const closed = (grant: string, outcome = 'no-need', code = 'BTG-006'): string =>
  line({ code, fields: { grant, outcome, by: 'token console' } })

let folder: string
let office: PrivacyOffice
let told: readonly HeardNotice[]
const open = () =>
  PrivacyOffice.open({
    file: join(folder, 'notices.json'),
    secret: () => secret,
    onChange: (notices) => (told = notices),
  })
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-office-'))
  told = []
  office = await open()
})
afterEach(async () => {
  await office.close()
  rmSync(folder, { recursive: true, force: true })
})

async function hear(): Promise<void> {
  const [id, at] = [randomUUID(), new Date()]
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, text),
  }
  const answer = await fetch(office.url, { method: 'POST', body: text, headers })
  expect(answer.status).toBe(204)
}

it('shows a review as closed that somebody else closed, and nothing of how it was tried', async () => {
  await hear()
  // No broker is there: it could not be closed from here.
  await office.review(
    { kind: 'review', grantId, outcome: 'appropriate', note: 'x' },
    { port: 1, token: '' },
  )
  expect(told[0]?.trouble).toBeDefined()
  office.noteClosed(closedReviews([closed(grantId)]))
  expect(told).toMatchObject([{ grantId, outcome: 'no-need' }])
  expect(told[0]).not.toHaveProperty('trouble')
})

it('shows it so where the record told of it before the notice came, and after a new start', async () => {
  office.noteClosed(closedReviews([closed(grantId)]))
  expect(told).toEqual([])
  await hear()
  expect(told).toMatchObject([{ outcome: 'no-need' }])
  await office.close()
  office = await open()
  expect(office.notices).toMatchObject([{ outcome: 'no-need' }])
})

it('is told nothing by the review of another, nor by anything that closes none', async () => {
  await hear()
  const others = [
    closed(randomUUID()),
    closed(grantId, 'no-need', 'BTG-005'),
    closed(grantId, 'BTG-006'),
    line({ code: 'ADM-001', fields: { action: 'BTG-006', grant: grantId } }),
    JSON.stringify({ kind: 'checkpoint', note: 'BTG-006' }),
  ]
  office.noteClosed(closedReviews(others))
  expect(office.notices).toHaveLength(1)
  expect(office.notices[0]).not.toHaveProperty('outcome')
})
