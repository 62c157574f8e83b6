// The doors of the broker, opened one after the other: web, workstations, administration.

import formbody from '@fastify/formbody'
import Fastify from 'fastify'
import type { FastifyError, FastifyInstance } from 'fastify'
import { recordKeyOf } from '../broker-core.ts'
import type { Base, Core, Ports } from '../broker-core.ts'
import { registerAccount } from '../doors/account/account-door.ts'
import { consoleOf } from '../account-ways.ts'
import { registerAdmin } from '../doors/admin/admin-door.ts'
import { registerConsole } from '../doors/console/console-door.ts'
import { builtFolder } from '../doors/console/console-pages.ts'
import { makeEnrolmentDoor } from '../doors/enrolment/enrolment-door.ts'
import { makeWorkstationListener } from '../doors/enrolment/workstation-listener.ts'
import { registerFeeds } from '../doors/feeds/feed-door.ts'
import { registerHealth, registerMetrics } from '../doors/health/health-door.ts'
import { watch } from '../doors/health/metrics.ts'
import { registerOidc } from '../doors/oidc/oidc-door.ts'
import { joinOidc } from '../doors/oidc/oidc-parts.ts'
import { closeServer } from '../doors/open-http.ts'
import { problemOf, problemType } from '../doors/problem.ts'
import { registerScim } from '../doors/scim/scim-door.ts'
import { registerWitness } from '../doors/witness/witness-door.ts'
import { withUpdates } from '../doors/updates/update-door.ts'
import type { StreamDesk } from '../doors/streams/stream-desk.ts'
import { WorkstationDoor } from '../doors/workstations/workstation-door.ts'
import { sweepConsoleSessions } from '../flows/console/end-session.ts'
import { runCampaigns } from '../flows/access-reviews/run-campaigns.ts'
import { applyRules } from '../flows/apply-rules.ts'
import { BundleDesk } from '../flows/bundles/bundle-desk.ts'
import type { StepUpDesk } from '../flows/step-up/step-up-desk.ts'
import { waitingNotices } from '../flows/compliance-notice-row.ts'
import { sweepRequests } from '../flows/sweep-requests.ts'
import { sweep } from '../flows/sweep.ts'
import { evidenceOf } from './open-evidence.ts'
import { keyringOf } from './open-keyring.ts'
import type { Feeds } from './open-feeds.ts'
import type { OpenedUpdates } from './open-updates.ts'
import { openSignInKeys } from './open-sign-in-keys.ts'
import { openWitnessBook, witnessKeyOf } from './open-witnesses.ts'
import { every } from '../platform/every.ts'
import { openDowntimeKeys } from '../platform/keys/downtime-keys.ts'
import { listen } from '../platform/listen.ts'
import type { Settings } from '../platform/settings.ts'
import { keyNamesOf } from '../policy/downtime-steps.ts'
import { zoneSettings } from '../policy/zone-settings.ts'
import { countExceptions } from '../flows/exceptions/exception-trend.ts'
import { countReviews } from '../sessions/emergency-grant.ts'
import { openWorkstations } from '../sessions/open-workstations.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs
const sweepMs = 5 * secondMs
/** Ticket keys change with the day, the door's certificate once a year. */
const refreshMs = 60 * minuteMs
/** What is under way when the broker stops may take this long to finish. */
export const drainWithinMs = 5000
const bodyBytesMax = 64 * 1024
/** Connections that may be enrolling or renewing beside those that stay. */
const enrolmentsMax = 256

/** Browsers and EHRs: launch, provider, interactions. Returns the desk where signatures wait. */
export async function openWeb(base: Base, core: Core, ports: Ports): Promise<StepUpDesk> {
  const { settings, keys, shutdown } = base
  const fastify = newFastify(base)
  await fastify.register(formbody)
  const signIn = await openSignInKeys(base, core)
  const { needs, desk } = joinOidc({
    ...core,
    cookieKey: keys.cookieKey,
    jwks: signIn.jwks,
    publicUrl: ports.webUrl,
    clients: core.ehrs.clients,
    launchUrls: core.ehrs.launchUrls,
    privateAddresses: settings['oidc.privateAddresses'],
  })
  const door = await registerOidc(fastify, needs)
  core.notices.joinEhrs(door.tellEhrs)
  signIn.follow(door.useKeys)
  const { accounts } = core
  if (accounts) registerAccount(fastify, { ...core, accounts })
  registerHealth(fastify, base.readiness)
  const book = openWitnessBook(base)
  if (book) await registerWitness(fastify, { book, log: core.log })
  shutdown.add(
    'chores',
    every(minuteMs, 'oidc.sweep-failed', () => needs.models.sweep(core.nowMs()), core.log),
  )
  await ports.web.answerWith(fastify)
  return desk
}

export interface OpenDoor {
  readonly door: WorkstationDoor
  readonly url: string
}

export async function openWorkstationDoor(
  base: Base,
  core: Core,
  desk: StepUpDesk,
  opened: OpenedUpdates | undefined,
): Promise<OpenDoor> {
  const { settings, keys, authority, metrics, shutdown, log } = base
  const door = new WorkstationDoor({
    ...core,
    stepUp: desk,
    monoMs: core.monotonicMs,
    connectionsMax: settings['workstations.connectionsMax'],
    onAnswered: metrics.frameAnswered,
    onInvalid: metrics.frameInvalid,
    onLaunched: core.speed.launched.bind(core.speed),
    bundles: new BundleDesk({
      ...core,
      signKey: keys.bundle,
      pinPepper: keys.pinPepper,
      othersMax: settings['offline.othersMax'],
      findDowntimeKey: openDowntimeKeys(keys.folder, downtimeKeyNames(settings)),
    }),
    onBundle: metrics.bundleSent,
    onOfflineLines: metrics.offlineLines,
    nextAuthority: () => base.authorities.shown,
    isAuthorityLacking: () => base.authorities.isNextLacking,
  })
  core.notices.joinWorkstations(door)
  // Screens that were open when we stopped: locked in the books unless they come back in time.
  door.connections.expect(await openWorkstations(core.db), core.nowMs())
  const { authorities } = base
  const presentLater = () => authorities.presentLater
  const listener = await makeWorkstationListener({
    ...{ keys, authority, log, nowMs: core.nowMs },
    ...{ presentLater, alsoBelieved: () => authorities.caPem },
    connectionsMax: settings['workstations.connectionsMax'] + enrolmentsMax,
    answer: withUpdates(
      { ...core, updates: opened?.updates, files: opened?.files },
      makeEnrolmentDoor({
        ...core,
        ...{ issue: authority.issue, presentLater, nextIssuer: () => authorities.issuer },
        ...{ bundleKey: core.bundleKey, believed: () => authorities.believed },
        isConnected: (id) => door.connections.find(id) !== undefined,
        renewLateMs: settings['workstations.renewLateHours'] * 60 * minuteMs,
        onAnswered: metrics.enrolment,
      }),
    ),
  })
  door.attach(listener.server)
  authorities.follow(async ({ hasEnded }) => {
    await listener.refresh()
    door.believe(authorities.believed)
    if (hasEnded) door.cutOthers()
  })
  const host = settings['workstations.host']
  const port = await listen(listener.server, {
    host,
    port: settings['workstations.port'],
    setting: 'workstations.port',
  })
  shutdown.add('doors', async () => {
    const closed = closeServer(listener.server, drainWithinMs)
    await door.close()
    await closed
  })
  shutdown.add('chores', every(refreshMs, 'tls.refresh-failed', listener.refresh, log))
  return { door, url: `https://${host.includes(':') ? `[${host}]` : host}:${String(port)}` }
}

function downtimeKeyNames({ zones }: Settings): readonly string[] {
  return zones.flatMap(({ rules }) => keyNamesOf(zoneSettings.parse(rules).downtimeSteps))
}

export interface AdminParts {
  readonly streams: StreamDesk
  readonly feeds: Feeds
  readonly updates: OpenedUpdates['updates'] | undefined
}

export async function openAdmin(
  base: Base,
  core: Core,
  { admin }: Ports,
  { connections }: WorkstationDoor,
  opened: AdminParts,
): Promise<void> {
  const { sealer, metrics } = base
  const { streams, feeds, updates } = opened
  const counted = countOpenThings(base, core)
  watch(metrics, {
    connections: () => connections.size,
    storeWaiting: () => core.store.waiting,
    pinsWaiting: () => core.hashing.waiting,
    reviews: () => counted.reviews,
    exceptions: () => counted.exceptions,
    complianceWaiting: () => counted.notices,
    recordSize: () => sealer.head?.size ?? 0,
    witnessBehind: () => base.witnesses.behind,
    checkpointAgeMs: () => (sealer.head ? core.nowMs() - sealer.head.atMs : undefined),
  })
  const fastify = newFastify(base)
  const isWell = () => streams.figures.every(({ failures }) => failures === 0)
  const adminUrl = adminUrlOf(base.settings, admin.url)
  const console = consoleOf(base.settings, base.keys, adminUrl, core.nowMs)
  registerHealth(fastify, base.readiness, () => ({ streams: isWell() ? 'ok' : 'failing' }))
  if (base.settings['metrics.enabled']) registerMetrics(fastify, metrics.registry)
  const head = () => sealer.head
  await registerConsole(fastify, { ...core, console, head, pagesFolder: builtFolder })
  await registerAdmin(fastify, {
    ...core,
    ...{ console, head },
    streams,
    feeds: feeds.desk,
    updates,
    caSha256: () => base.authority.caSha256,
    recordKey: () => recordKeyOf(base),
    recordChain: () => sealer.chain,
    witnessKey: witnessKeyOf(base),
    prove: sealer.prove,
    evidence: evidenceOf(base, core),
    keyring: keyringOf(base),
    connectionOf: (id) => {
      const connection = connections.find(id)
      if (!connection) return undefined
      const { agentVersion, health, lastTapMs } = connection
      const about = health && { reader: health.reader, browser: health.browser }
      return { agentVersion, ...about, ...(lastTapMs === undefined ? {} : { lastTapMs }) }
    },
    onAnswered: metrics.adminRequest,
    keepSpeed: () => core.speed.keep(),
  })
  await registerFeeds(fastify, { ...core, ...feeds })
  await registerScim(fastify, {
    ...core,
    onAnswered: metrics.scimRequest,
    onDropped: metrics.scimDropped,
  })
  await admin.answerWith(fastify)
}

/** What graphs show of reviews and notices; counted once a minute. */
function countOpenThings({ shutdown, log }: Base, core: Core) {
  const counted = {
    reviews: { open: 0, overdue: 0 },
    exceptions: { standing: 0, longestMs: 0 },
    notices: 0,
  }
  const count = async (): Promise<void> => {
    counted.reviews = await countReviews(core.db, core.nowMs())
    counted.exceptions = await countExceptions(core)
    counted.notices = await waitingNotices(core.db)
  }
  shutdown.add('chores', every(minuteMs, 'sweep.failed', count, log))
  return counted
}

/** What time alone brings about. */
export function startChores(
  { shutdown }: Base,
  core: Core,
  { connections }: WorkstationDoor,
): void {
  const needs = { ...core, lost: connections }
  core.notices.joinRules(async (place) => {
    await applyRules(place, core)
  })
  shutdown.add(
    'chores',
    every(sweepMs, 'sweep.failed', () => sweep(needs), core.log),
  )
  shutdown.add(
    'chores',
    every(minuteMs, 'sweep.failed', () => sweepDoors(core), core.log),
  )
  shutdown.add(
    'chores',
    every(minuteMs, 'speed.not-kept', () => core.speed.keep(), core.log),
  )
  shutdown.add(
    'chores',
    every(minuteMs, 'access-reviews.failed', () => runCampaigns(core), core.log),
  )
  shutdown.add(
    'chores',
    every(refreshMs, 'speed.not-kept', () => core.speed.sweep(), core.log),
  )
}

async function sweepDoors({ store, nowMs }: Core): Promise<void> {
  await sweepRequests(store, nowMs())
  await sweepConsoleSessions(store, nowMs())
}

function adminUrlOf(settings: Settings, own: string): string {
  const said = settings['admin.publicUrl']
  return said === '' ? own : new URL(said).origin
}

function newFastify({ shutdown, log }: Base): FastifyInstance {
  const fastify = Fastify({ logger: false, bodyLimit: bodyBytesMax })
  fastify.setNotFoundHandler((_request, reply) =>
    reply.code(404).type(problemType).send(problemOf(404, 'not-found')),
  )
  fastify.setErrorHandler((error: FastifyError, _request, reply) => {
    // Fastify's own refusals have a status; what is left is ours, and nobody's business outside.
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500
    if (status === 500) log.error('web.failed', { reason: error.name, code: error.code })
    const code = status === 500 ? 'internal' : 'request-not-understood'
    return reply.code(status).type(problemType).send(problemOf(status, code))
  })
  shutdown.add('chores', () => fastify.close())
  return fastify
}
