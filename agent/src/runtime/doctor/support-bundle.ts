// What may leave the house to help with a machine: one JSON text. Nothing is taken into it because
// it looks harmless; each thing is there because it is one of a closed set. Pure.

import { basename } from 'node:path'
import { closedSettings } from '../closed-settings.ts'
import type { AgentStatus } from '../status-file.ts'
import type { Facts, UsbFact } from './facts.ts'
import { findings } from './findings.ts'
import type { Finding } from './findings.ts'
import { cleanLogLines, isSystemCode } from './log-lines.ts'
import { updatesInBundle } from './updates/updates-in-bundle.ts'

export interface BundleNeeds {
  readonly facts: Facts
  readonly found: readonly Finding[]
  readonly logText: string
  readonly versions: Readonly<Record<'agent' | 'node' | 'platform' | 'arch' | 'system', string>>
}

export function supportBundle({ facts, found, logText, versions }: BundleNeeds): string {
  const { settings, atMs } = facts
  const isValid = settings.kind === 'parsed'
  const bundle = {
    version: 1,
    at: new Date(atMs).toISOString(),
    versions,
    // What a finding is about may be a name, a path or a host: it stays here.
    findings: found.map(({ code, level }) => ({ code, level, sentence: findings[code].sentence })),
    settings: closedSettings(isValid ? settings : settings.remainder),
    brokers: facts.brokers.map(({ probe }) =>
      probe.kind === 'seen'
        ? { kind: probe.fact.kind, ...('step' in probe.fact ? stepOf(probe.fact) : {}) }
        : { kind: probe.kind },
    ),
    readers: readersOf(facts),
    browser: browserOf(facts),
    agent: agentOf(facts),
    updates: updatesInBundle(facts.updates),
    log: cleanLogLines(logText),
  }
  return `${JSON.stringify(bundle, null, 2)}\n`
}

const stepOf = ({ step, reason }: { readonly step: string; readonly reason: string }) => ({
  step,
  reason: reason === 'late' || isSystemCode(reason) ? reason : 'other',
})

/** Makers write serial numbers into names: what is not a known family of models is not told. */
const makers = 'OMNIKEY|ACR|uTrust|TWN|SCR|SCL|CLOUD|pcProx|WAVE ID|Virtual PCD'
const families = new RegExp(`\\b(${makers})(?:[ -]?([0-9]{1,4}[A-Z]{0,3})\\b)?`, 'i')

export function modelOf(name: string): string {
  const [, family, model] = families.exec(name) ?? []
  if (family === undefined) return 'another model'
  return model === undefined ? family : `${family} ${model}`
}

function readersOf({ sources, hid }: Facts): readonly object[] {
  const listed = sources.kind === 'seen' ? sources.fact.flatMap(({ readers }) => readers) : []
  const usb = hid.kind === 'seen' && hid.fact.kind === 'listed' ? hid.fact.readers : []
  return [
    ...listed.map(({ readerName, technology }) => ({ technology, model: modelOf(readerName) })),
    ...usb.map((one: UsbFact) => ({
      usb: `${hex(one.vendorId)}:${hex(one.productId)}`,
      model: modelOf(one.name),
      isKeyboard: one.isKeyboard,
    })),
  ]
}

const hex = (id: number): string => id.toString(16).padStart(4, '0')

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const others = ['microsoft-edge', 'msedge.exe', 'chrome.exe', 'Google Chrome', 'Microsoft Edge']

function browserOf({ browser }: Facts): object {
  if (browser.kind !== 'seen') return { kind: browser.kind }
  const { path, version } = browser.fact
  if (path === undefined) return { kind: 'missing' }
  const name = basename(path.replaceAll('\\', '/'))
  const program = [...programs, ...others].includes(name) ? name : 'another program'
  const isVersion = version !== undefined && /^\d{1,4}(\.\d{1,5}){1,3}$/.test(version)
  return { program, ...(isVersion ? { version } : {}) }
}

/** Without its place, and without the names of its sensors. */
function agentOf({ agent }: Facts): object {
  if (agent.kind !== 'seen') return { kind: agent.kind }
  if (agent.fact.kind !== 'runs') return { kind: agent.fact.kind }
  const { isLocked, reader, link, browser, sensors, alone, startedMs } = agent.fact.status
  return {
    kind: 'runs',
    started: new Date(startedMs).toISOString(),
    ...{ isLocked, reader, link, browser },
    sensors: (sensors ?? []).map(({ says }) => says),
    ...(alone ? aloneOf(alone) : {}),
  }
}

type Alone = NonNullable<AgentStatus['alone']>

function aloneOf({ people, waiting, isStuck, gaps = 0 }: Alone): Omit<Required<Alone>, 'untilMs'> {
  return { people, waiting, isStuck, gaps }
}
