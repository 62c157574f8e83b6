// A workstation on which all is well, as facts, for tests to spoil one thing of.

import { parseLayers } from '../../platform/settings.ts'
import type { ParsedSettings } from '../../platform/settings.ts'
import type { UpdateTold } from '../../updates/hand-over/hand-over-words.ts'
import type { AgentStatus } from '../status-file.ts'
import type { Facts, Seen } from './facts.ts'

export const atMs = Date.parse('2031-05-05T12:00:00Z')
const hourMs = 3_600_000

export const seen = <T>(fact: T): Seen<T> => ({ kind: 'seen', fact })

export function settingsFrom(given: Record<string, unknown>): ParsedSettings {
  return parseLayers({ policy: [], file: undefined, installer: undefined }, given, {})
}

export const wellStatus: AgentStatus = {
  version: 1,
  agentVersion: '0.1.0',
  startedMs: atMs - hourMs,
  atMs,
  isLocked: true,
  place: '4 West, station 2',
  reader: 'ready',
  link: 'up',
  browser: 'ready',
  sensors: [{ name: 'Presence Sensor', says: 'near' }],
  alone: { untilMs: atMs + 8 * hourMs, people: 12, waiting: 0, isStuck: false },
}

export const wellTold: UpdateTold = {
  ...{ version: 1, atMs: atMs - 1000, installed: '0.1.0', ready: 'ready' },
}

export const wellFacts: Facts = {
  atMs,
  settings: settingsFrom({ 'broker.addresses': ['broker.example:8443'] }),
  dataFolder: seen({ isThere: true, isWritable: true, isOpen: false }),
  identity: seen({
    store: 'opens',
    life: { fromMs: atMs - hourMs, untilMs: atMs + 167 * hourMs, renewalMs: atMs + 111 * hourMs },
  }),
  brokers: [{ address: 'broker.example:8443', probe: seen({ kind: 'reached', skewMs: 120 }) }],
  sources: seen([
    {
      kind: 'pcsc',
      down: undefined,
      readers: [
        {
          readerId: 'r',
          readerName: 'OMNIKEY 5427 CK 00 00',
          technology: 'pcsc',
          cardThere: false,
        },
      ],
    },
  ]),
  hid: seen({ kind: 'listed', readers: [] }),
  browser: seen({ path: '/usr/bin/chromium', version: '156.0.8078.108' }),
  pages: [],
  freeBytes: seen(80_000_000_000),
  updates: seen({ kind: 'on', flaws: [], told: wellTold, isHeard: true, order: 'none' }),
  agent: seen({ kind: 'runs', status: wellStatus }),
}
