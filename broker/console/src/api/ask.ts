// The one way from a page to the broker: what it says no with becomes a `Refused`, with the code and
// the next step that the broker gave. Never keeps what it was told.

import type { csrfHeader as CsrfHeader } from '@wardkey/protocol/console/signed-in'
import type { Problem } from '@wardkey/protocol/admin/problem'

/** The protocol's own constant would bring its schemas along: the type holds the two together. */
export const csrfHeader: typeof CsrfHeader = 'x-wardkey-csrf'
const adminPath = '/admin/v1'
const deadlineMs = 20_000
const fileDeadlineMs = 300_000

export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly next: string
  readonly place: string | undefined
  readonly request: string | undefined

  constructor(status: number, told: Partial<Problem>, request?: string) {
    super(told.title ?? 'The broker answered with something that is no answer.')
    this.status = status
    this.code = told.code ?? `http-${String(status)}`
    this.next = told.next ?? 'Try again; if it stays, tell the people who run Wardkey.'
    this.place = told.place
    this.request = request
  }
}

export interface Order {
  readonly method: 'POST' | 'PATCH' | 'PUT'
  readonly path: string
  readonly body?: unknown
  readonly csrf: string
  /** The same for each try of one act, so that it is done once. */
  readonly key: string
  /** What is not under /admin/v1: her own. */
  readonly isConsole?: boolean
}

export function post(path: string): Pick<Order, 'method' | 'path'> {
  return { method: 'POST', path }
}

/** Reads from /admin/v1, with the cookie. */
export async function ask<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return send(`${adminPath}${path}`, { method: 'GET' }, signal)
}

/** A file of the broker's, whole: nobody sees half of one. */
export async function askFile(path: string): Promise<Blob> {
  const response = await fetched(`${adminPath}${path}`, { method: 'GET' }, fileDeadlineMs)
  if (!response.ok) throw refusedOf(response, await response.text())
  return response.blob().catch(() => {
    throw unreachable()
  })
}

/** What is not under /admin/v1: who is signed in. */
export async function askConsole<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return send(path, { method: 'GET' }, signal)
}

export async function change<Answer>(order: Order): Promise<Answer> {
  const headers: Record<string, string> = {
    [csrfHeader]: order.csrf,
    'idempotency-key': order.key,
  }
  if (order.body !== undefined) headers['content-type'] = 'application/json'
  const body = order.body === undefined ? null : JSON.stringify(order.body)
  const under = order.isConsole === true ? '' : adminPath
  return send(`${under}${order.path}`, { method: order.method, headers, body })
}

export async function signOut(csrf: string): Promise<void> {
  await send('/console/sign-out', { method: 'POST', headers: { [csrfHeader]: csrf } })
}

async function send<Answer>(
  address: string,
  init: RequestInit,
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await fetched(address, init, deadlineMs, signal)
  const text = await response.text()
  if (!response.ok) throw refusedOf(response, text)
  // One release, one origin: pages and broker share these shapes (protocol/src/console).
  return (text === '' ? undefined : JSON.parse(text)) as Answer
}

async function fetched(
  address: string,
  init: RequestInit,
  withinMs: number,
  signal?: AbortSignal,
): Promise<Response> {
  const late = AbortSignal.timeout(withinMs)
  return fetch(address, {
    ...init,
    credentials: 'same-origin',
    redirect: 'error',
    signal: signal ? AbortSignal.any([signal, late]) : late,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw unreachable()
  })
}

const unreachable = (): Refused =>
  new Refused(0, {
    code: 'broker-unreachable',
    title: 'The broker does not answer.',
    next: 'Look whether this computer has a network. On the broker’s machine the command line works.',
  })

function refusedOf(response: Response, text: string): Refused {
  const request = response.headers.get('x-request-id') ?? undefined
  const isProblem = response.headers.get('content-type')?.includes('problem+json') ?? false
  const told = isProblem ? (JSON.parse(text) as Partial<Problem>) : {}
  return new Refused(response.status, told, request)
}
