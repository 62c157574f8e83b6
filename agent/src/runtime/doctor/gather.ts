// Looks at the machine: every look on its own, with a deadline, and none that disturbs an agent
// that runs or the people before it. It judges nothing.

import { X509Certificate } from 'node:crypto'
import { parseBrokerAddress } from '../../link/broker-address.ts'
import type { BrokerAddress } from '../../link/broker-address.ts'
import type { Identity } from '../../link/identity.ts'
import type { Probe } from '../../link/probe/probe-broker.ts'
import { renewalDueMs } from '../../link/renewal.ts'
import type { Clock } from '../../platform/clock.ts'
import { Fault } from '../../platform/fault.ts'
import type { HidFeatures } from '../../platform/hid-devices.ts'
import type { ParsedSettings, Settings } from '../../platform/settings.ts'
import { listReaders } from '../../readers/list-readers.ts'
import type { ReaderSource } from '../../readers/reader.ts'
import { readStatus } from '../status-file.ts'
import type { AgentFact, BrokerFact, Facts, HidFact, IdentityFact } from './facts.ts'
import type { PageFact, PageSays } from './facts.ts'
import { lookAtBrowser, lookAtDisk, lookAtFolder } from './look-at-machine.ts'
import { look } from './look.ts'
import { lookAtUpdates } from './updates/look-at-updates.ts'

export interface DoctorNeeds {
  readonly settings: ParsedSettings
  readonly clock: Clock
  /** Throws a Fault where the place of the key does not open. */
  readonly identity: () => Identity | undefined
  /** Whether that place opens at all, asked where it can be left waiting. */
  readonly keyOpens: () => Promise<'opens' | 'closed' | 'late' | 'not-asked'>
  /** Beside a running agent, only those that two may ask at once. */
  readonly sources: (isBesideAgent: boolean) => readonly ReaderSource[]
  readonly loadHid: () => Promise<Pick<HidFeatures, 'list'>>
  /** Pages that the browser is to be asked about. */
  readonly pages: readonly string[]
  readonly askPage: (url: string) => Promise<PageSays>
  readonly probe: (address: BrokerAddress, identity: Identity | undefined) => Promise<Probe>
}

/** Longer than any step has by itself. */
const withinMs = 10_000
/** Three steps to a broker may each take their time. */
const brokerWithinMs = 25_000
/** A browser's start, a page, and its end. */
const pageWithinMs = 28_000

/** Makers of badge readers that can type (usb.ids): rf IDEAS, HID OMNIKEY, ELATEC. */
const readerMakers: readonly number[] = [0x0c27, 0x076b, 0x09d8]
/** HID Usage Tables 1.5: Generic Desktop, Keyboard. */
const keyboard = { page: 0x01, usage: 0x06 }

export async function gather(needs: DoctorNeeds): Promise<Facts> {
  const { clock } = needs
  const read = needs.settings.kind === 'parsed' ? needs.settings : needs.settings.remainder
  const { settings } = read
  const seen = <T>(act: () => Promise<T> | T) => look(act, withinMs, clock)
  const agent = await seen(() => lookAtAgent(settings, clock))
  const isBesideAgent = agent.kind === 'seen' && agent.fact.kind === 'runs'
  const opened = await openIdentity(needs)
  const [dataFolder, brokers, sources, hid, browser, freeBytes, updates, pages] = await Promise.all(
    [
      seen(() => lookAtFolder(settings.dataDir)),
      lookAtBrokers(needs, settings, opened.identity),
      seen(() => listReaders(needs.sources(isBesideAgent), clock)),
      seen(() => lookAtHid(needs)),
      seen(() => lookAtBrowser(settings['browser.path'])),
      seen(() => lookAtDisk(settings.dataDir)),
      seen(() => lookAtUpdates(settings, clock)),
      lookAtPages(needs),
    ],
  )
  return {
    atMs: clock.wallMs(),
    settings: needs.settings,
    ...{ dataFolder, brokers, sources, hid, browser, freeBytes, updates, pages, agent },
    identity: opened.fact,
  }
}

function lookAtAgent({ runtimeDir }: Settings, clock: Clock): AgentFact {
  try {
    const status = readStatus(runtimeDir, clock.wallMs())
    return status ? { kind: 'runs', status } : { kind: 'not-running' }
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
    return { kind: 'not-seen' }
  }
}

interface Opened {
  readonly fact: Facts['identity']
  readonly identity: Identity | undefined
}

/** A keyring that waits for somebody's password would wait for ever, and us with it. */
async function openIdentity(needs: DoctorNeeds): Promise<Opened> {
  const opens = await needs.keyOpens()
  if (opens === 'late') return { fact: { kind: 'late' }, identity: undefined }
  const closed = (store: IdentityFact['store']): Opened => ({
    fact: { kind: 'seen', fact: { store } },
    identity: undefined,
  })
  if (opens === 'closed') return closed('closed')
  try {
    const identity = needs.identity()
    const fact: IdentityFact = identity
      ? { store: 'opens', life: lifeOf(identity) }
      : { store: opens }
    return { fact: { kind: 'seen', fact }, identity }
  } catch (thrown) {
    if (thrown instanceof Fault) {
      return closed(thrown.code === 'key-missing' ? 'open-to-others' : 'closed')
    }
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
    return { fact: { kind: 'failed' }, identity: undefined }
  }
}

function lifeOf(identity: Identity): NonNullable<IdentityFact['life']> {
  const { validFromDate, validToDate } = new X509Certificate(identity.certificatePem)
  return {
    fromMs: validFromDate.getTime(),
    untilMs: validToDate.getTime(),
    renewalMs: renewalDueMs(identity),
  }
}

function lookAtBrokers(
  { probe, clock }: DoctorNeeds,
  settings: Settings,
  identity: Identity | undefined,
): Promise<readonly BrokerFact[]> {
  const asked = settings['broker.addresses'].map(async (text): Promise<BrokerFact> => {
    const address = parseBrokerAddress(text, settings['broker.serverName'])
    const seen = address
      ? await look(() => probe(address, identity), brokerWithinMs, clock)
      : ({ kind: 'failed' } as const)
    return { address: text, probe: seen }
  })
  return Promise.all(asked)
}

/** One after the other: each starts a browser. */
async function lookAtPages({ pages, askPage, clock }: DoctorNeeds): Promise<readonly PageFact[]> {
  const all: PageFact[] = []
  for (const url of pages) {
    all.push({ url, says: await look(() => askPage(url), pageWithinMs, clock) })
  }
  return all
}

async function lookAtHid({ loadHid }: DoctorNeeds): Promise<HidFact> {
  let hid: Awaited<ReturnType<typeof loadHid>>
  try {
    hid = await loadHid()
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    return { kind: 'library-missing' }
  }
  const devices = await hid.list()
  const readers = devices
    .filter(({ vendorId }) => readerMakers.includes(vendorId))
    .map(({ vendorId, productId, name, usagePage, usage }) => ({
      ...{ vendorId, productId, name },
      isKeyboard: usagePage === keyboard.page && usage === keyboard.usage,
    }))
  return { kind: 'listed', readers }
}
