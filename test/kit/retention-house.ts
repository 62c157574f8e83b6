// A house whose record has years behind it, with a desk for its retention: facts of each class every
// few days, signed as they came, and what somebody with all rights in the database might do.

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { encodeFact } from '@wardkey/broker/audit/fact'
import type { Fact } from '@wardkey/broker/audit/fact'
import { exportRecord } from '@wardkey/broker/audit/export-record'
import type { RecordLine } from '@wardkey/broker/audit/record-lines'
import { signerNow } from '@wardkey/broker/audit/key-changes/signer-now'
import { Sealer } from '@wardkey/broker/audit/sealer'
import { parseVerifierKey, verifierKey } from '@wardkey/broker/audit/signed-note'
import type { NoteSigner, NoteVerifier } from '@wardkey/broker/audit/signed-note'
import { RecordVerifier } from '@wardkey/broker/audit/verify-record'
import type { Verdict } from '@wardkey/broker/audit/verify-record'
import { changeRecordKey } from '@wardkey/broker/flows/keys/change-record-key'
import { RetentionDesk } from '@wardkey/broker/flows/retention/retention-desk'
import { decideRetention, proposeRetention } from '@wardkey/broker/flows/retention/retention-rules'
import type { RetentionDays } from '@wardkey/protocol/retention-classes'
import { openCore } from './broker-core.ts'
import type { BrokerCore, CoreSettings } from './broker-core.ts'

export const dayMs = 86_400_000
const stepDays = 5
const codes = ['TAP-001', 'PRE-001', 'PER-002', 'WKS-004', 'SYS-003'] as const

export const usualDays: RetentionDays = {
  access: 731,
  presence: 200,
  administration: 731,
  operational: 100,
}

export class RetentionHouse {
  readonly core: BrokerCore
  readonly sealer: Sealer
  readonly faults: string[] = []
  /** After the first, which is the kit's. */
  readonly #later: NoteSigner[] = []

  readonly findSigner = (key: NoteVerifier): NoteSigner | undefined =>
    this.#later.find((signer) => parseVerifierKey(verifierKey(signer))?.key.equals(key.key))

  /** That signs now. */
  signer(): Promise<NoteSigner> {
    const { store, signer } = this.core
    return signerNow({ db: store.read, signer, findSigner: this.findSigner })
  }

  /** Not sealed by it. */
  async changeKey(): Promise<NoteSigner> {
    const { name } = this.core.signer
    const to = { name, key: generateKeyPairSync('ed25519').privateKey }
    this.#later.push(to)
    const order = { key: '', reason: 'scheduled', state: 'ordered' } as const
    const said = await changeRecordKey(order, {
      ...{ ...this.core.needs, chain: this.sealer.chain, first: this.core.signer },
      ...{ findSigner: this.findSigner, findKey: () => to.key },
    })
    if (said !== 'changed') throw new Error(said)
    return to
  }

  constructor(core: BrokerCore) {
    this.core = core
    const onBroken = ({ code }: { readonly code: string }): void => void this.faults.push(code)
    const { needs, signer } = core
    this.sealer = new Sealer({ ...needs, signer, findSigner: this.findSigner, onBroken })
  }

  static async open(settings: CoreSettings): Promise<RetentionHouse> {
    const house = new RetentionHouse(await openCore(settings))
    await house.tamper('update alert_cursor set next_idx = 1000000000')
    return house
  }

  /** So many days pass, with facts of each class every few of them. */
  async live(days: number, about: Partial<Fact> = {}): Promise<void> {
    for (let day = 0; day < days; day += stepDays) {
      this.core.pass(stepDays * dayMs)
      await this.add(codes.map((code) => ({ code, ...about })))
      if (day % (stepDays * 8) === 0) await this.sealer.sealNow()
    }
    await this.sealer.sealNow()
  }

  async add(some: readonly Pick<Fact, 'code' | 'fields'>[]): Promise<void> {
    const [first, ...rest] = some.map((one) =>
      encodeFact({ id: randomUUID(), atMs: this.core.nowMs(), ...one }),
    )
    if (!first) return
    await this.core.store.commit({ kind: 'recorded', writes: [], facts: [first, ...rest] })
  }

  /** By two people; in force. */
  async agree(days: RetentionDays = usualDays, isClockRight = false): Promise<void> {
    const { needs } = this.core
    const order = { days, reason: 'the house says so', isClockRight, by: 'token one' }
    const { answer } = await needs.perform(() => proposeRetention(order, needs))
    if (answer.kind !== 'proposed') throw new Error(`refused: ${answer.code}`)
    const { number } = answer
    const word = { number, outcome: 'approved', by: 'token two' } as const
    const decided = await needs.perform(() => decideRetention(word, needs))
    if (decided.answer.kind !== 'decided') throw new Error('not decided')
    await this.sealer.sealNow()
  }

  desk(change: Partial<ConstructorParameters<typeof RetentionDesk>[0]> = {}): RetentionDesk {
    return new RetentionDesk({
      ...this.core.needs,
      ...{ me: randomUUID(), signer: this.core.signer, findSigner: this.findSigner },
      head: () => this.sealer.head,
      ...change,
    })
  }

  /** A run a day, as many as that. */
  async run(times = 1, desk = this.desk()): Promise<void> {
    for (let time = 0; time < times; time++) {
      this.core.pass(dayMs)
      await this.add([{ code: 'SYS-003' }])
      await this.sealer.sealNow()
      await desk.look()
      await this.sealer.sealNow()
    }
  }

  async lines(): Promise<RecordLine[]> {
    const lines: RecordLine[] = []
    const { name } = this.core.signer
    for await (const line of exportRecord(this.core.store.read, name, 0)) lines.push(line)
    return lines
  }

  async verdict(lines?: readonly RecordLine[], signer = this.core.signer): Promise<Verdict> {
    const key = parseVerifierKey(verifierKey(signer))
    const verifier = new RecordVerifier(key ? [key] : [])
    for (const line of lines ?? (await this.lines())) {
      const bytes = Buffer.from(JSON.stringify(line))
      if (!verifier.takeBytes(bytes, 0, bytes.length)) break
    }
    return verifier.end()
  }

  /** How many facts of a code there are, and how old the oldest is, in days. */
  async oldest(code: string): Promise<{ readonly count: number; readonly days: number }> {
    const rows = await this.core.store.read
      .selectFrom('fact')
      .select('at_ms')
      .where('code', '=', code)
      .orderBy('idx')
      .execute()
    const ageMs = this.core.nowMs() - (rows[0]?.at_ms ?? this.core.nowMs())
    return { count: rows.length, days: Math.floor(ageMs / dayMs) }
  }

  /** What somebody with all rights in the database does. */
  async tamper(...texts: string[]): Promise<void> {
    const { store } = this.core
    for (const text of texts) {
      const query = sql.raw(text).compile(store.read)
      await store.commit({ kind: 'housekeeping', writes: [{ query }] })
    }
  }
}
