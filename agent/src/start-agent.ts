// Builds the agent from its parts and starts it, or enrols the workstation it runs on. The one place
// that constructs; what each part does is its own.

import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { openDesktop } from './desktop/open-desktop.ts'
import type { Desktop } from './desktop/desktop.ts'
import type { BrowserSettings, unsafeNoSandbox } from './launch/browser-process.ts'
import type { DevToolsSession } from './launch/devtools.ts'
import { findBrowser } from './launch/find-browser.ts'
import { Launcher } from './launch/launcher.ts'
import { parseBrokerAddress } from './link/broker-address.ts'
import type { BrokerAddress } from './link/broker-address.ts'
import { enrol, renew } from './link/enrol.ts'
import { openIdentityStore } from './link/identity.ts'
import type { Identity, IdentityStore } from './link/identity.ts'
import { Link } from './link/link.ts'
import { startRenewal } from './link/renewal.ts'
import { findBootId } from './platform/boot-id.ts'
import { systemClock } from './platform/clock.ts'
import { Fault } from './platform/fault.ts'
import type { Log } from './platform/log.ts'
import { openKeyFile, openKeyring } from './platform/sealed-storage.ts'
import { childEnvironment } from './platform/settings.ts'
import type { Settings } from './platform/settings.ts'
import { loadHidDevices } from './readers/hid/hid-devices.ts'
import { rfIdeasSource } from './readers/hid/rf-ideas-source.ts'
import { pcscSource, virtualReaderNames } from './readers/pcsc/pcsc-source.ts'
import type { ReaderSource } from './readers/reader.ts'
import { Agent } from './runtime/agent.ts'
import { openJournal } from './runtime/journal.ts'
import { openStatusFile } from './runtime/status-file.ts'
import { openScreen } from './screen/screen-server.ts'

export const agentVersion = '0.1.0'

const pageFolder = fileURLToPath(new URL('../dist/screen', import.meta.url))

/** What a demonstration or a test puts in place of what the machine has. */
export interface AgentParts {
  /** Readers beside those that settings switch on. */
  readonly sources?: readonly ReaderSource[]
  readonly desktop?: Desktop
  readonly sandbox?: typeof unsafeNoSandbox
  readonly onFront?: (front: DevToolsSession) => void
}

export interface RunningAgent {
  readonly agent: Agent
  /** Somebody used the screen where the desktop cannot see it. */
  noteInput(): void
  /** Locks, tells the broker, ends the browser; nothing is left of it when it resolves. */
  stop(): Promise<void>
}

export async function startAgent(
  settings: Settings,
  log: Log,
  parts: AgentParts = {},
): Promise<RunningAgent> {
  const store = openIdentity(settings)
  const addresses = brokersOf(settings)
  const newId = (): string => randomUUID()
  // Read once: the keyring may ask somebody, and a connection must not wait for that.
  let identity = store.find()
  const screen = await openScreen({
    folder: pageFolder,
    port: settings['screen.port'],
    language: settings['screen.language'],
    log,
  })
  const bootId = await findBootId()
  const { promise: bug, resolve: onBug } = Promise.withResolvers<unknown>()
  const made: { link?: Link } = {}
  const agent = new Agent({
    sources: [...sourcesOf(settings), ...(parts.sources ?? [])],
    debounceMs: settings['readers.debounceMs'],
    makeLink: (ears) => {
      made.link = new Link({
        ...ears,
        addresses,
        identity: () => identity,
        bootId,
        agentVersion,
        platform: platformOf(),
        clock: systemClock,
        log,
        random: Math.random,
        newId,
      })
      return made.link
    },
    launch: launcherFor(settings, log, parts),
    screen,
    desktop: parts.desktop ?? (await openMachineDesktop()),
    journal: openJournal(settings.dataDir),
    statusFile: openStatusFile(settings.runtimeDir),
    clock: systemClock,
    log,
    newId,
    agentVersion,
    serviceDesk: settings.serviceDesk,
    onBug,
  })
  agent.start()
  const stopRenewal = startRenewal({
    addresses,
    identity: () => identity,
    renew,
    keep: (renewed) => {
      store.keep(renewed)
      identity = renewed
      made.link?.identityChanged()
    },
    clock: systemClock,
    log,
    random: Math.random,
  })
  void bug.then(async () => {
    log.error('agent.bug', { code: 'internal' })
    await agent.crash()
    process.exit(70)
  })
  return {
    agent,
    noteInput: () => {
      agent.noteInput()
    },
    stop: async () => {
      stopRenewal()
      await agent.stop()
    },
  }
}

export interface EnrolAs {
  readonly token: string
  readonly place: string
  readonly caPem: string
}

/** Throws Fault `link-down` where no broker answers, and with the broker's code where it refuses. */
export async function enrolAgent(settings: Settings, as: EnrolAs): Promise<Identity> {
  const [broker] = brokersOf(settings)
  if (!broker) throw new Fault('settings-not-valid', 'permanent')
  const outcome = await enrol({
    broker,
    pin: { kind: 'certificate', caPem: as.caPem },
    token: as.token,
    place: as.place,
  })
  if (outcome.kind === 'refused') {
    throw new Fault('link-down', 'permanent', { cause: new Error(outcome.code) })
  }
  openIdentity(settings).keep(outcome.identity)
  return outcome.identity
}

function openIdentity(settings: Settings): IdentityStore {
  const { dataDir } = settings
  const sealed =
    settings['identity.store'] === 'file'
      ? openKeyFile(dataDir, 'workstation.key')
      : openKeyring('workstation')
  return openIdentityStore(dataDir, sealed)
}

function brokersOf(settings: Settings): BrokerAddress[] {
  return settings['broker.addresses'].flatMap((text) => {
    const address = parseBrokerAddress(text, settings['broker.serverName'])
    return address ? [address] : []
  })
}

function sourcesOf(settings: Settings): readonly ReaderSource[] {
  const sources: ReaderSource[] = []
  if (settings['readers.pcsc']) {
    sources.push(pcscSource({ clock: systemClock, ignoredNames: virtualReaderNames }))
  }
  if (settings['readers.hid']) {
    sources.push(rfIdeasSource({ clock: systemClock, load: loadHidDevices }))
  }
  return sources
}

function launcherFor(settings: Settings, log: Log, parts: AgentParts): Launcher {
  return new Launcher({
    browser: (): BrowserSettings => ({
      path: findBrowser(settings['browser.path']),
      runtimeDir: settings.runtimeDir,
      isHeadless: settings['browser.headless'],
      sandbox: parts.sandbox ?? 'on',
    }),
    programs: settings.programs,
    log,
    ...(parts.onFront ? { onFront: parts.onFront } : {}),
  })
}

function openMachineDesktop(): Promise<Desktop | undefined> {
  const display = childEnvironment['DISPLAY'] ?? ''
  return openDesktop({ clock: systemClock, platform: process.platform, display })
}

function platformOf(): 'linux' | 'win32' | 'darwin' {
  const { platform } = process
  return platform === 'win32' || platform === 'darwin' ? platform : 'linux'
}
