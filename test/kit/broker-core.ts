// The broker's core on a real store, without its doors: people, badges and workstations to begin
// with, and taps as flows. Its clock is moved by hand; everything else is what runs in the product.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { PersonKeys } from '@wardkey/broker/audit/person-keys'
import { Sealer } from '@wardkey/broker/audit/sealer'
import type { SealerNeeds } from '@wardkey/broker/audit/sealer'
import { verifierKey } from '@wardkey/broker/audit/signed-note'
import type { NoteSigner } from '@wardkey/broker/audit/signed-note'
import type { ReviewNeeds } from '@wardkey/broker/flows/access-reviews/review-needs'
import { addPerson } from '@wardkey/broker/flows/add-person'
import { connect } from '@wardkey/broker/flows/connect'
import { enrolBadge } from '@wardkey/broker/flows/enrol-badge'
import { breakGlass } from '@wardkey/broker/flows/break-glass'
import type { ErrandNeeds } from '@wardkey/broker/flows/errands/errand-answers'
import { enterPin } from '@wardkey/broker/flows/enter-pin'
import type { HrNeeds } from '@wardkey/broker/flows/hr/hr-flow'
import type { EvidenceNeeds } from '@wardkey/broker/flows/evidence/make-evidence'
import { makeHouse } from '@wardkey/broker/flows/house-book'
import { leave } from '@wardkey/broker/flows/leave'
import { makePerform } from '@wardkey/broker/flows/perform'
import type { Notice } from '@wardkey/broker/flows/recorded'
import { setPin } from '@wardkey/broker/flows/set-pin'
import { vouch } from '@wardkey/broker/flows/vouch'
import { tapIn } from '@wardkey/broker/flows/tap-in'
import { accessFacts } from '@wardkey/broker/identity/access-facts'
import type { AllowedCard } from '@wardkey/broker/identity/cards/allowed-cards'
import { makeVerifyByNumber } from '@wardkey/broker/identity/verify-by-number'
import { makeVerifyPin } from '@wardkey/broker/identity/verify-pin'
import type { Log } from '@wardkey/broker/platform/log'
import type { RoleRule } from '@wardkey/broker/platform/settings-schemas'
import type { ZoneSettings } from '@wardkey/broker/policy/zone-settings'
import type { Store } from '@wardkey/broker/store/store'
import type { z } from 'zod'
import { messageId, tapId, workstationId } from '@wardkey/protocol/ids'
import type { BadgeId, PersonId, SessionId, TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { CardClaim, LeaveReason, WhoClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { checkRecord } from './check-record.ts'
import { checkScreens, expectDistinct } from './check-screens.ts'
import { workstationRow, zoneRow } from './core-rows.ts'
import type { RecordedFact } from './check-record.ts'
import { openPinThread } from './pin-thread.ts'
import type { PinThread } from './pin-thread.ts'
import { usualAccessReviews, usualHouse, usualLaunch } from './usual-house.ts'
import { sqliteTestStore } from './stores.ts'
import type { TestStore } from './stores.ts'

export const silentLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

export interface KitPerson {
  readonly personId: PersonId
  readonly badgeId: BadgeId
  readonly card: CardClaim
  readonly pin: string
}

export interface KitNeeds extends ErrandNeeds, HrNeeds, ReviewNeeds {
  readonly store: Store
  readonly log: Log
  readonly personKeys: PersonKeys
  readonly brokers: readonly string[]
}

export interface CoreSettings {
  readonly open?: () => Promise<TestStore>
  /** Hears of notices too; the core keeps them all in `notices`. */
  readonly onNotice?: (notice: Notice) => void
  readonly pinThreads?: number
  readonly pinQueueMax?: number
  readonly channels?: readonly ('webhook' | 'mail')[]
  readonly roleRules?: readonly RoleRule[]
  readonly adoptBy?: HrNeeds['adoptBy']
  readonly allowedCards?: readonly AllowedCard[]
  /** Of a record that is there already. */
  readonly signer?: NoteSigner
}

/** Passes every rule. */
export const usualPin = '48261739'

export async function openCore(settings: CoreSettings = {}) {
  const opened = await (settings.open ?? sqliteTestStore)()
  return new BrokerCore(opened, settings)
}

type Left = Parameters<typeof connect>[0]['left']

export class BrokerCore {
  readonly store: Store
  readonly needs: KitNeeds
  /** Every notice so far, in the order in which it was carried out. */
  readonly notices: Notice[] = []
  /** The site's: bundles are made with what comes of it for each person. */
  readonly pinPepper: Uint8Array
  readonly #opened: TestStore
  readonly #pins: PinThread
  readonly #signer: NoteSigner
  #nowMs = 1_800_000_000_000
  #cards = 0

  constructor(opened: TestStore, settings: CoreSettings) {
    this.#opened = opened
    this.store = opened.store
    const { store } = opened
    const { privateKey: key } = generateKeyPairSync('ed25519')
    this.#signer = settings.signer ?? { name: 'kit.example/record', key }
    const { pinThreads: threads, pinQueueMax: queueMax } = settings
    this.#pins = openPinThread({
      ...(threads === undefined ? {} : { threads }),
      ...(queueMax === undefined ? {} : { queueMax }),
    })
    const { hashing, pepper } = this.#pins
    this.pinPepper = pepper
    const nowMs = (): number => this.#nowMs
    const newId = randomUUID
    const perform = makePerform({
      store,
      log: silentLog,
      notices: (notice) => {
        this.notices.push(notice)
        settings.onNotice?.(notice)
      },
    })
    this.needs = {
      store,
      db: store.read,
      nowMs,
      newId,
      log: silentLog,
      perform,
      hashing,
      verifyByNumber: makeVerifyByNumber({ store, hashing, nowMs }),
      verifyPin: makeVerifyPin({ store, hashing, nowMs, newId }),
      personKeys: new PersonKeys(store, randomBytes(32)),
      house: makeHouse({ db: store.read, calendar: usualHouse.calendar, log: silentLog }),
      cardKey: randomBytes(32),
      allowedCards: settings.allowedCards ?? [],
      staffKey: randomBytes(32),
      hrKey: randomBytes(32),
      roleRules: settings.roleRules ?? [],
      adoptBy: settings.adoptBy ?? 'administrator',
      emergency: { reviewMs: 72 * 3_600_000, channels: settings.channels ?? [] },
      ...usualLaunch,
      sessionMaxMs: 12 * 3_600_000,
      pinAnswerMs: 60_000,
      pinDigits: { min: 8, max: 12 },
      loanerMs: 12 * 3_600_000,
      brokers: [],
      exceptionMaxMs: 14 * 86_400_000,
      accessReviews: usualAccessReviews,
    }
  }

  nowMs(): number {
    return this.#nowMs
  }

  pass(ms: number): void {
    this.#nowMs += ms
  }

  async addZone(id: string, change: Partial<ZoneSettings> = {}): Promise<void> {
    await this.#write(this.store.read.insertInto('zone').values(zoneRow(id, change)))
  }

  async addWorkstation(
    zone: string,
    certSha256 = randomBytes(32).toString('hex'),
    id = workstationId.parse(randomUUID()),
  ): Promise<WorkstationId> {
    const row = workstationRow(id, zone, certSha256, this.#nowMs)
    await this.#write(this.store.read.insertInto('workstation').values(row))
    return id
  }

  async addPerson(
    about: {
      roles?: string[]
      given?: string
      family?: string
      pin?: string | null
      staffNumber?: string
    } = {},
  ): Promise<KitPerson> {
    const { roles = ['nurse'], given = 'Rosa', family = 'Santos', staffNumber } = about
    const number = staffNumber === undefined ? {} : { staffNumber }
    const by = 'kit'
    const added = await this.needs.perform(() =>
      addPerson({ name: { given, family }, roles, ...number, by }, this.needs),
    )
    if (added.answer.kind !== 'added') throw new Error('the kit adds nobody')
    const { personId } = added.answer
    this.#cards += 1
    const canonical = `04${this.#cards.toString(16).padStart(12, '0')}`
    const card: CardClaim = { technology: 'csn', canonical }
    const enrolled = await this.needs.perform(() => enrolBadge({ personId, card, by }, this.needs))
    if (enrolled.answer.kind !== 'enrolled') throw new Error('the kit enrols no badge')
    const pin = about.pin === undefined ? usualPin : about.pin
    if (pin !== null) {
      const set = await setPin({ personId, pin, by }, this.needs)
      if (set.answer.kind !== 'set') throw new Error(`the kit’s PIN is refused: ${set.answer.code}`)
    }
    return { personId, badgeId: enrolled.answer.badgeId, card, pin: pin ?? '' }
  }

  /** What HR says of her beside status and roles, as the store keeps it. */
  async setAccess({ personId }: KitPerson, access: z.input<typeof accessFacts>): Promise<void> {
    const text = JSON.stringify(accessFacts.parse(access))
    await this.#write(
      this.store.read.updateTable('person').set({ access: text }).where('id', '=', personId),
    )
  }

  newTapId(): TapId {
    return tapId.parse(randomUUID())
  }

  async tap(
    at: WorkstationId,
    who: Pick<KitPerson, 'card'>,
    id: TapId = this.newTapId(),
  ): Promise<BrokerFrame> {
    const asked = { tapId: id, workstationId: at, card: who.card }
    return (await this.needs.perform((look) => tapIn(asked, look, this.needs))).answer
  }

  async pin(at: WorkstationId, id: TapId, pin: string): Promise<BrokerFrame> {
    return (await enterPin({ tapId: id, workstationId: at, pin }, this.needs)).answer
  }

  /** Badge, and the PIN where it is asked for. Throws where that opens nothing. */
  async signIn(at: WorkstationId, who: KitPerson): Promise<SessionId> {
    const id = this.newTapId()
    const first = await this.tap(at, who, id)
    const frame = first.kind === 'ask-pin' ? await this.pin(at, id, who.pin) : first
    if (frame.kind !== 'admitted') throw new Error(`not admitted: ${JSON.stringify(frame)}`)
    return frame.sessionId
  }

  /** Asks for emergency access, by badge or by staff number. */
  async breakGlass(
    at: WorkstationId,
    who: Pick<KitPerson, 'card'> | { readonly staffNumber: string },
    about: { id?: TapId; reason?: string; note?: string } = {},
  ): Promise<BrokerFrame> {
    const { id = this.newTapId(), reason = 'patient-in-danger', note } = about
    const frame = {
      kind: 'break-glass',
      id: messageId.parse(randomUUID()),
      tapId: id,
      who: claimOf(who),
      choice: { reason, tookMs: 2500, position: 0, of: 5, ...(note === undefined ? {} : { note }) },
      atMs: this.#nowMs,
    } as const
    return (await this.needs.perform(() => breakGlass(frame, at, this.needs))).answer
  }

  async vouch(at: WorkstationId, id: TapId, who: Pick<KitPerson, 'card'>): Promise<BrokerFrame> {
    const frame = {
      kind: 'witness',
      id: messageId.parse(randomUUID()),
      tapId: id,
      card: who.card,
      atMs: this.#nowMs,
    } as const
    return (await this.needs.perform(() => vouch(frame, at, this.needs))).answer
  }

  async leave(
    at: WorkstationId,
    session: SessionId,
    reason: LeaveReason = 'tap-out',
    opening?: number,
    atMs = this.#nowMs,
  ) {
    const frame = {
      kind: 'leave',
      id: messageId.parse(randomUUID()),
      sessionId: session,
      reason,
      ...(opening === undefined ? {} : { opening }),
      atMs,
    } as const
    return (await this.needs.perform(() => leave(frame, at, this.needs))).answer
  }

  async hello(at: WorkstationId, bootId: string, openSessionId?: SessionId, left?: Left) {
    const frame = {
      kind: 'hello',
      id: messageId.parse(randomUUID()),
      version: 1,
      agentVersion: '0.1.0',
      bootId,
      platform: 'linux',
      ...{ ...(openSessionId === undefined ? {} : { openSessionId }), ...(left ? { left } : {}) },
      atMs: this.#nowMs,
    } as const
    return (await this.needs.perform(() => connect(frame, at, this.needs))).answer ?? []
  }

  sessions() {
    return this.store.read.selectFrom('session').selectAll().orderBy('opened_ms').execute()
  }

  /** Signs as the kit's broker would; it does nothing until it is asked. */
  newSealer(keys: Pick<SealerNeeds, 'findSigner'> = {}): Sealer {
    const onBroken = (fault: Error): void => void Promise.reject(fault)
    return new Sealer({ ...this.needs, signer: this.#signer, onBroken, ...keys })
  }

  /** What evidence is made with, and signed by the key that signs this sealer's record. */
  evidenceFrom(sealer: Sealer): EvidenceNeeds['evidence'] {
    const settings = {
      ...{ pinDigitsMin: 8, sessionMaxMs: this.needs.sessionMaxMs },
      ...{ hasTls: true, witnesses: 1, complianceChannels: 1 },
    }
    return { seal: () => sealer.sealNow(), signer: () => sealer.signer, settings }
  }

  get signer(): NoteSigner {
    return this.#signer
  }

  get recordKey(): string {
    return verifierKey(this.#signer)
  }

  async record(): Promise<RecordedFact[]> {
    const sealer = this.newSealer()
    await sealer.start()
    await sealer.stop()
    return checkRecord(this.store.read, this.recordKey)
  }

  /** How often each code is in the record. */
  async counts(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const { code } of await this.record()) counts[code] = (counts[code] ?? 0) + 1
    return counts
  }

  /** What must hold after every step, whatever happened: promises 4 and 5. */
  async checkInvariants(): Promise<void> {
    const open = (await this.sessions()).filter(({ state }) => state === 'open')
    expectDistinct(
      open.map((session) => session.workstation_id),
      'a workstation shows two people',
    )
    await checkScreens(open, this.store)
    const people = await this.store.read.selectFrom('person').selectAll().execute()
    const active = new Set(people.filter((p) => p.status === 'active').map((p) => p.id))
    const onLeave = new Set(people.filter((p) => p.status === 'on-leave').map((p) => p.id))
    for (const session of await this.sessions()) {
      if (session.state === 'ended' || active.has(session.person_id)) continue
      if (session.grant_id === null || !onLeave.has(session.person_id)) {
        throw new Error('somebody who is not active has a session')
      }
    }
    const standing = await this.store.read
      .selectFrom('presence')
      .selectAll()
      .where('until_ms', 'is', null)
      .execute()
    expectDistinct(
      standing.map((presence) => presence.session_id),
      'two presences stand',
    )
    const openIds = new Set(open.map(({ id }) => id))
    if (standing.some((presence) => !openIds.has(presence.session_id))) {
      throw new Error('somebody is present at a screen that is not open')
    }
  }

  async close(): Promise<void> {
    await this.needs.perform.idle()
    await this.#pins.close()
    await this.store.close()
    await this.#opened.remove()
  }

  async #write(query: { compile(): Parameters<Store['commit']>[0]['writes'][number]['query'] }) {
    await this.store.commit({ kind: 'housekeeping', writes: [{ query: query.compile() }] })
  }
}

function claimOf(who: Pick<KitPerson, 'card'> | { readonly staffNumber: string }): WhoClaim {
  if ('card' in who) return { by: 'card', card: who.card }
  return { by: 'staff-number', staffNumber: who.staffNumber }
}
