// Builds the broker from its parts and starts it: store, record, flows, doors. The one place that
// constructs; what each part does is its own.

import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import formbody from '@fastify/formbody'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { workstationId } from '@wardkey/protocol/ids'
import { PersonKeys } from './audit/person-keys.ts'
import { Sealer } from './audit/sealer.ts'
import { verifierKey } from './audit/signed-note.ts'
import type { NoteSigner } from './audit/signed-note.ts'
import { makeEnrolmentDoor } from './doors/enrolment/enrolment-door.ts'
import { makeWorkstationListener } from './doors/enrolment/workstation-listener.ts'
import { registerOidc } from './doors/oidc/oidc-door.ts'
import type { OidcDoor } from './doors/oidc/oidc-door.ts'
import { joinOidc } from './doors/oidc/oidc-parts.ts'
import { WorkstationDoor } from './doors/workstations/workstation-door.ts'
import { makeCheckPin } from './flows/check-pin.ts'
import { declareZone, isDeclared } from './flows/declare-zone.ts'
import type { EnterPinNeeds } from './flows/enter-pin.ts'
import { makePerform } from './flows/perform.ts'
import type { Perform } from './flows/perform.ts'
import type { Notice } from './flows/recorded.ts'
import { sweep } from './flows/sweep.ts'
import { PinHashing } from './identity/pin-hashing.ts'
import { makeVerifyPin } from './identity/verify-pin.ts'
import { makePlanLaunch } from './launch/plan-launch.ts'
import { openAuthority } from './platform/authority/authority.ts'
import type { Authority } from './platform/authority/authority.ts'
import { systemClock } from './platform/clock.ts'
import { Fault } from './platform/fault.ts'
import { openKeys } from './platform/keys/keys.ts'
import type { Keys } from './platform/keys/keys.ts'
import { listen } from './platform/listen.ts'
import type { Log } from './platform/log.ts'
import type { Settings } from './platform/settings.ts'
import { openPostgresStore } from './store/postgres-store.ts'
import { openSqliteStore } from './store/sqlite-store.ts'
import type { Store } from './store/store.ts'
import { oidcClientsOf } from './start-settings.ts'

const hourMs = 3_600_000
const sweepEveryMs = 5000
const pinDigitsMax = 12

/** What the command line and the demo need to run flows beside the doors. */
export type BrokerNeeds = EnterPinNeeds & {
  readonly store: Store
  readonly log: Log
  readonly hashing: PinHashing
  readonly personKeys: PersonKeys
  readonly pinDigits: { readonly min: number; readonly max: number }
  readonly brokers: readonly string[]
  readonly random: (bytes: number) => Buffer
}

export interface RunningBroker {
  readonly webUrl: string
  readonly workstationPort: number
  readonly caPem: string
  readonly caSha256: string
  /** Of the record, as auditors are given it. */
  readonly vkey: string
  readonly needs: BrokerNeeds
  readonly sealer: Sealer
  readonly door: WorkstationDoor
  /** Stops taking, finishes what is under way, seals a last checkpoint. */
  close(): Promise<void>
}

/** Throws Fault with a code where something it leans on is not there; nothing is served then. */
export async function startBroker(
  settings: Settings,
  log: Log,
  onFatal: (cause: Error) => void,
): Promise<RunningBroker> {
  const keys = await openKeys(settings)
  const store = await openStore(settings, onFatal)
  const signer: NoteSigner = { name: settings['record.origin'], key: keys.record }
  const { nowMs } = systemClock
  const sealer = new Sealer({ store, signer, nowMs, log, onBroken: onFatal })
  await sealer.start()
  const later = new Later()
  const perform = makePerform({ store, log, notices: (notice) => later.carryOut(notice) })
  const needs = needsOf(settings, keys, store, perform, log)
  await declareZones(settings, needs)
  const authority = await openAuthority(
    keys,
    {
      names: settings['workstations.names'],
      certificateHours: settings['workstations.certificateHours'],
    },
    nowMs,
  )
  const web = await openWeb(settings, keys, needs)
  const workstations = await openWorkstations(settings, keys, authority, needs, web.desk)
  later.to(workstations.door, web.oidc, log)
  await expectOpen(workstations.door, needs)
  const sweeper = sweepOften(needs, settings, workstations.door, log)
  return {
    webUrl: publicUrlOf(settings),
    workstationPort: workstations.port,
    caPem: authority.caPem,
    caSha256: authority.caSha256,
    vkey: verifierKey(signer),
    needs,
    sealer,
    door: workstations.door,
    close: async () => {
      clearInterval(sweeper)
      await web.fastify.close()
      await workstations.close()
      await perform.idle()
      await needs.hashing.close()
      await sealer.stop()
      await store.close()
    },
  }
}

/** Notices go to doors that need the flows that make the notices: joined once both are there. */
class Later {
  #carryOut: (notice: Notice) => void | Promise<void> = () => undefined

  carryOut(notice: Notice): void | Promise<void> {
    return this.#carryOut(notice)
  }

  to(door: WorkstationDoor, oidc: OidcDoor, log: Log): void {
    this.#carryOut = async (notice) => {
      switch (notice.kind) {
        case 'to-workstation':
          door.connections.send(notice)
          return
        case 'session-left': {
          const { sessionId, workstationId, personId } = notice
          await oidc.tellEhrs.sessionLeft(sessionId, workstationId, personId)
          return
        }
        case 'workstation-changed':
          if (notice.isRevoked) door.connections.closeRevoked(notice.workstationId)
          else await door.tellRulesAt(notice.workstationId)
          return
        case 'zone-changed':
          await door.tellRules(notice.zoneId)
          return
        case 'session-locked':
          // Every token looks at the session itself: there is nobody to tell.
          log.info('session.locked', { sessionId: notice.sessionId })
          return
        case 'person-revoked':
          log.info('person.revoked', {})
      }
    }
  }
}

function openStore(settings: Settings, onFatal: (cause: Error) => void): Promise<Store> {
  if (settings['store.kind'] === 'postgres') {
    return openPostgresStore({ url: settings['store.postgresUrl'], onFatal })
  }
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 })
  return openSqliteStore({ path: join(settings.dataDir, 'wardkey.db'), onFatal })
}

function needsOf(
  settings: Settings,
  keys: Keys,
  store: Store,
  perform: Perform,
  log: Log,
): BrokerNeeds {
  const { nowMs } = systemClock
  const newId = (): string => randomUUID()
  const hashing = new PinHashing({
    threads: settings['pin.threads'],
    queueMax: settings['pin.queueMax'],
    pepper: keys.pinPepper,
  })
  return {
    store,
    db: store.read,
    nowMs,
    newId,
    log,
    perform,
    hashing,
    verifyPin: makeVerifyPin({ store, hashing, nowMs, newId }),
    personKeys: new PersonKeys(store, keys.personKek),
    cardKey: keys.cardKey,
    planLaunch: makePlanLaunch({
      apps: settings['oidc.clients'].flatMap(({ launch }) => (launch ? [launch] : [])),
      redeemUrl: `${publicUrlOf(settings)}/launch`,
      random: randomBytes,
    }),
    sessionMaxMs: settings['session.maxMs'],
    pinAnswerMs: settings['session.pinAnswerMs'],
    pinDigits: { min: settings['pin.digits'], max: pinDigitsMax },
    brokers: settings['workstations.brokers'],
    random: randomBytes,
  }
}

async function declareZones(settings: Settings, needs: BrokerNeeds): Promise<void> {
  const defaults = {
    graceRollingMs: settings['grace.rollingMs'],
    graceAbsoluteMs: settings['grace.absoluteMs'],
    lockedMaxMs: settings['session.lockedMaxMs'],
  }
  for (const zone of settings.zones) {
    if (await isDeclared(zone, defaults, needs)) continue
    await needs.perform(() => declareZone(zone, defaults, needs))
  }
}

async function openWeb(settings: Settings, keys: Keys, needs: BrokerNeeds) {
  const { store, perform, personKeys, log, nowMs, newId } = needs
  const { needs: oidcNeeds, desk } = joinOidc({
    store,
    perform,
    personKeys,
    checkPin: makeCheckPin(needs),
    cardKey: keys.cardKey,
    cookieKey: keys.cookieKey,
    jwks: keys.jwks,
    publicUrl: publicUrlOf(settings),
    clients: oidcClientsOf(settings),
    launchUrls: new Map(
      settings['oidc.clients'].flatMap(({ launch }) =>
        launch ? [[launch.id, launch.launchUrl] as const] : [],
      ),
    ),
    privateAddresses: settings['oidc.privateAddresses'],
    log,
    nowMs,
    newId,
  })
  // A request that takes longer than a signature may wait is nobody's any more.
  const fastify: FastifyInstance = Fastify({ bodyLimit: 64 * 1024, requestTimeout: 90_000 })
  await fastify.register(formbody, { bodyLimit: 64 * 1024 })
  const oidc = await registerOidc(fastify, oidcNeeds)
  await listenWeb(fastify, settings)
  return { fastify, oidc, desk }
}

async function listenWeb(fastify: FastifyInstance, settings: Settings): Promise<void> {
  const { 'web.host': host, 'web.port': port } = settings
  try {
    await fastify.listen({ host, port })
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    throw new Fault(isTaken ? 'port-taken' : 'internal', 'permanent', { cause })
  }
}

async function openWorkstations(
  settings: Settings,
  keys: Keys,
  authority: Authority,
  needs: BrokerNeeds,
  desk: ConstructorParameters<typeof WorkstationDoor>[0]['stepUp'],
) {
  const connectionsMax = settings['workstations.connectionsMax']
  const { monotonicMs, nowMs } = systemClock
  const answer = makeEnrolmentDoor({
    ...needs,
    issue: authority.issue,
    caPem: authority.caPem,
    renewLateMs: settings['workstations.renewLateHours'] * hourMs,
    monotonicMs,
  })
  const { log } = needs
  const listener = await makeWorkstationListener({
    keys,
    authority,
    connectionsMax,
    nowMs,
    log,
    answer,
  })
  const door = new WorkstationDoor({
    ...needs,
    stepUp: desk,
    monoMs: monotonicMs,
    connectionsMax,
  })
  door.attach(listener.server)
  const port = await listen(listener.server, {
    host: settings['workstations.host'],
    port: settings['workstations.port'],
    setting: 'workstations.port',
  })
  const daily = setInterval(() => {
    listener.refresh().catch((thrown: unknown) => {
      log.error('workstation.refresh-failed', {
        code: thrown instanceof Fault ? thrown.code : 'internal',
      })
    })
  }, hourMs)
  daily.unref()
  return {
    door,
    port,
    close: async () => {
      clearInterval(daily)
      const closed = new Promise((resolve) => listener.server.close(resolve))
      await door.close()
      listener.server.closeAllConnections()
      await closed
    },
  }
}

/** Screens that were open when the broker stopped: whoever does not come back is locked in the books. */
async function expectOpen(door: WorkstationDoor, { db, nowMs }: BrokerNeeds): Promise<void> {
  const open = await db
    .selectFrom('session')
    .select('workstation_id')
    .where('state', '=', 'open')
    .execute()
  const ids = open.map((row) => workstationId.parse(row.workstation_id))
  door.connections.expect(ids, nowMs())
}

function sweepOften(
  needs: BrokerNeeds,
  settings: Settings,
  door: WorkstationDoor,
  log: Log,
): NodeJS.Timeout {
  let isSweeping = false
  const timer = setInterval(() => {
    if (isSweeping) return
    isSweeping = true
    sweep({ ...needs, sessionMaxMs: settings['session.maxMs'], lost: door.connections })
      .catch((thrown: unknown) => {
        log.error('sweep.failed', { code: thrown instanceof Fault ? thrown.code : 'internal' })
      })
      .finally(() => {
        isSweeping = false
      })
  }, sweepEveryMs)
  timer.unref()
  return timer
}

function publicUrlOf(settings: Settings): string {
  const { 'web.publicUrl': publicUrl, 'web.host': host, 'web.port': port } = settings
  return publicUrl === '' ? `http://${host}:${String(port)}` : publicUrl.replace(/\/$/, '')
}
