// The program as it is started: enrolled, run, looked at, told to stop, and killed. A process of
// its own each time, with a real browser under it.

import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NextAuthority } from '@wardkey/protocol/workstation/fleet/next-authority'
import { BareBroker, welcomeFor } from '../../test/kit/bare-broker.ts'
import { newReleaseSigner } from '../../test/kit/release.ts'
import { ThrowAwayAuthority } from '../../test/kit/throw-away-authority.ts'
import { openIdentityStore } from './link/identity.ts'
import { openKeyFile } from './platform/sealed-storage.ts'
import { handOverPlaces, laySaid } from './updates/hand-over/hand-over-places.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM'] ?? ''
const program = fileURLToPath(new URL('../bin/wardkey-agent.js', import.meta.url))

let root: string
let settingsFile: string
let authority: ThrowAwayAuthority
let broker: BareBroker
const running: ChildProcess[] = []

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-program-'))
  settingsFile = join(root, 'agent.yaml')
  authority = await ThrowAwayAuthority.make()
  broker = await BareBroker.open(authority, { isNoting: true })
  const settings = [
    `broker.addresses: ["127.0.0.1:${String(broker.port)}"]`,
    `dataDir: ${join(root, 'data')}`,
    `runtimeDir: ${join(root, 'run')}`,
    'identity.store: file',
    'readers: { pcsc: false, hid: false }',
    'presence: { hid: false }',
    `browser: { path: "${chromiumPath}", headless: true, unsafeNoSandbox: true }`,
  ]
  writeFileSync(settingsFile, settings.join('\n'))
})
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  // A killed browser writes a moment longer.
  if (process.platform === 'linux') await until(() => browsers() === 0, 'no browser left')
  await broker.close()
  rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** One command, to its end. */
function command(...words: string[]): Promise<Ended> {
  const all = ['--disable-warning=ExperimentalWarning', program, ...words]
  const options = { timeout: 20_000, env: { PATH: process.env['PATH'] } }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, all, options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    })
  })
}

/** `run`, until the broker has heard its hello. */
async function run(): Promise<{ child: ChildProcess; log: () => string }> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, 'run', '--unsafe-for-tests'].concat(
      '--settings',
      settingsFile,
    ),
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  running.push(child)
  let text = ''
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await broker.next('hello')
  return { child, log: () => text }
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endMs = performance.now() + 15_000
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`never: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function enrolled(): Promise<void> {
  const dataDir = join(root, 'data')
  const sealed = openKeyFile(dataDir, 'workstation.key')
  openIdentityStore(dataDir, sealed).keep(await authority.identity())
}

/** Processes that still have the agent's browser profile on their command line. */
function browsers(): number {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(root, 'run'))
    } catch (thrown) {
      // It ended while we looked.
      if (thrown instanceof Error && 'code' in thrown) return false
      throw thrown
    }
  }).length
}

describe('the program', () => {
  it('says how it is used, and what is wrong with the settings', async () => {
    expect((await command('--help')).stdout).toContain('Exit codes')
    const wrong = await command('run', '--set', 'screen.port=nine', '--set', 'nonsense=1')
    expect(wrong.code).toBe(78)
    expect(wrong.stderr).toContain('screen.port')
    expect(wrong.stderr).toContain('nonsense')
  })
  it('does not enrol without knowing the broker, or with one that is another', async () => {
    const stranger = await ThrowAwayAuthority.make()
    const words = ['enroll', '--settings', settingsFile, '--place', 'here', '--token', 'wke_secret']
    expect((await command(...words)).code).toBe(64)
    const refused = await command(...words, '--ca-sha256', stranger.caSha256)
    expect(refused.code).toBe(69)
    expect(refused.stdout + refused.stderr).not.toContain('wke_secret')
  })
  it('says that it does not run', async () => {
    const ended = await command('status', '--settings', settingsFile, '--json')
    expect([ended.code, JSON.parse(ended.stdout)]).toEqual([3, { isRunning: false }])
  })
  it('does not run where a key file can be read by others', async () => {
    await enrolled()
    chmodSync(join(root, 'data', 'workstation.key'), 0o644)
    const ended = await command('run', '--settings', settingsFile, '--unsafe-for-tests')
    expect(ended.code).toBe(69)
    expect(ended.stderr).toContain('key-missing')
  })
  it('does not run without the browser’s sandbox because a setting says so', async () => {
    const ended = await command('run', '--settings', settingsFile)
    expect(ended.code).toBe(78)
  })
})

describe.runIf(chromiumPath !== '' && process.platform === 'linux')('a running program', () => {
  const status = async (): Promise<Record<string, unknown>> => {
    const { stdout } = await command('status', '--settings', settingsFile, '--json')
    return JSON.parse(stdout) as Record<string, unknown>
  }
  it('says how it is, and ends in order when it is told to', async () => {
    await enrolled()
    const { child, log } = await run()
    await until(async () => (await status())['browser'] === 'ready', 'ready')
    expect(await status()).toMatchObject({ isRunning: true, link: 'up', isLocked: true })
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(readdirSync(join(root, 'run'))).toEqual([])
    expect(browsers()).toBe(0)
    expect(log()).toContain('agent.stopped')
  })
  it('takes its browser with it when it is killed, and wakes locked with a confession', async () => {
    await enrolled()
    const first = await run()
    await until(async () => (await status())['browser'] === 'ready', 'ready')
    expect(browsers()).toBeGreaterThan(0)
    const ended = once(first.child, 'exit')
    first.child.kill('SIGKILL')
    await ended
    await until(() => browsers() === 0, 'no browser left')
    // As it would be had a session been open.
    const openSessionId = randomUUID()
    const journal = JSON.stringify({ version: 1, openSessionId })
    writeFileSync(join(root, 'data', 'open-session.json'), journal)
    await run()
    expect(await broker.next('leave')).toMatchObject({
      sessionId: openSessionId,
      reason: 'restart',
    })
    await until(async () => (await status())['browser'] === 'ready', 'ready again')
    expect((await status())['isLocked']).toBe(true)
  })
  it('ends in order, to be begun again, where another release is installed', async () => {
    await enrolled()
    const { text: releaseKey } = newReleaseSigner()
    const folder = join(root, 'updates')
    const updates = `updates: { releaseKey: "${releaseKey}", folder: "${folder}" }`
    appendFileSync(settingsFile, `\n${updates}`)
    const about = { version: 1, installed: '99.0.0', ready: 'ready' }
    await laySaid(handOverPlaces(folder).told, { ...about, atMs: Date.now() }, true)
    const { child, log } = await run()
    expect(await once(child, 'exit')).toEqual([75, null])
    expect(log()).toContain('update.makes-room')
    expect(log()).toContain('agent.stopped')
    expect(browsers()).toBe(0)
  })
  /** The same address, with that authority's certificate, showing that one as the next. */
  const brokerOf = async (of: ThrowAwayAuthority, nextAuthority?: NextAuthority): Promise<void> => {
    const { port } = broker
    await broker.close()
    broker = await BareBroker.open(of, {
      ...{ port, isNoting: true },
      greet: (socket, hello) => {
        const welcome = JSON.parse(welcomeFor(hello)) as object
        socket.send(JSON.stringify({ ...welcome, ...(nextAuthority ? { nextAuthority } : {}) }))
      },
    })
  }
  it('believes the authority that its own vouches for, also after it was killed', async () => {
    await enrolled()
    const next = await ThrowAwayAuthority.make()
    await brokerOf(authority, authority.vouchesFor(next))
    const first = await run()
    const { authorities } = await broker.next('inventory')
    expect(authorities).toEqual([authority.caSha256, next.caSha256])
    const ended = once(first.child, 'exit')
    first.child.kill('SIGKILL')
    await ended
    await brokerOf(next)
    await run()
    expect((await broker.next('inventory')).authorities).toEqual(authorities)
  })
  it('believes none that only a stranger vouches for, and keeps its line', async () => {
    await enrolled()
    const stranger = await ThrowAwayAuthority.make()
    await brokerOf(authority, stranger.vouchesFor(stranger))
    await run()
    expect((await broker.next('inventory')).authorities).toEqual([authority.caSha256])
    expect(await status()).toMatchObject({ link: 'up' })
  })
})
