// The whole broker as its own main starts it, in this process: SQLite in a folder of its own, free
// ports, workstations enrolled over HTTPS by the agent's own code. Nothing of it is stood in for.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { enrol } from '@wardkey/agent/link/enrol'
import type { Identity } from '@wardkey/agent/link/identity'
import { addPerson } from '@wardkey/broker/flows/add-person'
import { enrolBadge } from '@wardkey/broker/flows/enrol-badge'
import { mintToken } from '@wardkey/broker/flows/enrolment/mint-token'
import { setPin } from '@wardkey/broker/flows/set-pin'
import { initBroker } from '@wardkey/broker/init'
import { startBroker } from '@wardkey/broker/main'
import type { RunningBroker } from '@wardkey/broker/main'
import { parseSettings } from '@wardkey/broker/platform/settings'
import type { Settings } from '@wardkey/broker/platform/settings'
import { zoneSettings } from '@wardkey/broker/policy/zone-settings'
import { zoneId } from '@wardkey/protocol/ids'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import { socketPath } from '@wardkey/protocol/workstation/enrolment'
import { subprotocol } from '@wardkey/protocol/workstation/version'
import { silentLog, usualPin } from './broker-core.ts'
import type { KitPerson } from './broker-core.ts'
import { checkRecord } from './check-record.ts'
import type { RecordedFact } from './check-record.ts'
import { WiredAgent } from './wired-broker.ts'
import type { HelloSays } from './wired-broker.ts'
import { unopenedEhr } from './usual-house.ts'

const by = 'kit'

const usualZones = [
  { id: '4-west', kind: 'nurse-station', label: '4 West', rules: { roles: ['nurse'] } },
  { id: 'pharmacy', kind: 'pharmacy', label: 'Pharmacy', rules: { roles: ['pharmacist'] } },
]

/** `given` are settings by their flat keys, over the kit's own. */
export async function openBroker(given: Record<string, unknown> = {}): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-broker-'))
  const parsed = parseSettings(
    {
      environment: {},
      given: {
        dataDir: join(folder, 'data'),
        keysDir: join(folder, 'keys'),
        'web.port': 0,
        'admin.port': 0,
        'workstations.port': 0,
        zones: usualZones,
        // Whoever taps has something to open.
        'oidc.clients': [unopenedEhr],
        ...given,
      },
    },
    zoneSettings,
  )
  if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join('; '))
  await initBroker(parsed.settings, silentLog)
  return new Broker(folder, parsed.settings, await startBroker(parsed.settings, silentLog))
}

export class Broker {
  running: RunningBroker
  readonly #folder: string
  readonly #settings: Settings
  readonly #agents: WiredAgent[] = []
  #cards = 0

  constructor(folder: string, settings: Settings, running: RunningBroker) {
    this.#folder = folder
    this.#settings = settings
    this.running = running
  }

  /** A person with a badge and, unless told not to, a PIN. */
  async addPerson(
    about: {
      given?: string
      family?: string
      roles?: string[]
      pin?: string
      staffNumber?: string
    } = {},
  ): Promise<KitPerson> {
    const { needs } = this.running
    const {
      given = 'Rosa',
      family = 'Santos',
      roles = ['nurse'],
      pin = usualPin,
      staffNumber,
    } = about
    const number = staffNumber === undefined ? {} : { staffNumber }
    const added = await needs.perform(() =>
      addPerson({ name: { given, family }, roles, ...number, by }, needs),
    )
    if (added.answer.kind !== 'added') throw new Error('the kit could not add somebody')
    const { personId } = added.answer
    this.#cards += 1
    const canonical = `04${this.#cards.toString(16).padStart(12, 'b')}`
    const card: CardClaim = { technology: 'csn', canonical }
    const enrolled = await needs.perform(() => enrolBadge({ personId, card, by }, needs))
    const set = await setPin({ personId, pin, by }, needs)
    if (enrolled.answer.kind !== 'enrolled' || set.answer.kind !== 'set') {
      throw new Error('the kit could not add somebody')
    }
    return { personId, badgeId: enrolled.answer.badgeId, card, pin }
  }

  /** With a token, over HTTPS, pinned to the authority, as an agent does. */
  async enrol(zone: string, place: string): Promise<Identity> {
    const { needs, caPem, workstationUrl } = this.running
    const order = { zoneId: zoneId.parse(zone), uses: 1, lifeMs: 60_000, by }
    const minted = await needs.perform(() => mintToken(order, needs))
    if (minted.answer.kind !== 'minted') throw new Error(`no token: ${minted.answer.code}`)
    const { hostname: host, port } = new URL(workstationUrl)
    const outcome = await enrol({
      broker: { host, port: Number(port), serverName: host },
      pin: { kind: 'certificate', caPem },
      token: minted.answer.token,
      place,
    })
    if (outcome.kind !== 'enrolled') throw new Error(`not enrolled: ${JSON.stringify(outcome)}`)
    return outcome.identity
  }

  /** Connected and welcomed. */
  async connect(
    identity: Identity,
    openSessionId?: string,
    says: HelloSays = {},
  ): Promise<WiredAgent> {
    const url = `${this.running.workstationUrl.replace('https', 'wss')}${socketPath}`
    const { caPem: ca, certificatePem: cert, keyPem: key } = identity
    const agent = new WiredAgent(new WebSocket(url, subprotocol, { ca, cert, key }))
    this.#agents.push(agent)
    await agent.opened()
    agent.hello({ ...says, ...(openSessionId === undefined ? {} : { openSessionId }) })
    agent.welcome = await agent.next('welcome')
    return agent
  }

  /** Badge, and the PIN where it is asked for. */
  async signIn(agent: WiredAgent, who: KitPerson) {
    const tapId = agent.tap(who.card)
    const first = await agent.any()
    if (first.kind === 'ask-pin') agent.say({ kind: 'pin', tapId, pin: who.pin })
    const frame = first.kind === 'admitted' ? first : await agent.next('admitted')
    return frame.sessionId
  }

  /** The record up to now, verified as an auditor would. */
  async record(): Promise<RecordedFact[]> {
    await this.running.sealer.sealNow()
    return checkRecord(this.running.needs.db, this.running.recordKey)
  }

  /** An orderly stop and a new start on the same data; ports are new. */
  async restart(): Promise<void> {
    await this.running.close()
    this.running = await startBroker(this.#settings, silentLog)
  }

  async close(): Promise<void> {
    for (const agent of this.#agents) agent.socket.terminate()
    await this.running.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
