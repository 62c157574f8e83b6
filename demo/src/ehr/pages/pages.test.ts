// Holds that no name, place, drug or note of a record or a token changes the markup of any page.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildRecord } from '../records/build-record.ts'
import { readRecord } from '../records/chart-record.ts'
import type { MedicationRequest, Resource } from '../records/fhir.ts'
import type { SheetRow, Ward } from '../records/ward-sheets.ts'
import type { SignIn } from '../sign-in/sign-in-claims.ts'
import { createOrderBook } from '../signing/order-book.ts'
import { chartPage, patientBanner } from './chart-page.ts'
import { framedPage } from './frame.ts'
import { draftCard, signedCard } from './order-card.ts'
import { verificationPage } from './verification-page.ts'
import { nextDose, wardPage, wardsPage } from './ward-page.ts'

const nowMs = Date.UTC(2026, 10, 24, 7, 2)
const isOrder = (each: Resource): each is MedicationRequest =>
  each.resourceType === 'MedicationRequest'

function rowSaying(text: string): SheetRow {
  return {
    id: 'p',
    mrn: text,
    family: text,
    given: text,
    gender: 'female',
    birthDate: '1958-03-14',
    wardId: 'w',
    bed: '1',
    reason: text,
    admittedDaysAgo: 1,
    allergy: { to: text, reaction: text },
    vitals: {
      heartRate: 150,
      systolic: 90,
      diastolic: 50,
      breaths: 30,
      saturation: 80,
      temperature: 39,
    },
    orders: [
      {
        kind: 'draft',
        drug: text,
        directions: text,
        quantity: { value: 1, unit: text },
        prescriber: text,
      },
      {
        kind: 'to-verify',
        drug: text,
        directions: text,
        check: text,
        prescriber: text,
        priority: 'stat',
        times: ['08:00'],
      },
    ],
  }
}

function everyPage(text: string): string {
  const ward: Ward = { id: 'w', name: text, service: text }
  const { resources, toVerify } = buildRecord([rowSaying(text)], [ward], nowMs, 1)
  const record = readRecord(resources, [ward])
  const book = createOrderBook(resources.filter(isOrder), toVerify)
  const stay = record.stay('p')
  const draft = book.ordersOf('p')[0]
  if (stay === undefined || draft === undefined) throw new Error('the sheet was not read')
  const signIn: SignIn = {
    sub: text,
    sid: text,
    issuedAtS: nowMs / 1000,
    authTimeS: nowMs / 1000,
    acr: text,
    amr: [text],
    name: text,
    role: text,
    zone: text,
    zoneKind: text,
    workstation: text,
    purpose: 'BTG',
    session: 's-1',
    authorizationDetails: [],
  }
  const viewer = { maySign: true, name: text, formToken: text }
  const signature = {
    ...signIn,
    atS: nowMs / 1000,
    issuer: text,
    hash: text,
    idToken: text,
  }
  const vitals = record.vitals('p')
  const orders = book.ordersOf('p')
  const cards = [draftCard(draft, viewer), signedCard(draft, signature, viewer)]
  const bodies = [
    wardPage(ward, [{ stay, vitals, orders }], nowMs),
    wardsPage([ward]),
    patientBanner(stay, nowMs),
    chartPage({ vitals, orders, cards, isUnverified: () => true }),
    verificationPage(
      book.queue().map((item) => ({ item, stay, wardName: text })),
      text,
    ),
  ]
  const places = [{ href: '/', label: text, current: true }]
  return bodies.map((body) => framedPage({ title: text, signIn, places, body }).text).join('')
}

const tags = (page: string): string[] => page.match(/<[^>]*>/g) ?? []
const withoutValues = (tag: string): string => tag.replace(/"[^"]*"/g, '""')

describe('every page', () => {
  const plain = tags(everyPage('x')).map(withoutValues)

  it('has the same tags and attributes whatever the record and the token say', () => {
    const marks = fc.constantFrom('<', '>', '"', "'", '`', '&', '=', '/', ' ', 'a', '-->', '\n')
    const hostile = fc.oneof(
      fc.string({ minLength: 1, unit: marks }),
      fc.string({ minLength: 1 }),
      fc.constant('"><script src=//evil.example></script>'),
    )
    fc.assert(
      fc.property(hostile, (text) => {
        expect(tags(everyPage(text)).map(withoutValues)).toEqual(plain)
      }),
      { numRuns: 60 },
    )
  })

  it('has no inline script and no inline style', () => {
    const page = everyPage('x')
    expect(page).not.toMatch(/<style|style="|\son\w+="|javascript:/)
    expect(page.match(/<script[^>]*>[^<]/g)).toBeNull()
  })
})

describe('the next dose', () => {
  const order = (drug: string, timeOfDay: string[], status: 'active' | 'draft' = 'active') =>
    ({
      status,
      medicationCodeableConcept: { text: drug },
      dosageInstruction: [{ text: '', timing: { repeat: { timeOfDay } } }],
    }) as unknown as MedicationRequest

  it('is the first from now on, and tomorrow’s first when today has none', () => {
    const orders = [order('a', ['08:00:00', '20:00:00']), order('b', ['12:00:00'])]
    expect(nextDose(orders, '09:00')).toEqual({ time: '12:00', drug: 'b' })
    expect(nextDose(orders, '20:00')).toEqual({ time: '20:00', drug: 'a' })
    expect(nextDose(orders, '21:00')).toEqual({ time: '08:00', drug: 'a' })
  })

  it('is never one of a draft', () => {
    expect(nextDose([order('a', ['08:00:00'], 'draft')], '07:00')).toBeUndefined()
  })
})
