// What the doctor says of each thing that can be wrong, and that it says nothing is where it is not.

import { describe, expect, it } from 'vitest'
import type { Probe } from '../../link/probe/probe-broker.ts'
import { parseLayers } from '../../platform/settings.ts'
import { atMs, seen, settingsFrom, wellFacts, wellStatus } from './facts-for-tests.ts'
import type { Facts, PageSays } from './facts.ts'
import { findings, worstOf } from './findings.ts'
import type { FindingCode } from './findings.ts'
import { judge } from './judge.ts'
import { updateFindings } from './updates/update-findings.ts'

const hourMs = 3_600_000
const found = (spoilt: Partial<Facts> = {}) => judge({ ...wellFacts, ...spoilt })
const codes = (spoilt: Partial<Facts> = {}) => found(spoilt).map(({ code }) => code)
const running = (spoilt: Partial<typeof wellStatus>): Partial<Facts> => ({
  agent: seen({ kind: 'runs', status: { ...wellStatus, ...spoilt } }),
})
const life = (fromMs: number, renewalMs: number, untilMs: number): Partial<Facts> => ({
  identity: seen({ store: 'opens', life: { fromMs, renewalMs, untilMs } }),
})
const probed = (...probes: Probe[]): Partial<Facts> => ({
  brokers: probes.map((probe, at) => ({ address: `b${String(at)}:1`, probe: seen(probe) })),
})
const ended = (step: Extract<Probe, { kind: 'failed' }>['step'], reason = 'x'): Probe => ({
  kind: 'failed',
  step,
  reason,
})
const usb = (vendorId: number, isKeyboard: boolean): Partial<Facts> => ({
  hid: seen({
    kind: 'listed',
    readers: [{ vendorId, productId: 1, name: 'Reader', isKeyboard }],
  }),
})

const page = (says: PageSays): Partial<Facts> => ({
  pages: [{ url: 'https://ehr.example', says: seen(says) }],
})

describe('a workstation that is well', () => {
  it('is said to be, and nothing else is', () => {
    expect(worstOf(found())).toBe('ok')
    expect(new Set(found().map(({ level }) => level))).toEqual(new Set(['ok']))
    for (const code of ['settings-valid', 'certificate-well', 'broker-reached', 'clock-well']) {
      expect(codes()).toContain(code)
    }
  })
  it('may be one that others update, or wait for its agent to make room', () => {
    expect(worstOf(found({ updates: seen({ kind: 'no-key' }) }))).toBe('ok')
    const updated = found(running({ agentVersion: '0.0.9' }))
    expect(updated.map(({ code }) => code)).toContain('updates-restart-waits')
    expect(worstOf(updated)).toBe('ok')
  })
  it('may have a page that its browser opens', () => {
    expect(codes(page('opens'))).toContain('page-opens')
    expect(worstOf(found(page('opens')))).toBe('ok')
  })
  it('may have a zone that offers nothing without a broker', () => {
    const alone = { people: 0, waiting: 0, isStuck: false }
    expect(codes(running({ alone }))).toContain('alone-not-offered')
    expect(worstOf(found(running({ alone })))).toBe('ok')
  })
  it('may have an rf IDEAS reader that the agent keeps from typing', () => {
    expect(worstOf(found(usb(0x0c27, true)))).toBe('ok')
  })
})

describe('the doctor says', () => {
  const cases: readonly (readonly [FindingCode, Partial<Facts>])[] = [
    ['settings-not-valid', { settings: settingsFrom({ 'screen.port': 'nine' }) }],
    [
      'data-folder-missing',
      { dataFolder: seen({ isThere: false, isWritable: false, isOpen: false }) },
    ],
    [
      'data-folder-not-writable',
      { dataFolder: seen({ isThere: true, isWritable: false, isOpen: false }) },
    ],
    ['data-folder-open', { dataFolder: seen({ isThere: true, isWritable: true, isOpen: true }) }],
    ['key-store-closed', { identity: seen({ store: 'closed' }) }],
    ['key-file-open', { identity: seen({ store: 'open-to-others' }) }],
    ['certificate-missing', { identity: seen({ store: 'opens' }) }],
    ['certificate-missing', { identity: seen({ store: 'not-asked' }) }],
    ['certificate-over', life(atMs - 3 * hourMs, atMs - hourMs, atMs)],
    ['certificate-not-yet', life(atMs + 1, atMs + hourMs, atMs + 2 * hourMs)],
    ['certificate-renewed-late', life(atMs - 160 * hourMs, atMs - 50 * hourMs, atMs + hourMs)],
    ['broker-none', probed()],
    ['broker-not-enrolled', probed({ kind: 'not-enrolled' })],
    ['broker-name-unknown', probed(ended('name'))],
    ['broker-unreachable', probed(ended('tcp'))],
    ['broker-no-tls', probed(ended('tls'))],
    ['broker-other-authority', probed(ended('authority'))],
    ['broker-other-name', probed(ended('server-name'))],
    ['broker-refuses', probed(ended('certificate', '401'))],
    ['broker-refuses', probed(ended('certificate', '403'))],
    ['broker-refuses', probed(ended('certificate', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'))],
    ['broker-turns-away', probed(ended('certificate', '503'))],
    ['broker-turns-away', probed(ended('certificate', 'late'))],
    ['clock-off', probed({ kind: 'reached', skewMs: -30_000 })],
    ['clock-far-off', probed({ kind: 'reached', skewMs: 300_000 })],
    ['clock-far-off', probed({ ...ended('certificate', '401'), skewMs: -4 * hourMs } as Probe)],
    ['pcsc-stopped', { sources: seen([{ kind: 'pcsc', down: 'service-stopped', readers: [] }]) }],
    [
      'pcsc-library-missing',
      { sources: seen([{ kind: 'pcsc', down: 'library-missing', readers: [] }]) },
    ],
    ['hid-library-missing', { hid: seen({ kind: 'library-missing' }) }],
    ['reader-source-failed', { sources: seen([{ kind: 'pcsc', down: 'failed', readers: [] }]) }],
    ['reader-none', { sources: seen([]), agent: seen({ kind: 'not-running' }) }],
    ['reader-none', { ...running({ reader: 'unplugged' }), sources: seen([]) }],
    ['reader-stuck', running({ reader: 'stuck' })],
    ['reader-types', usb(0x09d8, true)],
    ['browser-missing', { browser: seen({}) }],
    ['browser-mute', { browser: seen({ path: '/usr/bin/chromium' }) }],
    ['browser-in-trouble', running({ browser: 'blocked' })],
    ['page-other-authority', page('other-authority')],
    ['page-other-name', page('other-name')],
    ['page-certificate-over', page('certificate-over')],
    ['page-no-tls', page('no-tls')],
    ['page-unreachable', page('unreachable')],
    ['hello-not-answered', running({ link: 'down' })],
    ['sensor-doubtful', running({ sensors: [{ name: 'S', says: 'stuck' }] })],
    ['sensor-withheld', running({ sensors: [{ name: 'S', says: 'withheld' }] })],
    [
      'alone-ends-soon',
      running({
        link: 'down',
        alone: { untilMs: atMs + 1, people: 1, waiting: 0, isStuck: false },
      }),
    ],
    [
      'alone-over',
      running({ link: 'down', alone: { untilMs: atMs, people: 1, waiting: 0, isStuck: false } }),
    ],
    ['journal-refused', running({ alone: { people: 1, waiting: 3, isStuck: true } })],
    ['journal-gap', running({ alone: { people: 1, waiting: 0, isStuck: false, gaps: 1 } })],
    ['disk-low', { freeBytes: seen(499 * 1024 * 1024) }],
    ['disk-full', { freeBytes: seen(0) }],
    ['agent-not-running', { agent: seen({ kind: 'not-running' }) }],
    ['agent-not-seen', { agent: seen({ kind: 'not-seen' }) }],
    [
      'updates-part-silent',
      { updates: seen({ kind: 'on', flaws: [], isHeard: false, order: 'none' }) },
    ],
    ['check-late', { updates: { kind: 'late' } }],
    ['check-late', { identity: { kind: 'late' } }],
    ['check-late', { brokers: [{ address: 'b:1', probe: { kind: 'late' } }] }],
    ['check-failed', { freeBytes: { kind: 'failed' } }],
  ]
  it.each(cases)('%s', (code, spoilt) => {
    const one = found(spoilt).find((finding) => finding.code === code)
    expect(one?.level).toBe(findings[code].level)
    expect(worstOf(found(spoilt))).not.toBe('ok')
  })
  it('something of everything that it can find', () => {
    const said = new Set([...cases.map(([code]) => code), ...codes()])
    // Of updates: judge-updates.test.ts.
    const here = Object.keys(findings).filter((code) => !(code in updateFindings))
    const unsaid = here.filter((code) => ![...said].some((one) => one === code))
    // Each has a test of its own.
    expect(unsaid.toSorted()).toEqual([
      ...['alone-not-offered', 'page-opens', 'settings-passed-over'],
    ])
  })
  it('what was said against a policy', () => {
    const policy = { place: 'p', values: { serviceDesk: '1' }, complaints: [] }
    const settings = parseLayers(
      { policy: [policy], file: undefined, installer: undefined },
      { serviceDesk: '2', 'broker.addresses': ['a:1'] },
      {},
    )
    expect(codes({ settings })).toContain('settings-passed-over')
    expect(worstOf(found({ settings }))).toBe('warn')
  })
})

describe('the doctor does not', () => {
  it('call a certificate late while there is time to renew it', () => {
    expect(codes(life(atMs - 112 * hourMs, atMs - hourMs, atMs + 55 * hourMs))).toContain(
      'certificate-well',
    )
  })
  it('leave it to a guess which authority answers: it can be compared', () => {
    const shown = 'f'.repeat(64)
    const [first] = found(probed({ ...ended('authority'), shown } as Probe)).filter(
      ({ code }) => code === 'broker-other-authority',
    )
    expect(first?.about).toContain(`shows ${shown}`)
    const { sentence, next } = findings['broker-other-authority']
    expect(`${sentence} ${next}`).toContain('while this workstation was off')
    expect(next).toContain('wardkey-broker keys')
  })
  it('alarm for one broker while another takes the workstation', () => {
    const both = found(probed({ kind: 'reached' }, ended('tcp')))
    expect(both.find(({ code }) => code === 'broker-unreachable')?.level).toBe('warn')
    expect(worstOf(both)).toBe('warn')
  })
  it('blame the clock here for that of one broker', () => {
    const both = probed({ kind: 'reached', skewMs: 900_000 }, { kind: 'reached', skewMs: 20 })
    expect(codes(both)).toContain('clock-well')
  })
  it('take a broker’s own readers for typing, or a keyboard of others', () => {
    expect(codes(usb(0x09d8, false))).not.toContain('reader-types')
  })
  it('leave out an rf IDEAS reader that nobody quietens', () => {
    const settings = settingsFrom({ 'readers.hid': 'false', 'broker.addresses': ['a:1'] })
    expect(codes({ ...usb(0x0c27, true), settings })).toContain('reader-types')
  })
  it('say that a bundle ends soon while the agent is connected', () => {
    const alone = { untilMs: atMs + 1, people: 1, waiting: 0, isStuck: false }
    expect(codes(running({ alone }))).toContain('alone-ready')
  })
})
