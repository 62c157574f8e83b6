// A workstation in a process of its own, enrolled by `wardkey-agent enroll`, with a real browser under
// it: what it is, what is to be read on it, and a kill that leaves nothing behind.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SimulatedCommand } from '@wardkey/agent/readers/simulated/simulated-command'
import { readStatus } from '@wardkey/agent/runtime/status-file'
import type { AgentStatus } from '@wardkey/agent/runtime/status-file'
import type { BrokerProgram, Worker } from './broker-program.ts'
import { Program, until } from './program.ts'
import { fromWorkstation } from './workstation-words.ts'
import type { Seen, ToWorkstation } from './workstation-words.ts'

const readyWithinMs = 40_000

export interface WorkstationPlan {
  readonly place: string
  readonly zone?: '4-west' | '5-east'
  /** Beside the one that it is enrolled with. */
  readonly otherBrokers?: readonly string[]
  readonly before?: readonly string[]
  /** A real reader: where its service is. */
  readonly pcscSocket?: string
  /** SHA-256 of a server's key that its browser trusts, as the machine's own store would have it. */
  readonly trustsKey?: string
  /** Over the kit's own, as in a settings file. */
  readonly settings?: object
}

/** What it was, and since when by the machine's clock. */
export interface Sight {
  readonly seen: Seen
  readonly atMs: number
}

export class WorkstationProgram {
  readonly folder = mkdtempSync(join(tmpdir(), 'wardkey-place-'))
  readonly settingsFile = join(this.folder, 'agent.yaml')
  readonly sights: Sight[] = []
  readonly #plan: WorkstationPlan
  #running: Program | undefined
  #onText: (text: string) => void = () => undefined
  #onPressed: (isPressed: boolean) => void = () => undefined
  #onWindows: (urls: readonly string[]) => void = () => undefined

  private constructor(plan: WorkstationPlan) {
    this.#plan = plan
  }

  /** Enrolled, and not started. */
  static async enrol(broker: BrokerProgram, plan: WorkstationPlan): Promise<WorkstationProgram> {
    const workstation = new WorkstationProgram(plan)
    const { folder, settingsFile } = workstation
    const isReal = plan.pcscSocket !== undefined
    mkdirSync(join(folder, 'data'), { mode: 0o700 })
    const settings = {
      broker: { addresses: [broker.address, ...(plan.otherBrokers ?? [])] },
      dataDir: join(folder, 'data'),
      runtimeDir: join(folder, 'run'),
      identity: { store: 'file' },
      readers: { pcsc: isReal, hid: false, debounceMs: 200 },
      presence: { hid: false },
      browser: {
        path: workstation.#browser(),
        headless: true,
        unsafeNoSandbox: process.getuid?.() === 0,
      },
      ...plan.settings,
    }
    writeFileSync(settingsFile, JSON.stringify(settings), { mode: 0o600 })
    const token = join(folder, 'token')
    writeFileSync(token, await broker.token(plan.zone), { mode: 0o600 })
    const words = ['enroll', '--settings', settingsFile, '--place', plan.place]
    const { code, out, err } = await workstation
      .#begin('agent/bin/wardkey-agent.js', [
        ...words,
        ...['--token-file', token, '--ca-sha256', broker.caSha256],
      ])
      .ended()
    if (code !== 0) throw new Error(`not enrolled: ${out} ${err}`)
    return workstation
  }

  /** Resolves when it would answer a tap. */
  async start(): Promise<void> {
    const { pcscSocket } = this.#plan
    const readers = pcscSocket === undefined ? [] : ['real']
    this.sights.length = 0
    const file = 'test/kit/processes/workstation-child.ts'
    const running = this.#begin(file, [this.settingsFile, ...readers], true)
    this.#running = running
    running.child.on('message', (message) => {
      const heard = fromWorkstation.parse(message)
      if (heard.kind === 'text') this.#onText(heard.text)
      else if (heard.kind === 'pressed') this.#onPressed(heard.isPressed)
      else if (heard.kind === 'windows') this.#onWindows(heard.urls)
      else this.sights.push(heard)
    })
    const isReady = (seen: Seen): boolean => seen.browser === 'ready' && seen.reader === 'ready'
    await this.until(isReady, 'a workstation that is ready', readyWithinMs)
  }

  /** The program as it is installed: nothing of a test is in it, and what it is says its status. */
  async startMain(isWithoutReader = false): Promise<void> {
    const words = ['run', '--unsafe-for-tests', '--settings', this.settingsFile]
    const fromMs = Date.now()
    this.#running = this.#begin('agent/bin/wardkey-agent.js', words)
    const isReady = (): boolean => {
      const { browser, reader, link, startedMs = 0 } = this.status ?? {}
      // One that was killed leaves its status behind.
      const isRead = isWithoutReader || reader === 'ready'
      return startedMs >= fromMs && browser === 'ready' && isRead && link === 'up'
    }
    await until(isReady, 'an agent that is ready', readyWithinMs, () => this.log)
  }

  get isRunning(): boolean {
    return this.#running?.isRunning === true
  }

  get status(): AgentStatus | undefined {
    return readStatus(this.runtimeDir, Date.now())
  }

  get now(): Seen | undefined {
    return this.sights.at(-1)?.seen
  }

  get log(): string {
    return this.#running?.err ?? ''
  }

  get runtimeDir(): string {
    return join(this.folder, 'run')
  }

  do(command: SimulatedCommand): void {
    this.#say({ kind: 'hand', command })
  }

  tap(who: Worker): void {
    this.do({ kind: 'tap', uid: who.uid })
  }

  type(text: string): void {
    this.#say({ kind: 'type', text })
  }

  /** The button of those words, wherever it is on what is in front, once it is there. */
  async press(label: string): Promise<void> {
    const isPressed = (): Promise<boolean> =>
      new Promise((resolve) => {
        this.#onPressed = resolve
        this.#say({ kind: 'press', label })
      })
    await until(isPressed, `"${label}" pressed`, undefined, () => JSON.stringify(this.now))
  }

  /** Since when, by the machine's clock, it has been so. */
  async until(holds: (seen: Seen) => boolean, what: string, withinMs?: number): Promise<number> {
    const is = (): boolean => this.now !== undefined && holds(this.now)
    await until(is, what, withinMs, () => JSON.stringify(this.sights.slice(-6)) + this.log)
    const before = this.sights.findLastIndex(({ seen }) => !holds(seen))
    return this.sights[before + 1]?.atMs ?? 0
  }

  /** What is to be read on the screen at this moment. */
  text(): Promise<string> {
    return new Promise((resolve) => {
      this.#onText = resolve
      this.#say({ kind: 'look' })
    })
  }

  /** What the windows of its browser show, those behind the one in front too. */
  windows(): Promise<readonly string[]> {
    return new Promise((resolve) => {
      this.#onWindows = resolve
      this.#say({ kind: 'windows' })
    })
  }

  async read(words: string, withinMs?: number): Promise<void> {
    let text = ''
    const isThere = async (): Promise<boolean> => (text = await this.text()).includes(words)
    await until(isThere, `"${words}" on the screen`, withinMs, () => text)
  }

  /** Processes that have its browser's throw-away profile on their command line. */
  get browsers(): number {
    return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && this.#isBrowser(pid)).length
  }

  async kill(): Promise<void> {
    await this.#running?.signal('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#running?.signal('SIGTERM')
  }

  async dispose(): Promise<void> {
    await this.kill()
    // A killed browser writes a moment longer.
    await until(() => this.browsers === 0, 'no browser left')
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }

  #browser(): string {
    const path = process.env['WARDKEY_HAS_CHROMIUM'] ?? ''
    const { trustsKey } = this.#plan
    if (trustsKey === undefined) return path
    const file = join(this.folder, 'browser')
    const flag = `--ignore-certificate-errors-spki-list=${trustsKey}`
    writeFileSync(file, `#!/bin/sh\nexec ${path} ${flag} "$@"\n`, { mode: 0o700 })
    return file
  }

  #isBrowser(pid: string): boolean {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.runtimeDir)
    } catch (thrown) {
      // It ended while we looked.
      if (thrown instanceof Error && 'code' in thrown) return false
      throw thrown
    }
  }

  #say(word: ToWorkstation): void {
    this.#running?.child.send(word)
  }

  #begin(file: string, words: readonly string[], hasChannel = false): Program {
    const { before = [], pcscSocket } = this.#plan
    const env = pcscSocket === undefined ? {} : { PCSCLITE_CSOCK_NAME: pcscSocket }
    return new Program(file, words, { before, env, hasChannel })
  }
}
