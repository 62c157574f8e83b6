// A house whose workstation authority changes: brokers with key folders of their own on one
// database, workstations that enrol, tell what they believe, and are renewed. No TLS.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { enrolWorkstation } from '@wardkey/broker/flows/enrolment/enrol-workstation'
import { keepInventory } from '@wardkey/broker/flows/enrolment/keep-inventory'
import { mintToken } from '@wardkey/broker/flows/enrolment/mint-token'
import { renewWorkstation } from '@wardkey/broker/flows/enrolment/renew-workstation'
import { AuthorityDesk } from '@wardkey/broker/flows/keys/authority-desk'
import type { NamedAuthority } from '@wardkey/broker/flows/keys/authority-standing'
import { keepAuthority } from '@wardkey/broker/flows/keys/change-authority'
import {
  findLaterAuthority,
  laterFilesMissing,
  makeLaterAuthority,
  openAuthority,
} from '@wardkey/broker/platform/authority/authority'
import type { AuthorityOrder } from '@wardkey/broker/platform/keys/authority-keys'
import { makeKeys, openKeys } from '@wardkey/broker/platform/keys/keys'
import { zoneId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { BrokerCore } from './broker-core.ts'

const issuing = { names: ['localhost'], certificateHours: 168 }
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicKey = Uint8Array.from(pair.publicKey.export({ format: 'der', type: 'spki' })).buffer
const system = { platform: 'linux', release: '6', arch: 'x64' }

export type AuthorityBroker = Awaited<ReturnType<AuthorityHouse['broker']>>
export type EnrolledHere = Awaited<ReturnType<AuthorityHouse['enrolled']>>

export class AuthorityHouse {
  readonly root = mkdtempSync(join(tmpdir(), 'wardkey-authorities-'))
  readonly #core: BrokerCore
  readonly #nowMs: () => number
  #orders = 0

  /** Certificates are of `nowMs`: who verifies them by TLS does so by this machine's clock. */
  constructor(core: BrokerCore, nowMs: () => number = core.needs.nowMs) {
    this.#core = core
    this.#nowMs = nowMs
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }

  copyKeys(from: string, to: string): void {
    cpSync(join(this.root, from), join(this.root, to), { recursive: true })
    chmodSync(join(this.root, to), 0o700)
  }

  /** With that key folder, which is made where it is not there. */
  async broker(folder = 'keys') {
    const settings = { keysDir: join(this.root, folder), masterKey: '' }
    const nowMs = this.#nowMs
    makeKeys(settings)
    const keys = await openKeys(settings)
    const first = await openAuthority(keys, issuing, nowMs)
    const find = (generation: string) => findLaterAuthority(keys, generation, issuing, nowMs)
    const missing = (named: NamedAuthority) => laterFilesMissing(keys, named)
    const desk = new AuthorityDesk({ first, find })
    const look = (ordered?: AuthorityOrder) =>
      keepAuthority(ordered, {
        ...{ ...this.#core.needs, caSha256: first.caSha256, missing },
        makeNext: (generation) => makeLaterAuthority(keys, generation, nowMs()),
      })
    /** Reads the row, carries the order out, and does as the row says. */
    const take = async (ordered?: AuthorityOrder) => desk.take(await look(ordered))
    return { keys, first, desk, missing, look, take }
  }

  order(step: AuthorityOrder['step']): AuthorityOrder {
    this.#orders += 1
    return { id: String(this.#orders).padStart(16, '0'), step }
  }

  needsOf({ desk }: AuthorityBroker) {
    return {
      ...{ ...this.#core.needs, issue: desk.present.issue, nextIssuer: () => desk.issuer },
      presentLater: () => desk.presentLater,
      ...{ random: randomBytes, isConnected: () => false, renewLateMs: 0 },
    }
  }

  async token(): Promise<string> {
    const about = { zoneId: zoneId.parse('4-west'), uses: 1, lifeMs: 60_000, by: 'kit' }
    const needs = { ...this.#core.needs, random: randomBytes }
    const { answer } = await needs.perform(() => mintToken(about, needs))
    if (answer.kind === 'refused') throw new Error(answer.code)
    return answer.token
  }

  async enrolled(at: AuthorityBroker, place = '4 West') {
    const asked = { token: await this.token(), place, publicKey, address: '127.0.0.1' }
    const needs = this.needsOf(at)
    const made = (await needs.perform(() => enrolWorkstation(asked, needs))).answer
    if (made.kind === 'refused') throw new Error(made.code)
    return made
  }

  tell(id: WorkstationId, authorities?: string[]) {
    const body = { agentVersion: '1', system, readers: [], settings: [] }
    return keepInventory(id, { ...body, ...(authorities && { authorities }) }, this.#core.needs)
  }

  /** The authority of its new certificate. */
  async renewed(at: AuthorityBroker, { workstationId, issued }: EnrolledHere): Promise<string> {
    const { sha256: certSha256, notAfterMs } = issued
    const peer = { workstationId, certSha256, notAfterMs, isExpired: false }
    const needs = this.needsOf(at)
    const asked = { peer, publicKey, address: '127.0.0.1' }
    const { answer } = await needs.perform(() => renewWorkstation(asked, needs))
    if (answer.kind === 'refused') throw new Error(answer.code)
    return answer.issued.caPem
  }

  /** Rotated to, and every workstation of these has told and has a certificate of the next one. */
  async rotated(at: AuthorityBroker, renewed: readonly EnrolledHere[] = []): Promise<string> {
    await at.take(this.order('prepare'))
    await at.take(this.order('rotate'))
    const sha256 = (await at.look())?.next?.sha256 ?? ''
    for (const one of renewed) {
      await this.tell(one.workstationId, [at.first.caSha256, sha256])
      await this.renewed(at, one)
      await this.tell(one.workstationId, [sha256, at.first.caSha256])
    }
    return sha256
  }
}
