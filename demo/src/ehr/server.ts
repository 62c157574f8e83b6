// Puts Larkfield Chart together and listens on loopback. The one place that constructs its parts.

import { randomBytes } from 'node:crypto'
import formbody from '@fastify/formbody'
import fastify, { type FastifyInstance } from 'fastify'
import { createDowntimeSheets } from './downtime/downtime-sheets.ts'
import type { Ehr } from './ehr.ts'
import { silentLog, type Log } from './log.ts'
import { buildRecord } from './records/build-record.ts'
import { readRecord } from './records/chart-record.ts'
import type { MedicationRequest, Resource } from './records/fhir.ts'
import { fourWest } from './records/sheets-of-4-west.ts'
import { fiveEast } from './records/sheets-of-5-east.ts'
import { wards } from './records/ward-sheets.ts'
import { addAssetRoutes } from './routes/asset-routes.ts'
import { addChartRoutes } from './routes/chart-routes.ts'
import { addDowntimeRoutes } from './routes/downtime-routes.ts'
import { addFhirRoutes } from './routes/fhir-routes.ts'
import { guardEveryRequest } from './routes/guard.ts'
import { addLogoutRoute } from './routes/logout-route.ts'
import { addOrderRoutes } from './routes/order-routes.ts'
import { sendNotice } from './routes/send.ts'
import { addSessionRoutes } from './routes/session-routes.ts'
import { addSignInRoutes } from './routes/sign-in-routes.ts'
import { parseSettings, type EhrSettings, type ReadySettings } from './settings.ts'
import { createChartSessions } from './sign-in/chart-sessions.ts'
import { createLastPlaces } from './sign-in/last-places.ts'
import { createPendingRequests } from './sign-in/pending.ts'
import { discoverProvider, searchProvider } from './sign-in/provider.ts'
import { createReplayCache } from './sign-in/replay-cache.ts'
import { createOrderBook } from './signing/order-book.ts'

const hourMs = 3_600_000
const sessionLifeMs = 12 * hourMs
const pendingLifeMs = 10 * 60_000
const mostSessions = 500
const mostPending = 200
const mostLogouts = 10_000
const bodyBytes = 32 * 1024

export interface RunningEhr {
  /** The origin to open in a browser, without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

const isOrder = (each: Resource): each is MedicationRequest =>
  each.resourceType === 'MedicationRequest'

function createEhr(settings: ReadySettings, log: Log, origin: () => string): Ehr {
  const newId = (): string => randomBytes(24).toString('base64url')
  const nowMs = (): number => Date.now()
  const { resources, toVerify } = buildRecord(
    [...fourWest, ...fiveEast],
    wards,
    nowMs(),
    settings.seed,
  )
  const record = readRecord(resources, wards)
  const orders = createOrderBook(resources.filter(isOrder), toVerify)
  const { downtime } = settings
  return {
    settings,
    origin,
    log,
    nowMs,
    newId,
    provider: searchProvider(() => discoverProvider(settings), log),
    sessions: createChartSessions({ limit: mostSessions, lifeMs: sessionLifeMs, newId }),
    pending: createPendingRequests(mostPending, pendingLifeMs),
    lastPlaces: createLastPlaces(mostSessions),
    logoutsTaken: createReplayCache(mostLogouts),
    record,
    orders,
    downtime:
      downtime.length > 0 ? createDowntimeSheets(downtime, { record, orders, nowMs }) : undefined,
  }
}

async function addRoutes(app: FastifyInstance, ehr: Ehr): Promise<void> {
  guardEveryRequest(app, ehr)
  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    ehr.log.warn('request.failed', { status, error: error instanceof Error ? error.name : '' })
    return sendNotice(reply, 'trouble', status >= 400 && status < 500 ? status : 500)
  })
  await app.register(formbody, { bodyLimit: bodyBytes })
  addChartRoutes(app, ehr)
  addSignInRoutes(app, ehr)
  addOrderRoutes(app, ehr)
  addLogoutRoute(app, ehr)
  addSessionRoutes(app, ehr)
  addFhirRoutes(app, ehr)
  addDowntimeRoutes(app, ehr)
  await addAssetRoutes(app)
}

/**
 * Starts the demo EHR. It is up before the provider is: sign-in answers “not reachable” until then.
 *
 * Refuses settings that do not parse, and a port that is taken (the system’s own EADDRINUSE).
 */
export async function startEhr(input: EhrSettings, log: Log = silentLog): Promise<RunningEhr> {
  const settings = parseSettings(input)
  const app = fastify({
    bodyLimit: bodyBytes,
    requestTimeout: 10_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
  })
  let origin = settings.publicUrl === undefined ? '' : new URL(settings.publicUrl).origin
  const ehr = createEhr(settings, log, () => origin)
  const reading = setInterval(() => ehr.downtime?.refresh(), settings.downtimeEveryMs)
  const close = async (): Promise<void> => {
    clearInterval(reading)
    ehr.provider.close()
    ehr.sessions.close()
    await app.close()
  }
  try {
    await addRoutes(app, ehr)
    const listening = await app.listen({ host: '127.0.0.1', port: settings.port })
    if (origin === '') origin = new URL(listening).origin
  } catch (error) {
    await close()
    throw error
  }
  return { url: origin, close }
}
