// The whole agent with a real browser, a real screen and a real line, against a broker's end that
// says what the test tells it: what a person sees, and what is left when it ends.

import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BareBroker } from '../../test/kit/bare-broker.ts'
import { ThrowAwayAuthority } from '../../test/kit/throw-away-authority.ts'
import { unsafeNoSandbox } from './launch/browser-process.ts'
import type { DevToolsSession } from './launch/devtools.ts'
import { openIdentityStore } from './link/identity.ts'
import { FakeDesktop } from './desktop/fake/fake-desktop.ts'
import { systemClock } from './platform/clock.ts'
import { Fault } from './platform/fault.ts'
import type { Log, LogFields } from './platform/log.ts'
import { openKeyFile } from './platform/sealed-storage.ts'
import { parseSettings } from './platform/settings.ts'
import type { Settings } from './platform/settings.ts'
import { SimulatedHand, simulatedSource } from './readers/simulated/simulated-source.ts'
import { readStatus } from './runtime/status-file.ts'
import { startAgent } from './start-agent.ts'
import type { RunningAgent } from './start-agent.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const rosa = '04a1b2c3d4e501'
const ben = '04a1b2c3d4e502'

describe.runIf(chromiumPath !== undefined)('the agent', () => {
  let root: string
  let authority: ThrowAwayAuthority
  let broker: BareBroker
  let chart: Server
  let chartUrl: string
  let settings: Settings
  let hand: SimulatedHand
  let desktop: FakeDesktop
  let agent: RunningAgent | undefined
  let front: DevToolsSession | undefined
  const logged: (LogFields & { event: string })[] = []

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'wardkey-agent-'))
    authority = await ThrowAwayAuthority.make()
    broker = await BareBroker.open(authority, { isNoting: true })
    chart = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<title>chart</title><p id="ready">the chart</p>')
    })
    await new Promise<void>((resolve) => chart.listen(0, '127.0.0.1', resolve))
    const address = chart.address()
    chartUrl = `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`
    const parsed = parseSettings(undefined, {
      'broker.addresses': `127.0.0.1:${String(broker.port)}`,
      dataDir: join(root, 'data'),
      runtimeDir: join(root, 'run'),
      'identity.store': 'file',
      'readers.pcsc': false,
      'readers.hid': false,
      'presence.hid': false,
      'readers.debounceMs': 200,
      'browser.path': chromiumPath,
      'browser.headless': true,
    })
    if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join())
    settings = parsed.settings
    const sealed = openKeyFile(settings.dataDir, 'workstation.key')
    openIdentityStore(settings.dataDir, sealed).keep(await authority.identity())
    logged.length = 0
  })
  afterEach(async () => {
    await agent?.stop()
    agent = undefined
    await broker.close()
    chart.closeAllConnections()
    chart.close()
    rmSync(root, { recursive: true, force: true })
  })

  async function start(): Promise<RunningAgent> {
    const note = (event: string, fields: LogFields): void => {
      logged.push({ event, ...fields })
    }
    const log: Log = { info: note, warn: note, error: note }
    hand = new SimulatedHand()
    desktop = new FakeDesktop(systemClock)
    agent = await startAgent(settings, log, {
      sources: [simulatedSource({ clock: systemClock, commands: hand })],
      desktop,
      sandbox: unsafeNoSandbox,
      onFront: (session) => (front = session),
    })
    const running = agent
    await until(() => {
      const { link, browser, reader } = running.state.surroundings
      return link === 'up' && browser === 'ready' && reader === 'ready'
    }, 'ready')
    return running
  }

  async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const endMs = performance.now() + 15_000
    while (!(await holds())) {
      if (performance.now() > endMs) {
        throw new Error(
          `never: ${what}; ${JSON.stringify(logged)} ${agent?.state.phase.kind ?? ''}`,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  const phase = () => agent?.state.phase.kind
  /** Nothing where the window goes away in that moment: then it is not to be seen either. */
  const textInFront = async (): Promise<string> => {
    const answer = await front
      ?.send('Runtime.evaluate', { expression: 'document.body.innerText', returnByValue: true })
      .catch((thrown: unknown) => {
        if (!(thrown instanceof Fault)) throw thrown
      })
    if (!answer) return ''
    return z.object({ result: z.object({ value: z.string() }) }).parse(answer).result.value
  }
  const seen = (text: string) =>
    until(async () => (await textInFront()).includes(text), `"${text}" on the screen`)

  async function type(keys: string): Promise<void> {
    await until(async () => {
      const expression = `document.querySelector('.pad') !== null`
      const found = await front?.send('Runtime.evaluate', { expression, returnByValue: true })
      return JSON.stringify(found ?? {}).includes('true')
    }, 'a pad')
    for (const key of keys) {
      const text = key === '\r' ? { key: 'Enter', text: '\r' } : { key, text: key }
      await front?.send('Input.dispatchKeyEvent', { type: 'keyDown', ...text })
      await front?.send('Input.dispatchKeyEvent', { type: 'keyUp', key: text.key })
    }
  }

  function admit(tapId: string, sessionId: string = randomUUID()): string {
    broker.say({
      kind: 'admitted',
      tapId,
      sessionId,
      name: 'Rosa Santos',
      role: 'nurse',
      steps: [
        {
          kind: 'open-web',
          url: `${chartUrl}/`,
          allowedOrigins: [chartUrl],
          readySelector: '#ready',
        },
      ],
    })
    return sessionId
  }

  async function tapIn(uid = rosa): Promise<string> {
    hand.do({ kind: 'tap', uid })
    const { tapId } = await broker.next('tap')
    const sessionId = admit(tapId)
    await until(() => phase() === 'open', 'open')
    return sessionId
  }

  it('leads from a badge and a PIN typed on its screen to the chart, and says how long it took', async () => {
    await start()
    await seen('Tap your badge')
    hand.do({ kind: 'tap', uid: rosa })
    const { tapId, card } = await broker.next('tap')
    expect(card).toEqual({ technology: 'simulated', canonical: rosa })
    broker.say({ kind: 'ask-pin', tapId, name: 'R. Santos', again: false, answerWithinMs: 30_000 })
    await seen('R. Santos')
    await type('27051846\r')
    expect(await broker.next('pin')).toMatchObject({ tapId, pin: '27051846' })
    const sessionId = admit(tapId)
    await seen('the chart')
    const { stagesMs, outcome } = await broker.next('launched')
    expect(outcome).toBe('shown')
    const stages = ['reader', 'pin-asked', 'pin-given', 'broker', 'dom-ready', 'first-paint']
    expect(Object.keys(stagesMs)).toEqual(expect.arrayContaining(stages))
    const times = stages.map((stage) => stagesMs[stage] ?? -1)
    expect(times.toSorted((a, b) => a - b)).toEqual(times)
    expect(readStatus(settings.runtimeDir, Date.now())).toMatchObject({ isLocked: false })
    expect(JSON.stringify(logged)).not.toMatch(/27051846|04a1b2c3|Santos|secret=/)
    expect(sessionId).toMatch(/-/)
  })

  it('covers the chart by the own badge, and brings it back as it was', async () => {
    await start()
    const sessionId = await tapIn()
    await seen('the chart')
    await front?.send('Runtime.evaluate', { expression: 'document.body.append(" with a note")' })
    await until(() => settled(), 'settled')
    hand.do({ kind: 'tap', uid: rosa })
    expect(await broker.next('leave')).toMatchObject({ sessionId, reason: 'tap-out' })
    await seen('Tap your badge')
    await new Promise((resolve) => setTimeout(resolve, 300))
    hand.do({ kind: 'tap', uid: rosa })
    admit((await broker.next('tap')).tapId, sessionId)
    await seen('with a note')
  })

  it('shows a colleague her own chart and nothing of the one before', async () => {
    await start()
    const hers = await tapIn(rosa)
    await until(() => settled(), 'settled')
    hand.do({ kind: 'tap', uid: ben })
    expect(await broker.next('leave')).toMatchObject({ sessionId: hers, reason: 'other-badge' })
    const { tapId } = await broker.next('tap')
    await until(async () => !(await textInFront()).includes('the chart'), 'covered')
    const his = admit(tapId)
    await until(() => phase() === 'open', 'open')
    expect(agent?.state.phase).toMatchObject({ seated: { sessionId: his } })
  })

  it('asks badge and PIN again for a signature, over the chart, and gives the chart back', async () => {
    await start()
    const sessionId = await tapIn()
    await front?.send('Runtime.evaluate', { expression: 'document.body.append(" with a note")' })
    const ceremonyId = randomUUID()
    broker.say({
      kind: 'ask-signature',
      ceremonyId,
      sessionId,
      description: 'Sign: oxycodone 5 mg',
      application: 'Larkfield',
      answerWithinMs: 30_000,
    })
    await seen('oxycodone 5 mg')
    expect(await textInFront()).not.toContain('with a note')
    hand.do({ kind: 'tap', uid: ben })
    expect(await broker.next('sign-tap')).toMatchObject({ ceremonyId, card: { canonical: ben } })
    const wrong = { outcome: 'refused', isOver: false, code: 'step-up-wrong-person' }
    broker.say({ kind: 'signature-ended', ceremonyId, ...wrong })
    await seen('That is not')
    hand.do({ kind: 'tap', uid: rosa })
    await broker.next('sign-tap')
    broker.say({ kind: 'ask-signature-pin', ceremonyId, again: false, answerWithinMs: 20_000 })
    await seen('PIN')
    await type('27051846\r')
    expect(await broker.next('sign-pin')).toMatchObject({ ceremonyId, pin: '27051846' })
    broker.say({ kind: 'signature-ended', ceremonyId, outcome: 'signed', isOver: true })
    await seen('with a note')
    expect(agent?.state.phase).toMatchObject({ kind: 'open', seated: { sessionId } })
  })

  it('locks when the broker says so, when it sleeps, and when the desktop is locked', async () => {
    await start()
    const sessionId = await tapIn()
    broker.say({ kind: 'lock', sessionId, code: 'session-moved', movedTo: 'Pharmacy, counter 1' })
    await seen('Pharmacy, counter 1')
    await new Promise((resolve) => setTimeout(resolve, 300))
    await tapIn()
    desktop.sleepAndWake()
    expect(await broker.next('leave')).toMatchObject({ reason: 'sleep' })
    await broker.next('resumed')
    await new Promise((resolve) => setTimeout(resolve, 300))
    await tapIn()
    desktop.setLocked(true)
    expect(await broker.next('leave')).toMatchObject({ reason: 'desktop-locked' })
    await seen('Tap your badge')
  })

  it('locks when its browser is killed, and has another one a moment later', async () => {
    await start()
    await tapIn()
    await front?.send('Browser.crash').catch(() => undefined)
    expect(await broker.next('leave')).toMatchObject({ reason: 'browser-lost' })
    await until(() => agent?.state.surroundings.browser === 'ready', 'another browser')
    await seen('Tap your badge')
    await new Promise((resolve) => setTimeout(resolve, 300))
    await tapIn()
    await seen('the chart')
  })

  it('says why it went when it is stopped, and leaves nothing behind', async () => {
    const running = await start()
    const sessionId = await tapIn()
    const stopping = running.stop()
    expect(await broker.next('leave')).toMatchObject({ sessionId, reason: 'shutdown' })
    await stopping
    expect(readdirSync(settings.runtimeDir)).toEqual([])
    expect(existsSync(join(settings.dataDir, 'open-session.json'))).toBe(false)
  })

  it('wakes locked after it was killed, and confesses what was open', async () => {
    const sessionId = randomUUID()
    const entry = JSON.stringify({ version: 1, openSessionId: sessionId })
    writeFileSync(join(settings.dataDir, 'open-session.json'), entry)
    await start()
    expect(phase()).toBe('locked')
    expect((await broker.next('hello')).openSessionId).toBeUndefined()
    expect(await broker.next('leave')).toMatchObject({ sessionId, reason: 'restart' })
  })

  it('refuses to run without the sandbox because a setting says so', async () => {
    const unsafe = { ...settings, 'browser.unsafeNoSandbox': true }
    const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
    await expect(startAgent(unsafe, log)).rejects.toMatchObject({ code: 'settings-not-valid' })
  })

  /** Past the moment in which the own badge means to open rather than to leave. */
  function settled(): boolean {
    const is = agent?.state.phase
    return is?.kind === 'open' && systemClock.monoMs() - is.shownMs > 1600
  }
})
