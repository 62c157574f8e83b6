// A server for the pages' own tests: the built pages with a nonce and the policy of contents that
// they must live under, and invented answers to the routes that they ask. It knows nobody and
// nothing of a broker; who is signed in is whoever the test says.

import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { askDecision } from '@wardkey/protocol/admin/fleet/enrolling'
import { alertAssignment, alertClosing } from '@wardkey/protocol/admin/alerts/alerts'
import { evidenceOrder } from '@wardkey/protocol/admin/evidence/evidence'
import { newReview } from '@wardkey/protocol/admin/break-glass'
import { exceptionDecision, exceptionOrder } from '@wardkey/protocol/admin/exceptions/exceptions'
import { policyDecision } from '@wardkey/protocol/admin/policy'
import { problem } from '@wardkey/protocol/admin/problem'
import { lockDone, lockOrder } from '@wardkey/protocol/console/house'
import { entry } from '@wardkey/protocol/admin/access-reviews/entries'
import { csrfHeader, scopesOfRole, signedIn } from '@wardkey/protocol/console/signed-in'
import type { ConsoleRole } from '@wardkey/protocol/console/signed-in'
import { timelineQuery } from '@wardkey/protocol/console/timeline'
import { waiting } from '@wardkey/protocol/console/waiting'
import { inventExceptions } from './invented-exceptions.ts'
import { inventAsks, inventEnrolTokens, inventMinted } from './invented-enrolling.ts'
import { inventEvidence } from './invented-evidence.ts'
import type { HowFar } from './invented-evidence.ts'
import { inventAlert, inventAlerts } from './invented-alerts.ts'
import * as access from './invented-access-reviews.ts'
import * as hospital from './invented-hospital.ts'
import * as reviews from './invented-reviews.ts'
import { inventDisowned, inventFigures, inventOwnRecord } from './invented-own-record.ts'
import {
  inventHolds,
  lookAtForgettings,
  lookAtRetention,
  placeInvented,
} from './record/invented-retention.ts'
import type { RetentionTurn } from './record/invented-retention.ts'
import { inventSpeed } from './invented-speed.ts'
import { inventFeeds, inventStreams } from './invented-streams.ts'
import { inventLocks } from './record/invented-locks.ts'
import { inventKeys } from './record/invented-keys.ts'
import { inventTimeline } from './invented-timeline.ts'
import { inventTokenGrants, inventTokens } from './invented-tokens.ts'

const dist = new URL('../dist/', import.meta.url)
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
}
const csrf = 'an-invented-word-of-the-kit'

export interface ConsoleKit {
  readonly url: string
  /** What a test turns while pages are open. */
  readonly turn: {
    roles: readonly ConsoleRole[]
    isSignedIn: boolean
    /** Everything under /admin/v1 answers 503. */
    isDown: boolean
    /** Lists have nothing in them, as on the first day. */
    isEmpty: boolean
    visits: number
    /** How long each of them lasts, of what is usual: then many are there at once. */
    lasts?: number
    idleMs: number
    /** Every making of evidence. */
    evidence: HowFar
    retention: RetentionTurn
    /** Instead of the clock, so that pictures can be compared. */
    nowMs?: number
  }
  /** What was changed: method, path and body, in their order. */
  readonly acts: { readonly what: string; readonly body: unknown; readonly key: string }[]
  readonly close: () => Promise<void>
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

export async function openConsoleKit(port = 0): Promise<ConsoleKit> {
  const turn: ConsoleKit['turn'] = {
    ...{ roles: ['administrator', 'compliance'], isSignedIn: true, isDown: false, visits: 60 },
    ...{ idleMs: 900_000, evidence: 'gathering' },
    ...{ isEmpty: false, idleMs: 900_000 },
    retention: { isStopped: false, hasNoRule: false },
  }
  const acts: ConsoleKit['acts'] = []
  const closed = new Set<string>()
  const decided = new Map<number, string>()
  const decidedGrants = new Map<string, string>()
  const handled = new Map<string, object>()
  const decidedEntries = new Map<string, string>()
  const decidedExceptions = new Map<string, string>()
  const holdWords = new Map<string, string>()
  const takenTokens = new Set<string>()
  const saidNotMe = new Set<number>()
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = new URL(request.url ?? '/', 'http://kit')
    const { pathname: path } = address
    if (path.startsWith('/console') && !/^\/console\/(session|sign-|own-record(\/|$))/.test(path)) {
      sendFile(path, response)
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    const method = request.method ?? 'GET'
    if (method !== 'GET') {
      if (request.headers[csrfHeader] !== csrf) {
        send(response, 403, no(403, 'csrf-missing'))
        return
      }
      const key = String(request.headers['idempotency-key'] ?? '')
      acts.push({ what: `${method} ${path}`, body, key })
    }
    const query = Object.fromEntries(address.searchParams)
    const [status, said] = route({ method, path, query, body })
    send(response, status, said)
  }

  const route = (asked: Asked): readonly [status: number, body?: unknown] => {
    const { path } = asked
    if (path === '/console/sign-out') {
      turn.isSignedIn = false
      return [204]
    }
    if (!turn.isSignedIn) return [401, no(401, 'not-signed-in')]
    if (path === '/console/session') return [200, sessionOf(turn, csrf)]
    if (turn.isDown) return [503, no(503, 'not-ready')]
    if (path === '/console/own-record') {
      return [200, inventOwnRecord(asked.query, turn.visits, saidNotMe)]
    }
    if (path === '/console/own-record/not-me') return [200, inventDisowned(asked.body, saidNotMe)]
    const [, found] = /^\/admin\/v1(\/.*)$/.exec(path) ?? []
    return found === undefined ? [404, no(404, 'not-found')] : admin({ ...asked, path: found })
  }

  const admin = (asked: Asked): readonly [number, unknown?] => {
    const nowMs = turn.nowMs ?? Date.now()
    const seen = asked.method === 'GET' ? look(asked, nowMs) : act(asked)
    if (seen === 'done') return [204]
    if (seen === undefined) return [404, no(404, 'not-found')]
    return [200, turn.isEmpty ? emptied(seen) : seen]
  }

  const look = ({ path, query }: Asked, nowMs: number): unknown => {
    const [, first = '', second = '', third] = path.split('/')
    if (first === 'house') return hospital.inventHouse(nowMs)
    if (first === 'waiting') return waitingAt(nowMs)
    if (first === 'alerts') {
      if (second !== '') return inventAlert(second, nowMs, handled)
      return inventAlerts(query['closed'] === 'true', kindsOf(turn), nowMs, handled)
    }
    if (first === 'timeline') {
      return inventTimeline(timelineQuery.parse(query), turn.visits, turn.lasts)
    }
    if (first === 'access-reviews') {
      return access.inventAccessReviews({ path, query }, nowMs, decidedEntries)
    }
    if (first === 'access-review-tasks') return access.inventTasks(nowMs)
    if (first === 'locks') return inventLocks(query)
    if (first === 'speed') return inventSpeed(query)
    if (first === 'figures') return inventFigures(nowMs)
    if (first === 'retention') return lookAtRetention(path, nowMs, turn.retention)
    if (first === 'holds') return inventHolds(nowMs, holdWords)
    if (first === 'forgettings') return lookAtForgettings(path, nowMs)
    if (first === 'keys') return inventKeys(nowMs)
    if (first === 'workstations') {
      return second === ''
        ? hospital.inventWorkstations(nowMs)
        : hospital.inventWorkstation(second, nowMs)
    }
    if (first === 'enrolment-asks') return inventAsks(nowMs)
    if (first === 'enrolment-tokens') return inventEnrolTokens(nowMs)
    if (first === 'zones') return hospital.inventZones()
    if (first === 'exceptions') return inventExceptions(nowMs, decidedExceptions)
    if (first === 'tokens') return inventTokens(nowMs, takenTokens)
    if (first === 'streams') return inventStreams(nowMs)
    if (first === 'feeds') return inventFeeds(nowMs)
    if (first === 'modes') return reviews.inventModes(nowMs)
    if (first === 'why') return reviews.inventWhy(second, nowMs)
    if (first === 'people') {
      if (second === '') return hospital.inventPeople()
      if (third === 'badges') return hospital.inventBadges(second, nowMs)
      return hospital.inventPerson(second, nowMs)
    }
    if (first === 'policy') {
      if (second === '') return reviews.inventVersions(nowMs, decided)
      return reviews.inventVersion(Number(second), nowMs, decided)
    }
    if (first === 'token-grants') return inventTokenGrants(nowMs, decidedGrants)
    if (first === 'evidence') return inventEvidence(third, turn.evidence)
    if (first !== 'break-glass') return undefined
    if (second === '') return reviews.inventGrants(query['open'] === 'true', nowMs, closed)
    if (second === 'patterns') return reviews.inventPatterns(Number(query['days'] ?? 90))
    return reviews.inventGrant(second, nowMs, closed)
  }

  /** As the lists themselves have it. */
  const waitingAt = (nowMs: number) => {
    const { alerts } = inventAlerts(false, kindsOf(turn), nowMs, handled)
    const { grants } = reviews.inventGrants(true, nowMs, closed)
    const entries = access.undecided
    if (turn.isEmpty) return waiting.parse({ reviews: 0, alerts: 0, entries: 0 })
    const fresh = alerts.filter(({ state }) => state === 'open')
    return waiting.parse({ reviews: grants.length, alerts: fresh.length, entries })
  }

  const act = ({ path, body }: Asked): unknown => {
    const [, first = '', second = '', third = ''] = path.split('/')
    if (path === '/house/locks') {
      const order = lockOrder.parse(body)
      return lockDone.parse({ screens: order.what === 'zone' ? 4 : 1 })
    }
    if (first === 'break-glass' && third === 'review') {
      newReview.parse(body)
      closed.add(second)
      return 'done'
    }
    if (first === 'alerts') {
      handled.set(second, handledBy(third, body))
      return 'done'
    }
    if (first === 'token-grants' && third === 'decision') {
      decidedGrants.set(second, policyDecision.parse(body).outcome)
      return 'done'
    }
    if (first === 'policy' && third === 'decision') {
      decided.set(Number(second), policyDecision.parse(body).outcome)
      return 'done'
    }
    if (first === 'enrolment-asks') return { outcome: askDecision.parse(body).outcome }
    if (first === 'enrolment-tokens' || third === 'reissue') {
      return third === 'revocation' ? 'done' : inventMinted(Date.now())
    }
    if (path === '/exceptions') {
      exceptionOrder.parse(body)
      return { id: hospital.idOf(9, 9) }
    }
    if (first === 'exceptions') {
      const isEnd = third === 'end'
      decidedExceptions.set(second, isEnd ? 'ended' : exceptionDecision.parse(body).outcome)
      return isEnd ? { sessions: 2 } : 'done'
    }
    if (path === '/badges/find') return hospital.inventFoundBadges(body)
    if (path === '/holds') return placeInvented(body)
    if (first === 'holds') {
      holdWords.set(second, third)
      return 'done'
    }
    if (first === 'tokens') {
      takenTokens.add(second)
      return 'done'
    }
    if (path === '/evidence') {
      evidenceOrder.parse(body)
      return { id: hospital.idOf(8, 1) }
    }
    if (path === '/access-reviews/preview') return access.inventPreview()
    if (first === 'access-reviews' && third === 'items') {
      const { decision } = entry.decision.parse(body)
      decidedEntries.set(path.split('/')[4] ?? '', decision)
      return { outcome: decision === 'revoked' ? 'hr-task' : 'kept' }
    }
    if (third === 'revocation') return { sessions: 1 }
    return first === 'badges' || first === 'people' ? 'done' : undefined
  }

  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  return {
    ...{ url: `http://127.0.0.1:${String(bound)}/console/`, turn, acts },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The same answer with nothing in its lists. */
function emptied(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return answer
  return Object.fromEntries(
    Object.entries(answer).map(([name, held]) => [
      name,
      Array.isArray(held) ? [] : (held as unknown),
    ]),
  )
}

const kindsOf = ({ roles }: ConsoleKit['turn']) =>
  (['people', 'technical'] as const).filter((kind) =>
    roles.some((role) => scopesOfRole[role].includes(`alerts:${kind}`)),
  )

function handledBy(act: string, body: unknown): object {
  if (act === 'acknowledgement') return { state: 'acknowledged' }
  if (act === 'closing') return { state: 'closed', outcome: alertClosing.parse(body).outcome }
  return { state: 'assigned', assignee: alertAssignment.parse(body) }
}

function sessionOf({ roles, idleMs }: ConsoleKit['turn'], word: string) {
  return signedIn.parse({
    ...{ personId: hospital.personIdOf(40), account: 'r.auditor', roles, csrf: word },
    scopes: [...new Set(roles.flatMap((role) => scopesOfRole[role]))],
    endsMs: Date.now() + 8 * 3_600_000,
    ...{ idleMs, hasOwnRecord: true },
  })
}

function no(status: number, code: string) {
  return problem.parse({
    ...{ type: `urn:wardkey:problem:${code}`, status, code },
    title: 'The kit was told to say no here.',
    next: 'Look at what the test turned.',
  })
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (Buffer.isBuffer(body)) {
    response.writeHead(status, { 'content-type': 'application/zip', 'cache-control': 'no-store' })
    response.end(body)
    return
  }
  const type = status >= 400 ? 'application/problem+json; charset=utf-8' : 'application/json'
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

/** An address that is no file is a page's: the pages know what it means. */
function sendFile(path: string, response: ServerResponse): void {
  const name = path.replace(/^\/console\/?/, '')
  const file = new URL(name, dist)
  const isFile = name.startsWith('assets/') && !name.includes('..') && existsSync(file)
  if (isFile) {
    const type = types[extname(name)] ?? 'application/octet-stream'
    response.writeHead(200, { 'content-type': type, 'x-content-type-options': 'nosniff' })
    response.end(readFileSync(file))
    return
  }
  const nonce = randomBytes(16).toString('base64')
  response.writeHead(200, {
    'content-type': types['.html'],
    'cache-control': 'no-store',
    'content-security-policy': policyOfContents(nonce),
  })
  const page = readFileSync(new URL('index.html', dist), 'utf8')
  response.end(page.replaceAll('__NONCE__', nonce))
}

const policyOfContents = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
