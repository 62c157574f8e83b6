// A broker's errands, its door for sign-ins and a hospital's own sign-in over TLS, for tests of what
// they do together. Nothing of it is stood in for but the workstation's browser.

import { randomBytes, randomUUID } from 'node:crypto'
import formbody from '@fastify/formbody'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { expect } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { OpenWeb } from '@wardkey/protocol/launch-steps'
import type { CardClaim, ErrandAnswer } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { ErrandKind } from '@wardkey/protocol/workstation/errands'
import { openCore, usualPin } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, CoreSettings, KitPerson } from '../../../../test/kit/broker-core.ts'
import {
  clientId,
  clientSecret,
  HospitalSignIn,
} from '../../../../test/kit/sign-in/hospital-sign-in.ts'
import type { Says } from '../../../../test/kit/sign-in/hospital-sign-in.ts'
import { Visitor } from '../../../../test/kit/sign-in/visitor.ts'
import type { Visited } from '../../../../test/kit/sign-in/visitor.ts'
import { answerErrand } from '../../flows/errands/answer-errand.ts'
import { beginErrandHere } from '../../flows/errands/begin-errand.ts'
import type { SignInNeeds } from '../../flows/errands/sign-in/redeem-sign-in.ts'
import { makeAccountProvider } from '../../identity/account/account-provider.ts'
import type { Log } from '../../platform/log.ts'
import { openHttp } from '../open-http.ts'
import type { HttpPort } from '../open-http.ts'
import { registerAccount } from './account-door.ts'

/** Of the provider: so long, and so much. */
export const bedLimits = { withinMs: 1500, bytesMax: 64 * 1024 }

export const acts = {
  unknown: { technology: 'csn', canonical: '04aabbccddeeff' } as CardClaim,
  ended: { by: 'sign-in-ended' } as ErrandAnswer,
  yes: { by: 'yes' } as ErrandAnswer,
  /** The badge that is to be hers, once more. */
  again: {
    by: 'card',
    card: { technology: 'csn', canonical: '04aabbccddeeff' },
  } as ErrandAnswer,
  pin: (digits = usualPin): ErrandAnswer => ({ by: 'pin', pin: digits }),
  number: (text: string): ErrandAnswer => ({ by: 'staff-number', staffNumber: text }),
  showing: (of: Pick<KitPerson, 'card'>): ErrandAnswer => ({ by: 'card', card: of.card }),
  ticketOf: ({ signIn }: OpenWeb): [string, { ticket: string }] => {
    if (!signIn) throw new Error('no ticket')
    return [signIn.url, { ticket: signIn.ticket }]
  },
  /** What the screen is told: back to the colleague's way, and why in a word. */
  refusedAs: (flaw: string) => ({
    ...{ kind: 'ask-errand', step: 'witness-badge', again: true, flaw, offersAccount: true },
  }),
} as const

export class AccountBed {
  readonly core: BrokerCore
  readonly hospital: HospitalSignIn
  readonly needs: SignInNeeds
  readonly here: WorkstationId
  /** May speak for others; and somebody whose account signs in where nothing else is said. */
  readonly chief: KitPerson
  readonly anna: KitPerson
  /** As the operator would read it. */
  readonly logged: string[]
  readonly #fastify: FastifyInstance
  readonly #web: HttpPort

  private constructor(
    parts: Pick<AccountBed, 'core' | 'hospital' | 'needs' | 'here' | 'chief' | 'anna' | 'logged'>,
    fastify: FastifyInstance,
    web: HttpPort,
  ) {
    this.core = parts.core
    this.hospital = parts.hospital
    this.needs = parts.needs
    this.here = parts.here
    this.chief = parts.chief
    this.anna = parts.anna
    this.logged = parts.logged
    this.#fastify = fastify
    this.#web = web
  }

  static async open(settings: CoreSettings): Promise<AccountBed> {
    const core = await openCore(settings)
    const hospital = await HospitalSignIn.open()
    hospital.says.claims = { staff: 'N-4711' }
    const web = await openHttp({ host: '127.0.0.1', port: 0, setting: 'web.port' }, undefined)
    const fastify = Fastify({ logger: false })
    await fastify.register(formbody)
    const logged: string[] = []
    const accounts = accountsAt(web.url, hospital, core)
    const log = logTo(logged)
    const needs = { ...core.needs, accounts, log, monotonicMs: () => performance.now() }
    registerAccount(fastify, needs)
    await web.answerWith(fastify)
    await core.addZone('4-west', { witnessRoles: ['charge-nurse'], nameShown: 'none' })
    const here = await core.addWorkstation('4-west')
    const chief = await core.addPerson({ roles: ['nurse', 'charge-nurse'], staffNumber: 'N-1' })
    const name = { given: 'Anna', family: 'Quartermaine' }
    const anna = await core.addPerson({ ...name, staffNumber: 'N-4711' })
    return new AccountBed({ core, hospital, needs, here, chief, anna, logged }, fastify, web)
  }

  async close(): Promise<void> {
    await this.core.checkInvariants()
    await this.core.record()
    await this.#web.close(1000)
    await this.#fastify.close()
    await this.hospital.close()
    await this.core.close()
  }

  async begin(errand: ErrandKind, card?: CardClaim, at = this.here, id = this.core.newTapId()) {
    const frame = {
      ...({ kind: 'errand', id: messageId.parse(randomUUID()), tapId: id, errand } as const),
      ...(card ? { card } : {}),
      atMs: 1,
    }
    const done = await this.core.needs.perform(() => beginErrandHere(frame, at, this.needs))
    return { id, frame: done.answer }
  }

  async answer(
    id: TapId,
    given: ErrandAnswer,
    card?: CardClaim,
    at = this.here,
  ): Promise<BrokerFrame> {
    const frame = {
      ...({ kind: 'errand-answer', id: messageId.parse(randomUUID()), tapId: id } as const),
      answer: given,
      ...(card ? { card } : {}),
    }
    return (await answerErrand(frame, at, this.needs)).answer
  }

  /** The page that the workstation is to open. */
  async pageOf(id: TapId, card?: CardClaim): Promise<OpenWeb> {
    const frame = await this.answer(id, { by: 'sign-in' }, card)
    expect(frame).toMatchObject({ kind: 'ask-errand', step: 'sign-in' })
    if (frame.kind !== 'ask-errand' || !frame.signIn) throw new Error('no page')
    return frame.signIn
  }

  visitor(): Visitor {
    return new Visitor(this.hospital.caPem)
  }

  /** Opens it, signs in, and is sent back; the page that is over. */
  visit(page: OpenWeb, by = this.visitor()): Promise<Visited> {
    return by.go(...acts.ticketOf(page))
  }

  /** As far as the provider sends her back, and no further. */
  untilBack(page: OpenWeb, by: Visitor): Promise<Visited> {
    return by.go(...acts.ticketOf(page), (url) => url.pathname === '/enrol/callback')
  }

  async withSignIn(errand: ErrandKind, card?: CardClaim) {
    const { id } = await this.begin(errand, card)
    expect((await this.visit(await this.pageOf(id, card))).url.pathname).toBe('/enrol/done')
    return { id, frame: await this.answer(id, acts.ended, card) }
  }

  async factsOf(code: string) {
    return (await this.core.record()).filter((fact) => fact.code === code)
  }

  says(change: Partial<Says>): void {
    this.hospital.says = { ...this.hospital.says, ...change }
  }

  claims(change: Readonly<Record<string, unknown>>): void {
    this.says({ claims: { ...this.hospital.says.claims, ...change } })
  }
}

function accountsAt(
  webUrl: string,
  { issuer, caPem }: HospitalSignIn,
  { needs }: BrokerCore,
): SignInNeeds['accounts'] {
  const provider = makeAccountProvider(
    {
      ...{ issuer, clientId, clientSecret, caPem },
      ...{ acr: ['mfa', 'key'], groups: ['staff'], groupsClaim: 'groups', claim: 'staff' },
      ...{ scope: 'openid profile', origins: ['https://login.example'] },
    },
    // Tokens are of today, whatever time it is for the broker.
    { redirectUri: `${webUrl}/enrol/callback`, nowMs: Date.now, limits: bedLimits },
  )
  const made = { key: randomBytes(32), random: randomBytes }
  return { provider, webUrl, person: 'staff-number', hrKey: needs.hrKey, ...made }
}

function logTo(lines: string[]): Log {
  const write = (event: string, fields: object): void => {
    lines.push(`${event} ${JSON.stringify(fields)}`)
  }
  return { info: write, warn: write, error: write }
}
