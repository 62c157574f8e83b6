// What brokers of one database tell each other, on both ends: notices become rows of the unit that
// they follow from, and rows of others become notices again. What is read is parsed, and a lock is
// held to the books first.

import { z } from 'zod'
import { personId, sessionId, workstationId, zoneId } from '@wardkey/protocol/ids'
import { brokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { Store, Write } from '../store/store.ts'
import type { Notice } from './recorded.ts'

/** Those that are about a workstation; EHRs and compliance are told by the broker that decided. */
const shared = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('to-workstation'), workstationId, frame: brokerFrame }),
  z.object({ kind: z.literal('workstation-changed'), workstationId, isRevoked: z.boolean() }),
  z.object({ kind: z.literal('zone-changed'), zoneId }),
  z.object({ kind: z.literal('person-revoked'), personId }),
  z.object({
    kind: z.literal('role-lost'),
    personId,
    roles: z.array(z.string().max(200)).max(64),
  }),
])
const sharedKinds = new Set<Notice['kind']>(shared.options.map(({ shape }) => shape.kind.value))

/** In one look; the rest is for the next, at once. */
const readMax = 500
/** No unit is under way for so long: a number that is missing until then will not come any more. */
const passOverMs = 30_000
/** As long as rows are kept, and less: whoever did not look for this may have missed some. */
const missedMs = 5 * 60_000
export const wordMemoryMs = 10 * 60_000

export interface BrokerWordsNeeds {
  readonly store: Store
  /** Of this run of this broker. */
  readonly origin: string
  readonly nowMs: () => number
  readonly monoMs: () => number
  readonly carry: (notice: Notice) => void | Promise<void>
  /** Words may have been missed: every workstation here is to say hello again. */
  readonly onMissed: () => void
}

export class BrokerWords {
  readonly #needs: BrokerWordsNeeds
  /** Numbers that were seen, and when; those below `#floor` are all passed over. */
  readonly #seen = new Map<number, number>()
  #floor = 0
  #lookedMs: number

  constructor(needs: BrokerWordsNeeds) {
    this.#needs = needs
    this.#lookedMs = needs.monoMs()
  }

  /** Writes for the unit that these follow from. */
  readonly post = (notices: readonly Notice[]): readonly Write[] => {
    const { store, origin, nowMs } = this.#needs
    const values = notices
      .filter(({ kind }) => sharedKinds.has(kind))
      .map((notice) => ({ origin, notice: JSON.stringify(notice), at_ms: nowMs() }))
    if (values.length === 0) return []
    return [{ query: store.read.insertInto('broker_word').values(values).compile() }]
  }

  /** What is there already is for nobody who connects from now on. */
  async start(): Promise<void> {
    for (const { id } of await this.#read()) this.#seen.set(id, this.#needs.monoMs())
  }

  /** Carries out what others wrote since the last look, in their order. */
  async look(): Promise<void> {
    const { monoMs, carry, origin, onMissed } = this.#needs
    const startedMs = monoMs()
    const rows = await this.#read()
    const isLate = startedMs - this.#lookedMs > missedMs
    this.#lookedMs = startedMs
    if (isLate) onMissed()
    for (const row of rows) {
      if (this.#seen.has(row.id)) continue
      this.#seen.set(row.id, startedMs)
      const notice = row.origin === origin ? undefined : parseNotice(row.notice)
      if (notice && !(await this.#isOutdated(notice))) await carry(notice)
    }
    this.#passOver(startedMs)
  }

  async #read() {
    const { store } = this.#needs
    const found: { id: number; origin: string; notice: string }[] = []
    for (let after = this.#floor; ;) {
      const rows = await store.read
        .selectFrom('broker_word')
        .select(['id', 'origin', 'notice'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(readMax)
        .execute()
      found.push(...rows)
      after = rows.at(-1)?.id ?? after
      if (rows.length < readMax) return found
    }
  }

  /** She may be back at that screen by now: what was true of it then would lock her out. */
  async #isOutdated(notice: Notice): Promise<boolean> {
    if (notice.kind !== 'to-workstation' || notice.frame.kind !== 'lock') return false
    const open = await this.#needs.store.read
      .selectFrom('session')
      .select('id')
      .where('id', '=', sessionId.parse(notice.frame.sessionId))
      .where('state', '=', 'open')
      .where('workstation_id', '=', notice.workstationId)
      .executeTakeFirst()
    return open !== undefined
  }

  #passOver(nowMs: number): void {
    for (const [id, seenMs] of this.#seen) {
      if (nowMs - seenMs < passOverMs) continue
      this.#floor = Math.max(this.#floor, id)
    }
    for (const id of this.#seen.keys()) if (id <= this.#floor) this.#seen.delete(id)
  }
}

/** Nothing where a newer release wrote what this one does not know. */
function parseNotice(text: string): Notice | undefined {
  return shared.safeParse(JSON.parse(text)).data
}
