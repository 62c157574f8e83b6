// The HTTP side of the workstations' port: enrol with a token, ask without one, renew with the
// certificate at hand. Everything else there is answered with a problem. Sockets are another
// door's (doors/workstations).

import type { IncomingMessage, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import { z } from 'zod'
import {
  enrolPath,
  enrolRequest,
  renewPath,
  renewRequest,
} from '@wardkey/protocol/workstation/enrolment'
import type { IdentityAnswer } from '@wardkey/protocol/workstation/enrolment'
import { askPath, askRequest } from '@wardkey/protocol/workstation/fleet/asking'
import type { AskWaits } from '@wardkey/protocol/workstation/fleet/asking'
import { askToEnrol, findWaiting } from '../../flows/enrolment/ask-to-enrol.ts'
import type { AskNeeds } from '../../flows/enrolment/ask-to-enrol.ts'
import { enrolWorkstation } from '../../flows/enrolment/enrol-workstation.ts'
import type { Certified } from '../../flows/enrolment/enrol-workstation.ts'
import type { Perform } from '../../flows/perform.ts'
import { renewWorkstation } from '../../flows/enrolment/renew-workstation.ts'
import type { RenewNeeds } from '../../flows/enrolment/renew-workstation.ts'
import { parseCertificateRequest } from '../../platform/authority/certificate-request.ts'
import { findLatePeer } from '../../platform/authority/peer-certificate.ts'
import type { PeerWorkstation } from '../../platform/authority/peer-certificate.ts'
import { Fault } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import { KnockLimits } from '../knock-limits.ts'
import { problemOf, problemType } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'
import { readJson } from './read-json.ts'

export interface EnrolmentNeeds extends RenewNeeds, AskNeeds {
  readonly perform: Perform
  /** The authorities whose certificates are taken now, as PEM. */
  readonly believed: () => readonly string[]
  /** What bundles are signed with, as workstations are told; absent where none are made. */
  readonly bundleKey?: string
  readonly log: Log
  readonly monotonicMs: () => number
  /** For metrics: the code of the answer, or `certified`. */
  readonly onAnswered?: (outcome: string) => void
}

/**
 * A roll-out behind one address goes on; guessing does not (tokens have 256 random bits anyway).
 */
const perAddress = { capacity: 20, refillMs: 3000 }
const overall = { capacity: 400, refillMs: 150 }
/** Whoever waits for a yes asks every five seconds: a room full of them behind one address. */
const asksPerAddress = { capacity: 40, refillMs: 200 }
const asksOverall = { capacity: 600, refillMs: 10 }

type Handler = (request: IncomingMessage, response: ServerResponse) => void

interface No {
  readonly status: number
  readonly code: ProblemCode
  readonly retryAfterMs?: number
}

type Outcome =
  | { readonly kind: 'identity'; readonly identity: IdentityAnswer }
  | { readonly kind: 'waits'; readonly waits: AskWaits }
  | { readonly kind: 'no'; readonly no: No }

/** Never throws and never leaves a request without an answer. */
export function makeEnrolmentDoor(needs: EnrolmentNeeds): Handler {
  // Counts of their own: strangers must not use up what renewing workstations need.
  const limits: Limits = {
    [enrolPath]: new KnockLimits(perAddress, overall),
    [askPath]: new KnockLimits(asksPerAddress, asksOverall),
    [renewPath]: new KnockLimits(perAddress, overall),
    unproved: new KnockLimits(perAddress, overall),
    recordedAsks: new KnockLimits(perAddress, overall),
  }
  return (request, response) => {
    answer(request, needs, limits)
      .catch((thrown: unknown): Outcome => {
        const code = thrown instanceof Fault ? thrown.code : 'internal'
        needs.log.error('enrolment.failed', { code })
        return no(503, code)
      })
      .then(
        (outcome) => {
          needs.onAnswered?.(outcomeName(outcome))
          send(response, outcome)
        },
        () => {
          response.destroy()
        },
      )
  }
}

interface Limits extends Readonly<Record<Path, KnockLimits>> {
  readonly unproved: KnockLimits
  /** Whoever waits costs a look; every other ask is a line in the record, for ever. */
  readonly recordedAsks: KnockLimits
}

const paths = [enrolPath, askPath, renewPath] as const
type Path = (typeof paths)[number]

async function answer(
  request: IncomingMessage,
  needs: EnrolmentNeeds,
  limits: Limits,
): Promise<Outcome> {
  const path = paths.find((one) => one === request.url)
  if (path === undefined) return no(404, 'not-found')
  if (request.method !== 'POST') return no(405, 'not-allowed')
  // A page in somebody's browser has an Origin; a workstation has none.
  if (request.headers.origin !== undefined) return no(403, 'not-allowed')
  const address = request.socket.remoteAddress ?? 'gone'
  const peer = path === renewPath ? peerOf(request, needs) : undefined
  const now = needs.monotonicMs()
  const isUnproved = path === renewPath && !peer
  const limit = isUnproved ? limits.unproved : limits[path]
  const waitMs = limit.take(peer?.workstationId ?? address, now)
  if (waitMs > 0) return no(429, 'too-many-requests', waitMs)
  if (isUnproved) return no(401, 'certificate-missing')
  const body = await readJson(request)
  if (body.kind === 'no') return no(body.status, body.code)
  if (peer) return renew(body.value, address, peer, needs)
  return path === askPath
    ? ask(body.value, address, needs, limits.recordedAsks)
    : enrol(body.value, address, needs)
}

function peerOf({ socket }: IncomingMessage, needs: EnrolmentNeeds): PeerWorkstation | undefined {
  if (!(socket instanceof TLSSocket)) return undefined
  return findLatePeer(socket, needs.nowMs(), needs.believed())
}

async function enrol(body: unknown, address: string, needs: EnrolmentNeeds): Promise<Outcome> {
  const asked = await parseAsked(enrolRequest, body)
  if (!asked) return no(400, 'request-not-understood')
  const { csrPem: _csrPem, ...about } = asked.request
  const order = { ...about, publicKey: asked.publicKey, address }
  return outcomeOf((await needs.perform(() => enrolWorkstation(order, needs))).answer, needs)
}

async function ask(
  body: unknown,
  address: string,
  needs: EnrolmentNeeds,
  recorded: KnockLimits,
): Promise<Outcome> {
  const asked = await parseAsked(askRequest, body)
  if (!asked) return no(400, 'request-not-understood')
  const { csrPem: _csrPem, ...about } = asked.request
  const order = { ...about, publicKey: asked.publicKey, address }
  const before = await findWaiting(order, needs)
  if (before) return { kind: 'waits', waits: before }
  const waitMs = recorded.take(address, needs.monotonicMs())
  if (waitMs > 0) return no(429, 'too-many-requests', waitMs)
  const { answer: said } = await needs.perform(() => askToEnrol(order, needs))
  if (said.kind === 'waits') return said
  return said.kind === 'full' ? no(429, 'enrolment-full', fullWaitMs) : outcomeOf(said, needs)
}

/** Somebody has to decide about others first. */
const fullWaitMs = 60_000

async function renew(
  body: unknown,
  address: string,
  peer: PeerWorkstation,
  needs: EnrolmentNeeds,
): Promise<Outcome> {
  const asked = await parseAsked(renewRequest, body)
  if (!asked) return no(400, 'request-not-understood')
  const { hardware } = asked.request
  const order = { peer, publicKey: asked.publicKey, hardware, address }
  const done = await needs.perform(() => renewWorkstation(order, needs))
  return outcomeOf(done.answer, needs)
}

async function parseAsked<T extends { csrPem: string }>(
  schema: z.ZodType<T>,
  body: unknown,
): Promise<{ request: T; publicKey: ArrayBuffer } | undefined> {
  const request = schema.safeParse(body)
  if (!request.success) return undefined
  const csr = await parseCertificateRequest(request.data.csrPem)
  return csr.kind === 'parsed' ? { request: request.data, publicKey: csr.publicKey } : undefined
}

function outcomeOf(certified: Certified, { bundleKey }: EnrolmentNeeds): Outcome {
  if (certified.kind === 'refused') return no(403, certified.code)
  const { workstationId, issued } = certified
  const { pem: certificatePem, caPem, notAfterMs } = issued
  const signs = bundleKey === undefined ? {} : { bundleKey }
  const identity = { workstationId, certificatePem, caPem, notAfterMs, ...signs }
  return { kind: 'identity', identity }
}

function no(status: number, code: ProblemCode, retryAfterMs?: number): Outcome {
  const no = { status, code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  return { kind: 'no', no }
}

function send(response: ServerResponse, outcome: Outcome): void {
  if (response.destroyed) return
  const { status, type, body } = wireOf(outcome)
  const wait = outcome.kind === 'no' ? outcome.no.retryAfterMs : undefined
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // One request a connection: what is left over is sockets, and those are another door's.
    connection: 'close',
    ...(wait === undefined ? {} : { 'retry-after': String(Math.ceil(wait / 1000)) }),
  })
  response.end(body)
}

function wireOf(outcome: Outcome): { status: number; type: string; body: string } {
  const type = 'application/json; charset=utf-8'
  switch (outcome.kind) {
    case 'identity':
      return { status: 200, type, body: JSON.stringify(outcome.identity) }
    case 'waits':
      return { status: 202, type, body: JSON.stringify(outcome.waits) }
    case 'no': {
      const { status, code } = outcome.no
      return { status, type: problemType, body: JSON.stringify(problemOf(status, code)) }
    }
  }
}

function outcomeName(outcome: Outcome): string {
  if (outcome.kind === 'no') return outcome.no.code
  return outcome.kind === 'waits' ? 'waits' : 'certified'
}
