// Opens and closes the demo's hospital: each program in its order, what they tell carried to the
// page, and what the page asks carried to them.

import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { writeFileSync } from 'node:fs'
import { findBrowser } from '@wardkey/agent/launch/find-browser'
import type { BrokerOrder, FromBroker } from './broker.ts'
import { closedReviews } from './compliance/closed-reviews.ts'
import { PrivacyOffice } from './compliance/privacy-office.ts'
import type { Children } from './children.ts'
import { signInClient } from './demo-folder.ts'
import type { DemoFolder, DemoPorts } from './demo-folder.ts'
import type { DemoMessage, Moment, PageMessage, StationAround } from './demo-messages.ts'
import { openDemoServer } from './demo-server.ts'
import type { DemoServer } from './demo-server.ts'
import { stations, zones } from './hospital.ts'
import { HrBook } from './hr/hr-book.ts'
import { HrDesk } from './hr/hr-desk.ts'
import type { Names } from './known-names.ts'
import { Relay } from './moments/relay.ts'
import { officeKeys } from './offices.ts'
import { openDemoProvider } from './sign-in/demo-provider.ts'
import type { DemoProvider } from './sign-in/demo-provider.ts'
import { hireOffices } from './sign-in/hire-offices.ts'
import type { FromWorkstation, ToWorkstation } from './workstation-messages.ts'

const startMaxMs = 60_000
/** Lines kept for pages that connect later; a page verifies from the first one. */
const linesMax = 100_000

export interface HospitalNeeds {
  readonly root: string
  readonly folder: DemoFolder
  readonly ports: DemoPorts
  readonly children: Children
}

export class Hospital {
  readonly #needs: HospitalNeeds
  readonly #lines: string[] = []
  readonly #workstations: ChildProcess[] = []
  /** Each workstation's own wire to the broker. */
  readonly #wires: Relay[] = []
  readonly #around: StationAround[] = []
  #server: DemoServer | undefined
  #names: Names = {}
  #vkey = ''
  #privacyOffice: PrivacyOffice | undefined
  #hrDesk: HrDesk | undefined
  #provider: DemoProvider | undefined
  #hasBrowser = true

  constructor(needs: HospitalNeeds) {
    this.#needs = needs
  }

  /** The page's address. Throws with a sentence for people where something stands in the way. */
  async open(): Promise<string> {
    const { folder, ports, root } = this.#needs
    await checkPorts(ports)
    this.#hasBrowser = hasBrowser()
    this.#privacyOffice = await PrivacyOffice.open({
      file: folder.complianceFile,
      secret: () => folder.complianceSecret(),
      onChange: (notices) => this.#server?.say({ kind: 'compliance', notices }),
    })
    this.#provider = await openDemoProvider({
      ...{ port: ports.signIn, clientId: signInClient, clientSecret: folder.memory.signInSecret },
      redirectUri: `${adminUrl(ports)}/console/callback`,
    })
    folder.writeBrokerSettings(ports, this.#privacyOffice.url)
    const { caPem, tokens } = await this.#startBroker()
    this.#hrDesk = this.#openHrDesk()
    await this.#hrDesk.hireFirst()
    await this.#staffOffices()
    await Promise.all([
      this.#startEhr(),
      ...stations.map((_, index) => this.#startWorkstation(index, caPem, tokens)),
    ])
    this.#server = await openDemoServer({
      port: ports.page,
      folder: `${root}demo/dist`,
      onPage: (message) => {
        this.#onPage(message)
      },
      onWatchers: (count) => {
        for (const child of this.#workstations) say(child, { kind: 'watch', isWatched: count > 0 })
      },
      greeting: () => this.#greeting(),
    })
    return this.#server.url
  }

  async close(): Promise<void> {
    await this.#server?.close()
    await this.#needs.children.end()
    await this.#privacyOffice?.close()
    await this.#provider?.close()
    await Promise.all(this.#wires.map((wire) => wire.close()))
  }

  async #staffOffices(): Promise<void> {
    const { folder, ports } = this.#needs
    if (folder.memory.hasOffices) return
    await hireOffices({ port: ports.admin, token: folder.memory.officeTokens.hr ?? '' })
    folder.remember({ hasOffices: true })
  }

  #openHrDesk(): HrDesk {
    const { folder, ports } = this.#needs
    const { hr = '', badges = '' } = folder.memory.officeTokens
    return new HrDesk({
      book: new HrBook(folder.hrFile),
      scim: { port: ports.admin, token: hr },
      badges: { port: ports.admin, token: badges },
      onChange: (shown) => this.#server?.say({ kind: 'hr', ...shown }),
    })
  }

  async #startBroker(): Promise<{ caPem: string; tokens: ReadonlyMap<string, string> }> {
    const { children, folder, root } = this.#needs
    const { enrolled, officeTokens } = folder.memory
    const missing = stations.filter(({ key }) => !enrolled.includes(key))
    const child = children.fork('broker', `${root}demo/src/broker.ts`)
    const order: BrokerOrder = {
      settingsFile: folder.brokerFile,
      officesWithout: officeKeys.filter((office) => officeTokens[office] === undefined),
      tokensFor: missing.map(({ zoneId }) => zoneId),
    }
    return await within(startMaxMs, 'The broker did not start in time.', (resolve, reject) => {
      child.on('message', (message: FromBroker) => {
        switch (message.kind) {
          case 'ready':
            this.#vkey = message.vkey
            folder.remember({ officeTokens: { ...officeTokens, ...message.officeTokens } })
            resolve({
              caPem: message.caPem,
              tokens: new Map(missing.map(({ key }, at) => [key, message.tokens[at] ?? ''])),
            })
            break
          case 'record':
            this.#takeLines(message.lines, message.names)
            break
          case 'failed':
            reject(new Error(`The broker did not start (${message.code}). ${message.text}`))
        }
      })
      child.send(order)
    })
  }

  async #startEhr(): Promise<void> {
    const { children, folder, ports, root } = this.#needs
    const settings = {
      port: ports.ehr,
      issuer: `http://127.0.0.1:${String(ports.web)}/oidc`,
      clientId: 'larkfield',
      clientSecret: folder.memory.clientSecret,
      downtime: zones.map(({ id, downtimeWards: wards }) => ({
        key: folder.downtimeKey(id),
        wards,
      })),
    }
    const file = `${root}demo/src/ehr/main.ts`
    const child = children.spawn('ehr', file, ['--settings', '-'], JSON.stringify(settings))
    await within<undefined>(startMaxMs, 'The EHR did not start in time.', (resolve) => {
      child.stdout?.once('data', () => {
        resolve(undefined)
      })
    })
  }

  async #startWorkstation(
    index: number,
    caPem: string,
    tokens: ReadonlyMap<string, string>,
  ): Promise<void> {
    const { children, folder, ports, root } = this.#needs
    const station = stations[index]
    if (!station) return
    const wire = await Relay.open(ports.workstations)
    this.#wires[index] = wire
    folder.writeAgentSettings(station.key, wire.port)
    const caFile = folder.at('broker-ca.pem')
    writeFileSync(caFile, caPem)
    const child = children.fork(`workstation ${station.place}`, `${root}demo/src/workstation.ts`, [
      folder.agentFile(station.key),
      station.place,
      caFile,
    ])
    this.#workstations[index] = child
    await within<undefined>(
      startMaxMs,
      `${station.place} did not start in time.`,
      (resolve, reject) => {
        child.on('message', (message: FromWorkstation) => {
          if (message.kind === 'picture') this.#server?.picture(index, message.jpeg)
          else if (message.kind === 'around') this.#say(index, message.around)
          else if (message.kind === 'ready') resolve(undefined)
          else if (message.kind === 'enrolled') {
            folder.remember({ enrolled: [...folder.memory.enrolled, station.key] })
          } else reject(new Error(`${station.place} did not start (${message.code}).`))
        })
        // The token goes over the channel: what is on a command line everybody can read.
        child.send({ kind: 'start', token: tokens.get(station.key) ?? '' } satisfies ToWorkstation)
      },
    )
  }

  #takeLines(lines: readonly string[], names: Names): void {
    if (this.#lines.length < linesMax) this.#lines.push(...lines)
    this.#names = { ...this.#names, ...names }
    this.#server?.say({ kind: 'record', lines, names })
    this.#privacyOffice?.noteClosed(closedReviews(lines))
  }

  #onPage(said: PageMessage): void {
    if (said.kind === 'review') {
      const { folder, ports } = this.#needs
      const door = { port: ports.admin, token: folder.memory.officeTokens.review ?? '' }
      void this.#privacyOffice?.review(said, door)
      return
    }
    if (said.kind === 'hr') {
      void this.#hrDesk?.ask(said)
      return
    }
    if (said.kind === 'looks') {
      for (const child of this.#workstations) say(child, said)
      return
    }
    const { station, ...message } = said
    const child = this.#workstations[station]
    if (!child) return
    if (message.kind !== 'moment') say(child, message)
    else this.#onMoment(station, child, message.moment)
  }

  #onMoment(station: number, child: ChildProcess, moment: Moment): void {
    const wire = this.#wires[station]
    const around = this.#around[station]
    if (moment === 'cut-network') wire?.cut()
    else if (moment === 'join-network') wire?.join()
    else say(child, { kind: 'moment', moment })
    if (around) this.#say(station, around)
  }

  /** Kept for pages that connect later. */
  #say(station: number, told: Omit<StationAround, 'isCut'>): void {
    const around = { ...told, isCut: this.#wires[station]?.isCut ?? false }
    this.#around[station] = around
    this.#server?.say({ kind: 'around', station, around })
  }

  #greeting(): readonly DemoMessage[] {
    return [
      {
        kind: 'welcome',
        stations: stations.map(({ place }) => ({ place, hasBrowser: this.#hasBrowser })),
        vkey: this.#vkey,
        consoleUrl: `${adminUrl(this.#needs.ports)}/console/`,
      },
      { kind: 'record', lines: this.#lines, names: this.#names },
      { kind: 'compliance', notices: this.#privacyOffice?.notices ?? [] },
      ...(this.#hrDesk ? [{ kind: 'hr', ...this.#hrDesk.shown } as const] : []),
      ...this.#around.map((around, station) => ({ kind: 'around', station, around }) as const),
    ]
  }
}

const adminUrl = ({ admin }: DemoPorts): string => `http://127.0.0.1:${String(admin)}`

function say(child: ChildProcess, message: ToWorkstation): void {
  if (child.connected) child.send(message)
}

function hasBrowser(): boolean {
  try {
    findBrowser('')
    return true
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'Fault') return false
    throw thrown
  }
}

/** A taken port is named before anything has started. */
async function checkPorts(ports: DemoPorts): Promise<void> {
  for (const port of Object.values(ports) as number[]) {
    const isFree = await new Promise<boolean>((resolve) => {
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
    if (isFree) continue
    throw new Error(
      `Port ${String(port)} is taken by another program. End that one, or start with ` +
        `npm start -- --port N (the demo uses N and the five ports after it).`,
    )
  }
}

function within<T>(
  ms: number,
  sentence: string,
  begin: (resolve: (value: T) => void, reject: (cause: Error) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(sentence))
    }, ms)
    begin(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (cause) => {
        clearTimeout(timer)
        reject(cause)
      },
    )
  })
}
