// The whole hospital as npm start opens it, driven from its page's own line: taps, keys, and the
// record as it comes. Nothing in it is faked but the hands.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { parseVerifierKey } from '@wardkey/broker/audit/signed-note'
import { RecordVerifier } from '@wardkey/broker/audit/verify-record'

import { heardNotice } from '../../demo/src/demo-messages.ts'
import type { HeardNotice, HrOrder, Moment, PageMessage } from '../../demo/src/demo-messages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readyMaxMs = 60_000
const eventMaxMs = 45_000

const message = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('welcome'), vkey: z.string() }),
  z.looseObject({ kind: z.literal('record'), lines: z.array(z.string()) }),
  z.looseObject({ kind: z.literal('compliance'), notices: z.array(heardNotice) }),
  z.looseObject({
    kind: z.literal('hr'),
    people: z.array(
      z.looseObject({
        ...{ key: z.string(), position: z.string(), employment: z.string() },
        ...{ uid: z.string(), pin: z.string(), staffNumber: z.string() },
        acts: z.array(z.string()),
      }),
    ),
    word: z.object({ text: z.string(), isTrouble: z.boolean() }).optional(),
  }),
  z.looseObject({
    kind: z.literal('around'),
    station: z.number(),
    around: z.object({
      isAway: z.boolean(),
      isCut: z.boolean(),
      mayForgetBadge: z.boolean(),
      phase: z.string(),
    }),
  }),
])
type Hr = Extract<z.infer<typeof message>, { kind: 'hr' }>
type Around = Extract<z.infer<typeof message>, { kind: 'around' }>['around']
const entryLine = z.looseObject({ kind: z.string(), body: z.string().optional() })
const factShape = z.looseObject({
  code: z.string(),
  person: z.string().optional(),
  session: z.string().optional(),
  workstation: z.string().optional(),
  rule: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
})
export type SeenFact = z.infer<typeof factShape>

export class DemoHospital {
  readonly facts: SeenFact[] = []
  /** What compliance has heard, the newest word on each. */
  notices: readonly HeardNotice[] = []
  /** The HR desk's books, and its newest word. */
  hr: Hr = { kind: 'hr', people: [] }
  readonly folder: string
  readonly url: string
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  readonly #around = new Map<number, Around>()
  /** Taken fact by fact, so that each wait sees only what is new. */
  #seen = 0
  #vkey = ''
  #socket: WebSocket | undefined

  private constructor(child: ChildProcess, url: string, folder: string) {
    this.#child = child
    this.url = url
    this.folder = folder
  }

  static async open(
    environment: NodeJS.ProcessEnv = {},
    folder = mkdtempSync(join(tmpdir(), 'wardkey-demo-')),
  ): Promise<DemoHospital> {
    const port = await freePorts()
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        `${root}demo/src/main.ts`,
        '--port',
        String(port),
        '--folder',
        folder,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } },
    )
    let text = ''
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL')
        reject(new Error(`the hospital did not open: ${text}`))
      }, readyMaxMs)
      const hear = (chunk: Buffer): void => {
        text += chunk.toString()
        const found = /ready after [0-9.]+ s: (\S+)/.exec(text)?.[1]
        if (found === undefined) return
        clearTimeout(timer)
        resolve(found)
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.once('exit', () => {
        clearTimeout(timer)
        reject(new Error(`the hospital ended: ${text}`))
      })
    })
    const hospital = new DemoHospital(child, url, folder)
    await hospital.#connect()
    return hospital
  }

  tap(station: number, uid: string): void {
    this.#say({ kind: 'tap', station, uid })
  }

  /** Types on the station's screen as a keyboard would. */
  type(station: number, text: string): void {
    for (const key of [...text.split(''), 'Enter']) {
      const code = key === 'Enter' ? 'Enter' : `Digit${key}`
      this.#say({ kind: 'key', station, act: 'down', key, code })
      this.#say({ kind: 'key', station, act: 'up', key, code })
    }
  }

  click(station: number, x: number, y: number): void {
    const point = { kind: 'pointer', station, x, y } as const
    for (const act of ['moved', 'pressed', 'released']) this.#say({ ...point, act })
  }

  /** One of a workstation's hard moments, by its button. */
  meet(station: number, moment: Moment): void {
    this.#say({ kind: 'moment', station, moment })
  }

  /** What came of an emergency, said on the page. */
  review(about: Omit<Extract<PageMessage, { kind: 'review' }>, 'kind'>): void {
    this.#say({ kind: 'review', ...about })
  }

  /** One act at the HR desk, by its button. */
  askHr(order: HrOrder): void {
    this.#say({ kind: 'hr', ...order })
  }

  /** Until its screen is in that scene, and drawn so that it hears keys. */
  async shows(station: number, phase: string): Promise<void> {
    await this.around(station, (around) => around.phase === phase)
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }

  /** One key, pressed and let go. */
  press(station: number, key: string): void {
    for (const act of ['down', 'up']) this.#say({ kind: 'key', station, act, key, code: key })
  }

  /** Until it is so, looked at again and again. */
  async until(holds: () => boolean, what: string, withinMs = eventMaxMs): Promise<void> {
    const untilMs = performance.now() + withinMs
    while (!holds()) {
      if (performance.now() > untilMs) {
        const codes = this.facts.slice(this.#seen).map((fact) => fact.code)
        throw new Error(`never: ${what}; what was: ${codes.join(' ')}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Until the page is told so of the station. */
  async around(station: number, holds: (around: Around) => boolean): Promise<void> {
    const untilMs = performance.now() + eventMaxMs
    for (;;) {
      const around = this.#around.get(station)
      if (around && holds(around)) return
      if (performance.now() > untilMs) throw new Error(`it stays so: ${JSON.stringify(around)}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** The next fact of that code after those that were waited for already. */
  async fact(code: string, withinMs = eventMaxMs): Promise<SeenFact> {
    const untilMs = performance.now() + withinMs
    while (performance.now() < untilMs) {
      const at = this.facts.findIndex((fact, index) => index >= this.#seen && fact.code === code)
      const found = this.facts[at]
      if (found) {
        this.#seen = at + 1
        return found
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const codes = this.facts.slice(this.#seen).map((fact) => fact.code)
    throw new Error(`${code} did not happen; what did: ${codes.join(' ')}`)
  }

  /** Badge and PIN until the chart is there. */
  async signIn(station: number, who: { uid: string; pin: string }): Promise<SeenFact> {
    this.tap(station, who.uid)
    await this.fact('TAP-002')
    // The pad is drawn a moment after the question is in the record, on a busy machine a long one.
    await this.shows(station, 'entering-pin')
    this.type(station, who.pin)
    return this.fact('SES-005')
  }

  /** Verifies every line that came, as an auditor would, and that nothing is there twice. */
  checkRecord(): void {
    const key = parseVerifierKey(this.#vkey)
    if (!key) throw new Error('no verifier key came')
    const verifier = new RecordVerifier([key])
    for (const line of this.#lines) verifier.take(line)
    const verdict = verifier.end()
    if (verdict.kind !== 'valid') throw new Error(`the record: ${JSON.stringify(verdict)}`)
    const ids = this.facts.map((fact) => String(fact['id']))
    if (new Set(ids).size !== ids.length) throw new Error('a fact is there twice')
  }

  /** Ctrl-C; resolves with the exit code. */
  async close(isKept = false): Promise<number | null> {
    this.#socket?.terminate()
    const gone = new Promise<number | null>((resolve) => {
      this.#child.once('exit', (code) => {
        resolve(code)
      })
    })
    this.#child.kill('SIGINT')
    const code = await gone
    if (!isKept) rmSync(this.folder, { recursive: true, force: true })
    return code
  }

  async #connect(): Promise<void> {
    const address = `${this.url.replace('http', 'ws')}/demo`
    const socket = new WebSocket(address, { headers: { origin: this.url } })
    this.#socket = socket
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.on('message', (data: Buffer, isBinary) => {
        if (isBinary) return
        const heard = message.parse(JSON.parse(data.toString('utf8')))
        if (heard.kind === 'record') this.#take(heard.lines)
        else if (heard.kind === 'compliance') this.notices = heard.notices
        else if (heard.kind === 'hr') this.hr = heard
        else if (heard.kind === 'around') this.#around.set(heard.station, heard.around)
        else {
          this.#vkey = heard.vkey
          resolve()
        }
      })
    })
  }

  #take(lines: readonly string[]): void {
    this.#lines.push(...lines)
    for (const line of lines) {
      const { kind, body } = entryLine.parse(JSON.parse(line))
      if (kind === 'entry') this.facts.push(factShape.parse(JSON.parse(body ?? '')))
    }
  }

  #say(asked: object): void {
    this.#socket?.send(JSON.stringify(asked))
  }
}

/** A port with the five after it free as well. */
async function freePorts(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 30_000)
    const free = await Promise.all([0, 1, 2, 3, 4, 5].map((more) => isFree(port + more)))
    if (free.every(Boolean)) return port
  }
  throw new Error('no free ports')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => {
      resolve(false)
    })
    probe.listen(port, '127.0.0.1', () => {
      probe.close(() => {
        resolve(true)
      })
    })
  })
}
