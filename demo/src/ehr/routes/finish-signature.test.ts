// Holds what no provider can bring about: a draft edited, or a session changed, while badge and PIN
// were being asked for.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { describe, expect, it } from 'vitest'
import type { Ehr } from '../ehr.ts'
import { silentLog } from '../log.ts'
import { localDate } from '../pages/words.ts'
import { buildRecord } from '../records/build-record.ts'
import { readRecord } from '../records/chart-record.ts'
import type { MedicationRequest, Resource } from '../records/fhir.ts'
import { fourWest } from '../records/sheets-of-4-west.ts'
import { wards } from '../records/ward-sheets.ts'
import { parseSettings } from '../settings.ts'
import type { Answer } from '../sign-in/authorization.ts'
import { createChartSessions } from '../sign-in/chart-sessions.ts'
import { createLastPlaces } from '../sign-in/last-places.ts'
import { createPendingRequests, type PendingSignature } from '../sign-in/pending.ts'
import { createReplayCache } from '../sign-in/replay-cache.ts'
import type { SignIn } from '../sign-in/sign-in-claims.ts'
import { orderHash } from '../signing/canonical-order.ts'
import { createOrderBook, type OrderBook } from '../signing/order-book.ts'
import { finishSignature } from './finish-signature.ts'
import { asPrescribed, signable } from './signable.ts'

const nowMs = Date.UTC(2026, 10, 24, 7, 2)
const orderId = 'order-orla-testcase-4'
const acr = 'urn:wardkey:acr:badge-pin-fresh'

const prescriber: SignIn = {
  sub: 'p-1',
  sid: 's-1',
  issuedAtS: nowMs / 1000,
  authTimeS: nowMs / 1000,
  acr,
  amr: ['user', 'pin'],
  name: 'Imani Okafor',
  role: 'physician',
  zone: '4-west',
  zoneKind: 'nurse-station',
  workstation: '4 West, station 2',
  purpose: 'TREAT',
  session: 's-1',
  authorizationDetails: [],
}

/** The same book, but with other directions in every draft. */
function edited(book: OrderBook): OrderBook {
  const edit = (request: MedicationRequest): MedicationRequest => ({
    ...request,
    dosageInstruction: [{ text: 'Ten capsules at once' }],
  })
  return {
    ...book,
    request: (id) => {
      const request = book.request(id)
      return request && edit(request)
    },
  }
}

function ehrAt(change: (book: OrderBook) => OrderBook = (book) => book): Ehr {
  const { resources, toVerify } = buildRecord(fourWest, wards, nowMs, 1)
  const isOrder = (each: Resource): each is MedicationRequest =>
    each.resourceType === 'MedicationRequest'
  let ids = 0
  const newId = (): string => `id-of-16-letters-${String((ids += 1))}`
  return {
    settings: parseSettings({
      port: 0,
      issuer: 'https://sign-in.example',
      clientId: 'c',
      clientSecret: 'a-made-up-secret-of-32-characters',
    }),
    origin: () => 'http://127.0.0.1:1',
    provider: { now: () => undefined, within: () => Promise.resolve(undefined), close: () => 0 },
    sessions: createChartSessions({ limit: 5, lifeMs: 1000, newId }),
    pending: createPendingRequests(5, 1000),
    lastPlaces: createLastPlaces(5),
    logoutsTaken: createReplayCache(5),
    record: readRecord(resources, wards),
    orders: change(createOrderBook(resources.filter(isOrder), toVerify)),
    log: silentLog,
    downtime: undefined,
    nowMs: () => nowMs,
    newId,
  }
}

const hash = ((): string => {
  const ehr = ehrAt()
  const found = signable(ehr, prescriber, orderId)
  return found ? orderHash(asPrescribed(found, prescriber, localDate(nowMs))) : ''
})()

const answer: Answer = {
  kind: 'token',
  idToken: 't',
  signIn: {
    ...prescriber,
    authorizationDetails: [{ type: 'wardkey_signature', hash, hash_alg: 'sha-256' }],
  },
}

function finish(ehr: Ehr, signIn: SignIn | undefined, sessionId?: string): string {
  const session = signIn && ehr.sessions.open(signIn, 't', nowMs)
  const pending: PendingSignature = {
    kind: 'signature',
    state: 's',
    nonce: 'n',
    codeVerifier: 'v',
    browserId: 'b',
    sessionId: sessionId ?? session?.id ?? 'gone',
    orderId,
    writtenOn: localDate(nowMs),
    ask: { acr, type: 'wardkey_signature', hash, sub: 'p-1', startedAtMs: nowMs },
  }
  const sent: string[] = []
  const reply = { redirect: (url: string) => sent.push(url) } as unknown as FastifyReply
  const cookie = session === undefined ? '' : `larkfield_session=${session.id}`
  const request = { headers: { cookie } } as unknown as FastifyRequest
  finishSignature(ehr, request, reply, pending, answer)
  return sent.join()
}

const notSigned = (why: string): string => `/orders/${orderId}/not-signed?why=${why}`

describe('finishSignature', () => {
  it('signs what is still what was asked for', () => {
    const ehr = ehrAt()
    expect(finish(ehr, prescriber)).toBe(`/patients/orla-testcase#${orderId}`)
    expect(ehr.orders.signatureOf(orderId)).toMatchObject({ name: 'Imani Okafor', hash })
  })

  it('refuses a draft that was edited meanwhile', () => {
    const ehr = ehrAt(edited)
    expect(finish(ehr, prescriber)).toBe(notSigned('order-changed'))
    expect(ehr.orders.signatureOf(orderId)).toBeUndefined()
  })

  it('refuses when the session ended meanwhile, or another was begun in this browser', () => {
    expect(finish(ehrAt(), undefined)).toBe(notSigned('session-over'))
    expect(finish(ehrAt(), prescriber, 'an-older-session')).toBe(notSigned('session-over'))
  })

  it('refuses somebody who may not prescribe any more', () => {
    const ehr = ehrAt()
    expect(finish(ehr, { ...prescriber, role: 'nurse' })).toBe(notSigned('order-changed'))
  })

  it('refuses a second signature', () => {
    const ehr = ehrAt()
    finish(ehr, prescriber)
    expect(finish(ehr, prescriber)).toBe(notSigned('already-signed'))
  })
})
