// The demo's folder: what it keeps from one start to the next, and the settings its programs read.
// All of it can be thrown away; npm start makes it again.

import { mkdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { createHash, randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { downtimeDoor } from './ehr/downtime/downtime-door.ts'
import { positions } from './hr/positions.ts'
import { stations, witnessRoles, zones } from './hospital.ts'
import { officeKeys } from './offices.ts'
import { demoAcr, issuerAt } from './sign-in/demo-provider.ts'
import { officePeople, officePost } from './sign-in/office-people.ts'

const newSecret = (): string => randomBytes(32).toString('base64url')

const memory = z.object({
  version: z.literal(2),
  clientSecret: z.string().min(32),
  /** Of the broker at the hospital's own sign-in. */
  signInSecret: z.string().min(32).default(newSecret),
  /** Whether the offices have their people. */
  hasOffices: z.boolean().default(false),
  /** Which parts of the hospital stand already: a start that was cut short goes on from there. */
  enrolled: z.array(z.string()),
  /** Each office's own, for what it does and nothing else. */
  officeTokens: z.partialRecord(z.enum(officeKeys), z.string()),
})
export type DemoMemory = z.infer<typeof memory>

export interface DemoPorts {
  readonly page: number
  readonly web: number
  readonly admin: number
  readonly workstations: number
  readonly ehr: number
  readonly signIn: number
}

/** What the hospital's own sign-in knows the broker by. */
export const signInClient = 'wardkey'

const downtimeKeyName = (zoneId: string): string => `larkfield-${zoneId}`

/** The page's port and the five after it. */
export function portsFrom(page: number): DemoPorts {
  const [web, admin, workstations] = [page + 1, page + 2, page + 3]
  return { page, web, admin, workstations, ehr: page + 4, signIn: page + 5 }
}

export class DemoFolder {
  readonly path: string
  #memory: DemoMemory

  constructor(path: string, isReset: boolean) {
    this.path = path
    if (isReset) rmSync(path, { recursive: true, force: true })
    mkdirSync(path, { recursive: true, mode: 0o700 })
    this.#memory = this.#read()
    this.#write()
  }

  get memory(): DemoMemory {
    return this.#memory
  }

  remember(change: Partial<DemoMemory>): void {
    this.#memory = { ...this.#memory, ...change }
    this.#write()
  }

  at(...names: string[]): string {
    return join(this.path, ...names)
  }

  get brokerFile(): string {
    return this.at('broker.yaml')
  }

  agentFile(key: string): string {
    return this.at(`agent-${key}.yaml`)
  }

  /** Written anew at each start: only the memory and what the programs keep lasts. */
  writeBrokerSettings(ports: DemoPorts, complianceUrl: string): void {
    const web = `http://127.0.0.1:${String(ports.web)}`
    const ehr = `http://127.0.0.1:${String(ports.ehr)}`
    this.#file(this.brokerFile, {
      dataDir: this.at('broker-data'),
      keysDir: this.at('broker-keys'),
      web: { host: '127.0.0.1', port: ports.web, publicUrl: web },
      admin: { host: '127.0.0.1', port: ports.admin },
      workstations: { host: '127.0.0.1', port: ports.workstations },
      compliance: { webhookUrl: complianceUrl, privateAddresses: ['127.0.0.1'] },
      record: { origin: 'demo.wardkey.example/record' },
      people: {
        roles: [
          ...Object.values(positions).map(({ key, jobCode, department, role }) => ({
            ...{ name: key, jobCode, department, roles: [role] },
          })),
          { name: 'office', jobCode: officePost.jobCode, roles: [officePost.role] },
        ],
      },
      account: {
        issuer: issuerAt(ports.signIn),
        clientId: signInClient,
        secret: this.#memory.signInSecret,
        acr: [demoAcr],
      },
      console: consoleGroups(),
      oidc: {
        privateAddresses: ['127.0.0.1'],
        clients: [
          {
            clientId: 'larkfield',
            name: 'Larkfield Chart',
            secret: this.#memory.clientSecret,
            redirectUris: [`${ehr}/callback`],
            backchannelLogoutUri: `${ehr}/backchannel-logout`,
            launch: {
              id: 'larkfield',
              adapter: 'oidc-web',
              launchUrl: `${ehr}/login`,
              readySelector: '[data-testid=chart-user]',
            },
          },
        ],
      },
      zones: zones.map(({ id, kind, label, roles }) => ({
        id,
        kind,
        label,
        rules: {
          roles: [...roles],
          witnessRoles: [...witnessRoles],
          serviceDesk: '4455',
          idleMs: 600_000,
          offlineMaxMs: 4 * 3_600_000,
          downtimeSteps: [
            {
              kind: 'open-web',
              url: `${ehr}${downtimeDoor.path}`,
              key: { field: downtimeDoor.field, name: downtimeKeyName(id) },
              allowedOrigins: [ehr],
              readySelector: '[data-testid=downtime]',
            },
          ],
        },
      })),
    })
  }

  /** HR's own books. */
  get hrFile(): string {
    return this.at('hr.json')
  }

  /** What the privacy office has heard. */
  get complianceFile(): string {
    return this.at('compliance.json')
  }

  /** What the broker signs its notices with: the receiver is given a copy, as here. */
  complianceSecret(): string {
    return this.#keyFile('compliance-webhook.secret')
  }

  /** What the broker made for the zone: whoever installs it gives the EHR a copy, as here. */
  downtimeKey(zoneId: string): string {
    return this.#keyFile(`downtime-${downtimeKeyName(zoneId)}.key`)
  }

  /** `brokerPort` is where this workstation's own wire to the broker begins. */
  writeAgentSettings(key: string, brokerPort: number): void {
    this.#file(this.agentFile(key), {
      broker: { addresses: [`127.0.0.1:${String(brokerPort)}`] },
      dataDir: this.at(`agent-${key}`),
      runtimeDir: this.at(`agent-${key}-run`),
      identity: { store: 'file' },
      // One real reader, if there is one, stands at the first workstation.
      readers: { pcsc: key === stations[0]?.key, hid: false },
      presence: { socket: this.#presenceSocket(key), hid: false },
      browser: { headless: true },
      serviceDesk: '4455',
      log: { level: 'warn' },
    })
  }

  /** A socket's path may be a hundred bytes long, and a folder's longer. */
  #presenceSocket(key: string): string {
    const own = createHash('sha256').update(this.path).digest('hex').slice(0, 12)
    const name = `wardkey-demo-${own}-${key}`
    if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`
    const within = this.at(`presence-${key}.sock`)
    return Buffer.byteLength(within) <= 100 ? within : join(tmpdir(), `${name}.sock`)
  }

  #keyFile(name: string): string {
    return readFileSync(this.at('broker-keys', name), 'utf8').trim()
  }

  #file(path: string, settings: object): void {
    writeFileSync(path, stringify(settings), { mode: 0o600 })
  }

  #read(): DemoMemory {
    const path = this.at('demo.json')
    const fresh: DemoMemory = {
      version: 2,
      clientSecret: newSecret(),
      signInSecret: newSecret(),
      hasOffices: false,
      officeTokens: {},
      enrolled: [],
    }
    if (!existsSync(path)) return fresh
    try {
      return memory.parse(JSON.parse(readFileSync(path, 'utf8')))
    } catch (thrown) {
      if (!(thrown instanceof Error)) throw thrown
      throw new Error(`${path} is not readable: start once with --reset`, { cause: thrown })
    }
  }

  #write(): void {
    writeFileSync(this.at('demo.json'), JSON.stringify(this.#memory), { mode: 0o600 })
  }
}

/** `demo-service-desk` gives the role `serviceDesk`. */
function consoleGroups(): Readonly<Record<string, readonly string[]>> {
  const groups = [...new Set(officePeople.map(({ group }) => group))]
  const roleOf = (group: string): string =>
    group.replace(/^demo-/, '').replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase())
  return Object.fromEntries(groups.map((group) => [roleOf(group), [group]]))
}
