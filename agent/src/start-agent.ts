// Builds the agent from its parts and starts it, or enrols the workstation it runs on. The one
// place that constructs; what each part does is its own.

import { randomUUID } from 'node:crypto'
import { release } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { HardwareClaim } from '@wardkey/protocol/workstation/enrolment'
import type { Desktop } from './desktop/desktop.ts'
import { openDesktop } from './desktop/open-desktop.ts'
import { openPresenceSocket } from './desktop/presence/presence-socket.ts'
import { idOf, sensorReaderFor } from './desktop/presence/hid/sensor-reader.ts'
import { SensorWatch } from './desktop/presence/hid/sensor-watch.ts'
import type { PresenceSocket } from './desktop/presence/presence-socket.ts'
import { unsafeNoSandbox } from './launch/browser-process.ts'
import type { BrowserSettings } from './launch/browser-process.ts'
import { findBrowser } from './launch/find-browser.ts'
import { Launcher } from './launch/launcher.ts'
import type { LauncherNeeds } from './launch/launcher.ts'
import { parseBrokerAddress } from './link/broker-address.ts'
import type { BrokerAddress } from './link/broker-address.ts'
import { enrol, renew } from './link/enrol.ts'
import { openIdentityStore } from './link/identity.ts'
import type { Identity, IdentityStore } from './link/identity.ts'
import { Identities } from './link/identity/identities.ts'
import { Link } from './link/link.ts'
import { believedIn, sha256Of } from './link/next-authority.ts'
import { startRenewal } from './link/renewal.ts'
import { openAlone } from './offline/open-alone.ts'
import { findBootId, systemUpMs } from './platform/boot-id.ts'
import { systemClock } from './platform/clock.ts'
import type { Clock } from './platform/clock.ts'
import { Fault } from './platform/fault.ts'
import { loadHidDevices } from './platform/hid-devices.ts'
import type { HidDevice } from './platform/hid-devices.ts'
import { findHardware } from './platform/machine/hardware-claim.ts'
import type { Log } from './platform/log.ts'
import { openKeyFile, openKeyring } from './platform/sealed-storage.ts'
import type { SealedStorage } from './platform/sealed-storage.ts'
import { displayName } from './platform/settings.ts'
import type { Origins, Settings } from './platform/settings.ts'
import { version } from './platform/version.ts'
import { unambiguousMeanings } from './readers/hid/identify-bits.ts'
import { rfIdeasSource } from './readers/hid/rf-ideas-source.ts'
import { pcscSource } from './readers/pcsc/pcsc-source.ts'
import type { ReaderSource } from './readers/reader.ts'
import { Agent } from './runtime/agent.ts'
import type { AgentNeeds } from './runtime/agent.ts'
import { closedSettings } from './runtime/closed-settings.ts'
import type { LinkEars } from './runtime/feed-link.ts'
import type { InventoryFacts } from './runtime/inventory-teller.ts'
import { openJournal } from './runtime/journal.ts'
import { openStatusFile } from './runtime/status-file.ts'
import { SessionUpdates } from './runtime/updates/session-updates.ts'
import { bannerWords, barWords } from './screen/page/catalogue/banner-words.ts'
import { chooseCatalogue } from './screen/page/catalogue/choose-catalogue.ts'
import { openScreen } from './screen/screen-server.ts'
import { toldUpdates } from './updates/told-updates.ts'

/** What a demonstration or a test puts in place of, or beside, what this machine has. */
export interface AgentParts {
  /** Readers beside those that settings switch on. */
  readonly sources?: readonly ReaderSource[]
  readonly desktop?: Desktop
  /** Which machine it is, where one stands for several. */
  readonly hardware?: HardwareClaim
  /** Where settings come from: what is told of the machine says so. */
  readonly origins?: Origins
  /** What the workstation itself waits by; its line to the broker keeps the real time. */
  readonly clock?: Clock
  /** What updates wait by; its wall is the one that the part with the rights sees. */
  readonly updateClock?: Clock
  /** Between 0 and 1: spreads when updates are asked for. */
  readonly random?: () => number
  /** Told which window is in front, each time that changes. */
  readonly onFront?: NonNullable<LauncherNeeds['onFront']>
  /** No broker but those that settings name. */
  readonly onlyNamed?: boolean
  /** The key that switches the browser's sandbox off; the setting alone does not. */
  readonly sandbox?: typeof unsafeNoSandbox
}

export interface RunningAgent {
  /** What the workstation is at this moment. */
  readonly state: Agent['state']
  /** Resolves when the machine itself has failed; whoever runs the agent then calls `crash`. */
  readonly failed: Promise<void>
  /** Resolves when it is to end in order, so that the release that is installed is begun. */
  readonly replaced: Promise<void>
  /** Somebody used the screen where the desktop cannot see it. */
  noteInput(): void
  /** Locks, tells the broker, ends the browser; nothing is left of it when it resolves. */
  stop(): Promise<void>
  /** The same after a failure of our own: the windows go first, and the loop is not asked. */
  crash(): Promise<void>
}

/** Throws Fault `settings-not-valid`, `port-taken`, `key-missing` or `keyring-unavailable`. */
export async function startAgent(
  settings: Settings,
  log: Log,
  parts: AgentParts = {},
): Promise<RunningAgent> {
  refuseNoSandbox(settings, parts)
  const identities = new Identities(identityStore(settings))
  // Now, not at the first connection: a key that cannot be had is an operator's matter.
  identities.current()
  const failed = Promise.withResolvers<undefined>()
  const clock = parts.clock ?? systemClock
  const hardware = parts.hardware ?? (await findHardware())
  const line: LinkParts = { settings, identities, log, hardware, onlyNamed: parts.onlyNamed }
  const updates = await openUpdates(line, parts, () => agent)
  const agent = new Agent({
    sources: [...sourcesOf(settings), ...(parts.sources ?? [])],
    debounceMs: settings['readers.debounceMs'],
    makeLink: (ears) => makeLink(ears, line),
    makeAlone: openAlone({
      dataDir: settings.dataDir,
      sealed: sealedStorage(settings, 'offline'),
      workstationId: () => identities.current()?.workstationId,
      upMs: systemUpMs(),
      newId: randomUUID,
      clock,
      log,
    }),
    ...(settings['presence.hid'] ? { makeSensors: sensorsFor(settings, log) } : {}),
    launch: makeLauncher(settings, log, parts),
    screen: await openLockScreen(settings, log),
    desktop: parts.desktop ?? (await desktopHere()),
    journal: openJournal(settings.dataDir),
    statusFile: openStatusFile(settings.runtimeDir),
    clock,
    log,
    newId: randomUUID,
    agentVersion: version,
    inventory: parts.origins && inventoryOf(settings, parts.origins, identities),
    serviceDesk: settings.serviceDesk,
    onState: () => {
      updates.changed()
    },
    onBug: (thrown) => {
      log.error('agent.bug', { reason: thrown instanceof Error ? thrown.name : 'unknown' })
      failed.resolve(undefined)
    },
  })
  agent.start()
  const presence = await openSensors(settings, log, agent)
  updates.start()
  const isCopy = (): boolean => agent.state.surroundings.link === 'copied'
  const stopRenewal = keepRenewed(line, isCopy)
  const endBy = (act: () => Promise<void>) => async (): Promise<void> => {
    stopRenewal()
    await Promise.all([presence?.close(), updates.stop(), act()])
  }
  return {
    get state() {
      return agent.state
    },
    failed: failed.promise,
    replaced: updates.replaced,
    noteInput: () => {
      agent.noteInput()
    },
    stop: endBy(() => agent.stop()),
    crash: endBy(() => agent.crash()),
  }
}

function refuseNoSandbox(settings: Settings, { sandbox }: AgentParts): void {
  if (settings['browser.unsafeNoSandbox'] && sandbox !== unsafeNoSandbox) {
    throw new Fault('settings-not-valid', 'permanent')
  }
}

function inventoryOf(settings: Settings, origins: Origins, identities: Identities): InventoryFacts {
  const system = { platform: process.platform, release: release(), arch: process.arch }
  return {
    system,
    settings: [...closedSettings({ settings, origins })],
    updates: () => toldUpdates(settings),
    // As they are when it is told: the welcome before it may have brought one more.
    get authorities() {
      return believedIn(identities.current()?.caPem ?? '').map(sha256Of)
    },
  }
}

function openUpdates(
  { settings, identities, log }: Pick<LinkParts, 'settings' | 'identities' | 'log'>,
  { random = Math.random, updateClock: clock }: AgentParts,
  agent: () => Agent,
): Promise<SessionUpdates> {
  return SessionUpdates.open(settings, {
    addresses: brokersOf(settings),
    identity: () => identities.current(),
    state: () => agent().state,
    probe: (withinMs) => agent().probe(withinMs),
    ...{ random, clock, log },
  })
}

/** A certificate lives by the real time, whatever clock a demonstration hands in. */
function keepRenewed(
  { settings, identities, log, hardware }: LinkParts,
  isCopy: () => boolean,
): () => void {
  return startRenewal({
    addresses: brokersOf(settings),
    identity: () => identities.current(),
    renew: (broker, identity) => renew(broker, identity, hardware),
    isCopy,
    keep: (identity) => {
      identities.keep(identity)
    },
    clock: systemClock,
    log,
    random: Math.random,
  })
}

/** By real time: a device does not know of a demonstration's clock. */
function sensorsFor(settings: Settings, log: Log): NonNullable<AgentNeeds['makeSensors']> {
  // Elsewhere no program may listen to a keyboard; docs/presence.md says what to do there.
  const isLinux = process.platform === 'linux'
  const typing = settings['presence.keyboards']
  if (!isLinux && Object.keys(typing).length > 0) log.warn('presence.keyboards-not-read', {})
  const descriptors = settings['presence.hidDescriptors']
  const known = { descriptors, keyboards: isLinux ? typing : {} }
  return (ears) =>
    new SensorWatch({
      ...ears,
      clock: systemClock,
      log,
      load: loadHidDevices,
      readerFor: (device, hid) => sensorReaderFor(device, hid, known),
    })
}

async function openSensors(
  settings: Settings,
  log: Log,
  agent: Agent,
): Promise<PresenceSocket | undefined> {
  const path = settings['presence.socket']
  if (path === '') return undefined
  return openPresenceSocket({
    path,
    log,
    onReport: ({ near, confidence }) => {
      agent.noteBody(near, confidence)
    },
  })
}

interface LinkParts {
  readonly settings: Settings
  readonly identities: Identities
  readonly log: Log
  readonly hardware: HardwareClaim | undefined
  readonly onlyNamed?: boolean | undefined
}

function makeLink(ears: LinkEars, parts: LinkParts): Link {
  const { settings, identities, log, hardware, onlyNamed = false } = parts
  const link = new Link({
    ...ears,
    onFrame: (frame, ageMs) => {
      const next = frame.kind === 'welcome' ? frame.nextAuthority : undefined
      if (next) identities.learn(next, log)
      ears.onFrame(frame, ageMs)
    },
    addresses: brokersOf(settings),
    onlyThese: onlyNamed,
    identity: () => identities.current(),
    bootId: findBootId(systemClock.wallMs()),
    agentVersion: version,
    platform: platformName(),
    hardware,
    clock: systemClock,
    log,
    random: Math.random,
    newId: randomUUID,
  })
  identities.onChange = () => {
    link.identityChanged()
  }
  return link
}

function makeLauncher(settings: Settings, log: Log, { sandbox, onFront }: AgentParts): Launcher {
  const browser = (): BrowserSettings => ({
    path: findBrowser(settings['browser.path']),
    runtimeDir: settings.runtimeDir,
    isHeadless: settings['browser.headless'],
    sandbox: sandbox ?? 'on',
  })
  // As the lock screen's page does, where settings leave the language to the system.
  const { locale } = Intl.DateTimeFormat().resolvedOptions()
  const catalogue = chooseCatalogue(settings['screen.language'] || locale)
  return new Launcher({
    browser,
    programs: settings.programs,
    log,
    bannerWords: (banner) => bannerWords(catalogue, banner, systemClock.wallMs()),
    barWords: (hasEmergency) => barWords(catalogue, hasEmergency),
    ...(onFront ? { onFront } : {}),
  })
}

export function identityStore(settings: Settings): IdentityStore {
  return openIdentityStore(settings.dataDir, sealedStorage(settings, 'workstation'))
}

function sealedStorage(settings: Settings, what: 'workstation' | 'offline'): SealedStorage {
  const { dataDir } = settings
  if (settings['identity.store'] === 'file') return openKeyFile(dataDir, `${what}.key`)
  return openKeyring(what === 'workstation' ? dataDir : `${dataDir} (${what})`)
}

export interface EnrolAs {
  readonly token: string
  readonly place: string
  readonly caPem: string
}

/**
 * Throws Fault `link-down` where no broker answers, and with the broker's code where it refuses.
 */
export async function enrolAgent(settings: Settings, as: EnrolAs): Promise<Identity> {
  const [broker] = brokersOf(settings)
  if (!broker) throw new Fault('settings-not-valid', 'permanent')
  const { token, place, caPem } = as
  const outcome = await enrol({ broker, pin: { kind: 'certificate', caPem }, token, place })
  if (outcome.kind === 'refused') {
    throw new Fault('link-down', 'permanent', { cause: new Error(outcome.code) })
  }
  identityStore(settings).keep(outcome.identity)
  return outcome.identity
}

function brokersOf(settings: Settings): readonly BrokerAddress[] {
  return settings['broker.addresses'].flatMap((text) => {
    const address = parseBrokerAddress(text, settings['broker.serverName'])
    return address ? [address] : []
  })
}

export function sourcesOf(settings: Settings): readonly ReaderSource[] {
  const clock = systemClock
  const meanings = { ...unambiguousMeanings, ...settings['readers.wiegandFormats'] }
  const isLeftAlone = (device: HidDevice): boolean => idOf(device) in settings['presence.keyboards']
  const rfIdeas = { clock, load: loadHidDevices, meanings, isLeftAlone }
  return [
    ...(settings['readers.pcsc'] ? [pcscSource({ clock })] : []),
    ...(settings['readers.hid'] ? [rfIdeasSource(rfIdeas)] : []),
  ]
}

async function openLockScreen(settings: Settings, log: Log) {
  const folder = fileURLToPath(new URL('../dist/screen', import.meta.url))
  const port = settings['screen.port']
  try {
    return await openScreen({ folder, port, language: settings['screen.language'], log })
  } catch (thrown) {
    const isTaken = thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE'
    throw isTaken ? new Fault('port-taken', 'permanent', { cause: thrown }) : thrown
  }
}

function desktopHere(): Promise<Desktop | undefined> {
  return openDesktop({
    clock: systemClock,
    platform: process.platform,
    display: displayName,
  })
}

function platformName(): 'linux' | 'win32' | 'darwin' {
  const { platform } = process
  return platform === 'win32' || platform === 'darwin' ? platform : 'linux'
}
