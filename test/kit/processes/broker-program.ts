// The broker as an operator runs it: `wardkey-broker init` and `serve` in processes of their own, on
// ports it keeps over its restarts, told of people and places by its own command line.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import { databaseFile } from '@wardkey/broker/open-store'
import { openToRead } from '@wardkey/broker/store/open-for-reading'
import type { DatabasePlace } from '@wardkey/broker/store/open-for-reading'
import { checkRecord } from '../check-record.ts'
import type { RecordedFact } from '../check-record.ts'
import { freePorts, Program } from './program.ts'
import type { ProgramOptions } from './program.ts'

const program = 'broker/bin/wardkey-broker.js'
const served = z.object({
  ready: z.literal(true),
  workstationUrl: z.url(),
  caSha256: z.string(),
  recordKey: z.string(),
})

export interface BrokerPlan {
  /** Rules of the one zone, `4-west`. */
  readonly rules?: object
  /** … and of another one beside it, `5-east`. */
  readonly otherRules?: object
  /** Over the kit's own, as in a settings file. */
  readonly settings?: object
  /** The page that a session opens. */
  readonly chartUrl?: string
  /** Where it listens; loopback unless it stands in a network of its own. */
  readonly host?: string
  readonly before?: readonly string[]
  /** Another broker's, to share keys with. */
  readonly keysDir?: string
  readonly postgresUrl?: string
}

export interface Worker {
  readonly personId: string
  readonly uid: string
  readonly card: CardClaim
  readonly pin: string
}

/** Whoever taps has something to open, though nobody opens it. */
const nobodysChart = 'http://127.0.0.1:9/chart'

export class BrokerProgram {
  readonly folder = mkdtempSync(join(tmpdir(), 'wardkey-process-'))
  readonly keysDir: string
  readonly workstationPort: number
  readonly webPort: number
  readonly host: string
  readonly #plan: BrokerPlan
  readonly #adminPort: number
  #served: z.infer<typeof served> | undefined
  #firstKey: string | undefined
  #running: Program | undefined

  private constructor(plan: BrokerPlan, ports: readonly number[]) {
    const [web = 0, admin = 0, workstations = 0] = ports
    this.#plan = plan
    this.host = plan.host ?? '127.0.0.1'
    this.keysDir = plan.keysDir ?? join(this.folder, 'keys')
    this.workstationPort = workstations
    this.webPort = web
    this.#adminPort = admin
    this.introduce([])
  }

  /** Initialised, and not started. */
  static async make(plan: BrokerPlan = {}): Promise<BrokerProgram> {
    const broker = new BrokerProgram(plan, await freePorts(3))
    const { code, err } = await broker.run(['init'])
    if (code !== 0) throw new Error(`the broker was not initialised: ${err}`)
    return broker
  }

  /** Writes its settings, with the addresses of others that hold the same record. */
  introduce(brokers: readonly string[]): void {
    const { rules, otherRules, chartUrl = nobodysChart, postgresUrl, settings } = this.#plan
    const { host, workstationPort: port } = this
    const client = {
      clientId: 'chart',
      name: 'Chart',
      secret: 'a-secret-of-a-test-and-of-nothing-else',
      redirectUris: [`${chartUrl}/callback`],
      launch: {
        id: 'chart',
        adapter: 'oidc-web',
        launchUrl: chartUrl,
        readySelector: '#ready',
      },
    }
    const zone = (id: string, label: string, given?: object) => ({
      ...{ id, kind: 'nurse-station', label },
      rules: { roles: ['nurse'], ...given },
    })
    const all = {
      dataDir: 'data',
      keysDir: this.keysDir,
      record: { origin: 'kit.example/record' },
      log: { level: 'warn' },
      web: { host, port: this.webPort },
      admin: { port: this.#adminPort },
      workstations: { host, port, names: [host], brokers },
      zones: [zone('4-west', '4 West', rules), zone('5-east', '5 East', otherRules)],
      oidc: { clients: [client] },
      ...(postgresUrl === undefined ? {} : { store: { kind: 'postgres', postgresUrl } }),
      ...settings,
    }
    writeFileSync(join(this.folder, 'broker.yaml'), JSON.stringify(all), { mode: 0o600 })
  }

  /** Resolves when it serves. */
  async start(options: ProgramOptions = {}): Promise<void> {
    const running = this.#begin(['--json', 'serve'], options)
    this.#running = running
    this.#served = served.parse(JSON.parse(await running.line()))
    this.#firstKey ??= this.#served.recordKey
  }

  /** One of its commands, to its end. */
  run(words: readonly string[], input = '') {
    return this.#begin(words).ended(input)
  }

  get isRunning(): boolean {
    return this.#running?.isRunning === true
  }

  /** What it complained of, for whoever looks why a test failed. */
  get complaints(): string {
    return this.#running?.err ?? ''
  }

  get caSha256(): string {
    return this.#now.caSha256
  }

  get recordKey(): string {
    return this.#now.recordKey
  }

  /** What verified the record when this program first served. */
  get recordKeyAtFirst(): string {
    if (this.#firstKey === undefined) throw new Error('it has never served')
    return this.#firstKey
  }

  get address(): string {
    return `${this.host}:${String(this.workstationPort)}`
  }

  get place(): DatabasePlace {
    const { postgresUrl } = this.#plan
    return postgresUrl === undefined
      ? { kind: 'sqlite', path: join(this.folder, 'data', databaseFile) }
      : { kind: 'postgres', url: postgresUrl }
  }

  /** As its database has it, also while no broker runs. */
  async reachedMs(workstationPlace: string): Promise<number> {
    const db = openToRead(this.place)
    try {
      const row = db.selectFrom('workstation').select('reached_ms')
      const found = await row.where('place', '=', workstationPlace).executeTakeFirst()
      return found?.reached_ms ?? 0
    } finally {
      await db.destroy()
    }
  }

  async kill(): Promise<void> {
    await this.#running?.signal('SIGKILL')
  }

  /** In order; resolves with its exit code. */
  async stop(): Promise<number | null> {
    return (await this.#running?.signal('SIGTERM')) ?? null
  }

  /** Without a badge and a PIN. */
  hire(given: string, staffNumber?: string): Promise<string> {
    const add = ['person', 'add', '--given', given, '--family', 'Kit', '--role', 'nurse']
    const number = staffNumber === undefined ? [] : ['--staff-number', staffNumber]
    return this.#firstLine([...add, ...number])
  }

  /** With a badge and a PIN. */
  async addPerson(given: string, uid: string, pin: string, staffNumber?: string): Promise<Worker> {
    const personId = await this.hire(given, staffNumber)
    await this.#firstLine(['badge', 'enrol', personId, '--csn', uid])
    await this.#firstLine(['pin', 'set', personId], `${pin}\n`)
    return { personId, uid, card: { technology: 'csn', canonical: uid }, pin }
  }

  token(zone = '4-west'): Promise<string> {
    return this.#firstLine(['workstation', 'token', '--zone', zone])
  }

  /** All facts so far, signed or not, as its database has them. */
  async facts(): Promise<readonly RecordedFact[]> {
    const db = openToRead(this.place)
    try {
      const rows = await db.selectFrom('fact').select('body').orderBy('idx').execute()
      return rows.map(({ body }) => factShape.parse(JSON.parse(Buffer.from(body).toString())))
    } finally {
      await db.destroy()
    }
  }

  /** By its books: the sessions that are open, the oldest first. */
  async openSessions(): Promise<readonly string[]> {
    const db = openToRead(this.place)
    try {
      const open = db.selectFrom('session').select('id').where('state', '=', 'open')
      return (await open.orderBy('opened_ms').execute()).map(({ id }) => id)
    } finally {
      await db.destroy()
    }
  }

  /** Whether that place is connected to this one of several brokers. */
  async isConnected(place: string): Promise<boolean> {
    const { out } = await this.run(['--json', 'workstation', 'list'])
    const { workstations } = listed.parse(JSON.parse(out))
    return workstations.some((one) => one.place === place && one.connection !== undefined)
  }

  /** Ended in order, so that all of it is signed: verified as an auditor would, fact by fact. */
  async checkRecord(): Promise<readonly RecordedFact[]> {
    const code = await this.stop()
    if (code !== 0) throw new Error(`the broker ended with ${String(code)}: ${this.complaints}`)
    const db = openToRead(this.place)
    try {
      return await checkRecord(db, this.recordKey)
    } finally {
      await db.destroy()
    }
  }

  async dispose(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }

  get #now(): z.infer<typeof served> {
    if (!this.#served) throw new Error('it has never served')
    return this.#served
  }

  #begin(words: readonly string[], options: ProgramOptions = {}): Program {
    const settings = ['--settings', join(this.folder, 'broker.yaml')]
    const { before = [] } = this.#plan
    return new Program(program, [...settings, ...words], { before, ...options })
  }

  async #firstLine(words: readonly string[], input = ''): Promise<string> {
    const { code, out, err } = await this.run(words, input)
    if (code !== 0) throw new Error(`${words.slice(0, 2).join(' ')}: ${err}`)
    return out.split('\n')[0] ?? ''
  }
}

const listed = z.object({
  workstations: z.array(z.object({ place: z.string(), connection: z.unknown().optional() })),
})
const factShape = z.looseObject({ id: z.string(), code: z.string(), atMs: z.number() })
