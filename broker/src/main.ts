// Puts the broker together and takes it apart again. The only place where its parts are made; what
// they do is theirs.

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Sealer } from './audit/sealer.ts'
import { makeCore, recordKeyOf, signerOf, signersOf } from './broker-core.ts'
import type { Base, Core, Ground, Ports } from './broker-core.ts'
import { makeMetrics } from './doors/health/metrics.ts'
import { makeReadiness } from './doors/health/readiness.ts'
import type { WorkstationDoor } from './doors/workstations/workstation-door.ts'
import { openHttp } from './doors/open-http.ts'
import type { HttpPort, HttpTls } from './doors/open-http.ts'
import { zonesWithoutChart } from './ehr-settings.ts'
import { declareZone, isDeclared } from './flows/declare-zone.ts'
import { newFact } from './flows/flow-needs.ts'
import type { Perform } from './flows/perform.ts'
import {
  drainWithinMs,
  openAdmin,
  openWeb,
  openWorkstationDoor,
  startChores,
} from './opening/open-doors.ts'
import { openAlerts } from './opening/open-alerts.ts'
import { openFigures } from './opening/open-figures.ts'
import { openBrokerWords } from './opening/open-broker-words.ts'
import { openCompliance } from './opening/open-compliance.ts'
import { openStore } from './open-store.ts'
import { openFeedListeners, openFeeds } from './opening/open-feeds.ts'
import { openRetention } from './opening/open-retention.ts'
import { openStreams } from './opening/open-streams.ts'
import { openUpdates } from './opening/open-updates.ts'
import { openWitnesses, witnessKeyOf } from './opening/open-witnesses.ts'
import { authorityDeskOf, watchAuthority, watchKeys, watchRecordKey } from './opening/watch-keys.ts'
import { openAuthority } from './platform/authority/authority.ts'
import { systemClock } from './platform/clock.ts'
import type { Clock } from './platform/clock.ts'
import { Fault } from './platform/fault.ts'
import { openKeys } from './platform/keys/keys.ts'
import type { Log } from './platform/log.ts'
import type { Settings } from './platform/settings.ts'
import { Shutdown } from './platform/shutdown.ts'
import { version } from './platform/version.ts'

export interface RunningBroker {
  /** For browsers and EHRs; what tokens call the issuer is below it. */
  readonly webUrl: string
  readonly adminUrl: string
  /** For workstations: `https://host:port`. */
  readonly workstationUrl: string
  /** The authority of the workstations' certificates, and the hash that enrolling compares. */
  readonly caPem: string
  readonly caSha256: string
  /** Verifies the record: `name+id+key`. */
  readonly recordKey: string
  /** Of what it cosigns as the witness of other records. */
  readonly witnessKey: string
  /** For a host in the same process: what flows lean on, the record's head, who is connected. */
  readonly needs: Core
  readonly sealer: Sealer
  readonly door: WorkstationDoor
  /**
   * Lets nobody in any more, finishes what is under way, signs the record, lets go of everything.
   */
  close(): Promise<void>
}

export interface BrokerOptions {
  readonly clock?: Clock
  /**
   * The disk, or the record on it, cannot be trusted any more: whoever hosts the broker ends the
   * process at once. Without it the process ends itself, with 70.
   */
  readonly onFatal?: (cause: Error) => void
}

const softwareExit = 70
const tellEveryMs = 2000

/** Throws Fault where something that it leans on is missing; nothing is left open then. */
export async function startBroker(
  settings: Settings,
  log: Log,
  options: BrokerOptions = {},
): Promise<RunningBroker> {
  const shutdown = new Shutdown(log)
  try {
    return await start(settings, log, options, shutdown)
  } catch (thrown) {
    await shutdown.run()
    throw thrown
  }
}

async function start(
  settings: Settings,
  log: Log,
  options: BrokerOptions,
  shutdown: Shutdown,
): Promise<RunningBroker> {
  const clock = options.clock ?? systemClock
  const onFatal = options.onFatal ?? endProcess(log)
  const keys = await openKeys(settings)
  const authority = await openAuthority(
    keys,
    {
      names: settings['workstations.names'],
      certificateHours: settings['workstations.certificateHours'],
    },
    clock.nowMs,
  )
  // Ports before the database: two brokers by mistake on one machine find out before they share
  // one.
  const ports = await openPorts(settings, shutdown)
  const metrics = makeMetrics()
  const store = metrics.measured(await openStore(settings, onFatal))
  shutdown.add('store', () => store.close())
  const ground: Ground = { settings, log, clock, keys, authority, store, metrics, shutdown }
  const base = await startRecord(ground, onFatal)
  const core = makeCore(base, ports.webUrl)
  const hasCharts = core.ehrs.apps.length > 0
  if (!hasCharts) {
    log.warn('chart.none-set-up', { reason: 'settings name no oidc.clients with a launch' })
  }
  // Policies that this release cannot read: better found out now than at the first tap.
  await core.house()
  await announce(base, core.perform)
  await declareZones(base, core.perform)
  await watchAuthority(base, core, onFatal)
  for (const zoneId of hasCharts ? zonesWithoutChart(settings.zones, core.ehrs) : []) {
    log.warn('settings.zone-without-chart', { zoneId })
  }
  await watchKeys(base, core)
  watchRecordKey(base, core)
  await openBrokerWords(base, core)
  const desk = await openWeb(base, core, ports)
  const opened = openUpdates(base, core)
  const { door, url } = await openWorkstationDoor(base, core, desk, opened)
  const streams = await openStreams(base, core)
  const feeds = openFeeds(base, core)
  await openAdmin(base, core, ports, door, { streams, feeds, updates: opened?.updates })
  await openFeedListeners(base, feeds)
  openCompliance(base, core)
  openAlerts(base, core)
  openRetention(base, core)
  streams.start()
  openFigures(base, core, door)
  startChores(base, core, door)
  log.info('broker.started', { version, path: settings['store.kind'] })
  return {
    webUrl: ports.webUrl,
    adminUrl: ports.admin.url,
    workstationUrl: url,
    caPem: base.authority.caPem,
    caSha256: base.authority.caSha256,
    recordKey: recordKeyOf(base),
    witnessKey: witnessKeyOf(base),
    needs: core,
    sealer: base.sealer,
    door,
    close: () => shutdown.run(),
  }
}

async function openPorts(settings: Settings, shutdown: Shutdown): Promise<Ports> {
  const certFile = settings['web.tlsCertFile']
  const tls: HttpTls | undefined =
    certFile === ''
      ? undefined
      : {
          cert: readFileSync(certFile, 'utf8'),
          key: readFileSync(settings['web.tlsKeyFile'], 'utf8'),
        }
  const open = async (door: 'web' | 'admin'): Promise<HttpPort> => {
    const setting = `${door}.port` as const
    const at = { host: settings[`${door}.host`], port: settings[setting], setting }
    const port = await openHttp(at, tls)
    shutdown.add('doors', () => port.close(drainWithinMs))
    return port
  }
  const web = await open('web')
  const admin = await open('admin')
  const publicUrl = settings['web.publicUrl']
  return { web, admin, webUrl: publicUrl === '' ? web.url : new URL(publicUrl).origin }
}

/** The whole record is verified before anybody is let in. */
async function startRecord(ground: Ground, onFatal: (cause: Error) => void): Promise<Base> {
  const { store, clock, log, shutdown } = ground
  const { nowMs, monotonicMs } = clock
  const signer = signerOf(ground)
  const findSigner = signersOf(ground)
  const sealer = new Sealer({ store, signer, findSigner, nowMs, log, onBroken: onFatal })
  const beganMs = monotonicMs()
  // A long record takes a while to hash; who starts the broker must see that it is at work.
  const telling = setInterval(() => {
    log.info('record.verifying', { durationMs: Math.round(monotonicMs() - beganMs) })
  }, tellEveryMs)
  await sealer.catchUp().finally(() => {
    clearInterval(telling)
  })
  // Witnesses first: what was signed on an older record would be a fork.
  const witnesses = await openWitnesses(ground, sealer, onFatal)
  await sealer.start()
  shutdown.add('record', async () => {
    await sealer.stop()
    await witnesses.stop()
  })
  const size = sealer.head?.size ?? 0
  log.info('record.verified', { size, durationMs: Math.round(monotonicMs() - beganMs) })
  const readiness = makeReadiness({
    ...{ store, nowMs, monotonicMs },
    sealedSize: () => sealer.head?.size ?? 0,
    isStopping: () => shutdown.isBegun,
  })
  const authorities = authorityDeskOf(ground)
  return { ...ground, authority: authorities.present, authorities, sealer, witnesses, readiness }
}

async function declareZones({ settings, store, clock }: Base, perform: Perform): Promise<void> {
  const needs = { db: store.read, nowMs: clock.nowMs, newId: randomUUID }
  const defaults = {
    graceRollingMs: settings['grace.rollingMs'],
    graceAbsoluteMs: settings['grace.absoluteMs'],
    lockedMaxMs: settings['session.lockedMaxMs'],
    emergency: { lastsMs: settings['emergency.lastsMs'] },
  }
  for (const zone of settings.zones) {
    if (await isDeclared(zone, defaults, needs)) continue
    await perform(() => declareZone(zone, defaults, needs))
  }
}

/** The record says when the broker came and went; what it says last is signed too. */
async function announce({ store, clock, shutdown }: Base, perform: Perform): Promise<void> {
  const needs = { db: store.read, nowMs: clock.nowMs, newId: randomUUID }
  const say = async (code: 'SYS-001' | 'SYS-002'): Promise<void> => {
    const facts = [newFact(needs, code, { fields: { version } })] as const
    await perform(() => Promise.resolve({ answer: undefined, facts, writes: [], notices: [] }))
  }
  await say('SYS-001')
  shutdown.add('farewell', () => say('SYS-002'))
}

function endProcess(log: Log): (cause: Error) => void {
  return (cause) => {
    log.error('broker.fatal', { code: cause instanceof Fault ? cause.code : 'internal' })
    // At once: after a flush that failed nothing that this process believes about the disk is true.
    process.exit(softwareExit)
  }
}
