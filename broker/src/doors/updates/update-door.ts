// Updates on the workstations' port: a workstation asks, begins, tells what became of it, and
// fetches files by ranges. Only with its own certificate; what is not of this door is somebody
// else's.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WorkstationId } from '@wardkey/protocol/ids'
import {
  updateFilePath,
  updatePath,
  updateRequest,
} from '@wardkey/protocol/workstation/updates/update-exchange'
import type {
  UpdateAnswer,
  UpdateRequest,
} from '@wardkey/protocol/workstation/updates/update-exchange'
import type { FlowNeeds } from '../../flows/flow-needs.ts'
import type { Perform } from '../../flows/perform.ts'
import { askUpdate, beginUpdate } from '../../flows/updates/ask-update.ts'
import { endUpdate, takeBackBegin } from '../../flows/updates/end-update.ts'
import type { UpdateNeeds } from '../../flows/updates/update-needs.ts'
import { Fault } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import type { Store } from '../../store/store.ts'
import { readJson } from '../enrolment/read-json.ts'
import { KnockLimits } from '../knock-limits.ts'
import { problemOf, problemType } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'
import { findConnecting } from '../workstations/admit-socket.ts'
import type { FileDesk } from './file-desk.ts'

export interface UpdateDoorNeeds extends UpdateNeeds, FlowNeeds {
  readonly store: Pick<Store, 'commit'>
  readonly perform: Perform
  readonly log: Log
  readonly monotonicMs: () => number
  /** Absent where updates are not set up. */
  readonly files: FileDesk | undefined
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A workstation asks a few times an hour, and fetches in a few pieces. */
const perWorkstation = { capacity: 30, refillMs: 10_000 }
const overall = { capacity: 2000, refillMs: 5 }

/** What is not about updates goes to `others`. */
export function withUpdates(needs: UpdateDoorNeeds, others: Handler): Handler {
  const limits = new KnockLimits(perWorkstation, overall)
  return (request, response) => {
    const url = request.url ?? ''
    if (url !== updatePath && !url.startsWith(updateFilePath)) {
      others(request, response)
      return
    }
    answer(request, response, needs, limits).catch((thrown: unknown) => {
      const code = thrown instanceof Fault ? thrown.code : 'internal'
      needs.log.error('updates.failed', { code })
      if (response.headersSent) response.destroy()
      else sendNo(response, 503, code)
    })
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  needs: UpdateDoorNeeds,
  limits: KnockLimits,
): Promise<void> {
  const isFile = request.url !== updatePath
  if (request.method !== (isFile ? 'GET' : 'POST')) {
    sendNo(response, 405, 'not-allowed')
    return
  }
  if (request.headers.origin !== undefined) {
    sendNo(response, 403, 'not-allowed')
    return
  }
  const from = await findConnecting(needs.db, request.socket, needs.nowMs())
  if (from.kind === 'refused') {
    sendNo(response, from.status, from.status === 401 ? 'certificate-missing' : 'not-allowed')
    return
  }
  const waitMs = limits.take(from.workstationId, needs.monotonicMs())
  if (waitMs > 0) {
    sendNo(response, 429, 'too-many-requests', waitMs)
    return
  }
  if (isFile) await sendFile(request, response, from.workstationId, needs)
  else await say(request, response, from.workstationId, needs)
}

async function say(
  request: IncomingMessage,
  response: ServerResponse,
  id: WorkstationId,
  needs: UpdateDoorNeeds,
): Promise<void> {
  const body = await readJson(request)
  if (body.kind === 'no') {
    sendNo(response, body.status, body.code)
    return
  }
  const asked = updateRequest.safeParse(body.value)
  if (!asked.success) {
    sendNo(response, 400, 'request-not-understood')
    return
  }
  const said = JSON.stringify(await told(asked.data, id, needs))
  head(response, 200, 'application/json; charset=utf-8', Buffer.byteLength(said))
  response.end(said)
}

async function told(
  request: UpdateRequest,
  id: WorkstationId,
  needs: UpdateDoorNeeds,
): Promise<UpdateAnswer> {
  switch (request.kind) {
    case 'ask':
      return askUpdate(id, request, needs)
    case 'begin':
      return (await needs.perform(() => beginUpdate(id, request, needs))).answer
    case 'not-begun':
      return (await needs.perform(() => takeBackBegin(id, request, needs))).answer
    case 'ended':
      return (await needs.perform(() => endUpdate(id, request, needs))).answer
  }
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  id: WorkstationId,
  { files }: UpdateDoorNeeds,
): Promise<void> {
  const name = (request.url ?? '').slice(updateFilePath.length)
  const found = await files?.open(name, request.headers.range, id)
  if (!found || found.kind === 'missing') {
    sendNo(response, 404, 'not-found')
  } else if (found.kind === 'busy') {
    sendNo(response, 503, 'busy', found.retryAfterMs)
  } else if (found.kind === 'no-such-range') {
    response.setHeader('content-range', `bytes */${String(found.size)}`)
    sendNo(response, 416, 'request-not-understood')
  } else {
    const { from, until, size } = found
    const range = `bytes ${String(from)}-${String(until - 1)}/${String(size)}`
    if (found.isPart) response.setHeader('content-range', range)
    response.setHeader('accept-ranges', 'bytes')
    head(response, found.isPart ? 206 : 200, 'application/octet-stream', until - from)
    await found.sendTo(response)
  }
}

function sendNo(
  response: ServerResponse,
  status: number,
  code: ProblemCode,
  retryAfterMs?: number,
): void {
  if (response.destroyed) return
  if (retryAfterMs !== undefined) {
    response.setHeader('retry-after', String(Math.ceil(retryAfterMs / 1000)))
  }
  const body = JSON.stringify(problemOf(status, code))
  head(response, status, problemType, Buffer.byteLength(body))
  response.end(body)
}

function head(response: ServerResponse, status: number, type: string, length: number): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
}
