// Brokers whose key folder lacks the next authority say so in the database, each in a row of its
// own, and say it again as long as it is so. While one does, nothing is rotated or ended.

import { z } from 'zod'
import type { Store, Write } from '../../store/store.ts'
import type { FlowNeeds } from '../flow-needs.ts'

const lack = z.strictObject({
  /** Of the next one's certificate. */
  sha256: z.string(),
  /** By which names workstations reach that broker. */
  at: z.string(),
  /** Files of its key folder. */
  missing: z.array(z.string()),
})
export type Lack = z.infer<typeof lack>

const prefix = 'authority-lacks '
const againMs = 30_000
/** One that says nothing more is gone: where it comes back, it says it first of all. */
const lapseMs = 120_000

type Db = Pick<FlowNeeds, 'db' | 'nowMs'>

export async function brokersLacking(sha256: string, { db, nowMs }: Db): Promise<readonly Lack[]> {
  const rows = await db
    .selectFrom('key_note')
    .select('value')
    .where('name', 'like', `${prefix}%`)
    .where('at_ms', '>', nowMs() - lapseMs)
    .execute()
  return rows
    .flatMap(({ value }) => lack.safeParse(JSON.parse(value)).data ?? [])
    .filter((one) => one.sha256 === sha256)
}

export class LackTeller {
  readonly #name: string
  readonly #needs: Db & { readonly store: Store }
  #said: { readonly value: string; readonly atMs: number } | undefined

  constructor(id: string, needs: Db & { readonly store: Store }) {
    this.#name = `${prefix}${id}`
    this.#needs = needs
  }

  /** With nothing: what was said is taken back. */
  async tell(what: Lack | undefined): Promise<void> {
    const { store, nowMs } = this.#needs
    if (!what && !this.#said) return
    const value = what && JSON.stringify(what)
    const atMs = nowMs()
    const isSaid = value === this.#said?.value && atMs - (this.#said?.atMs ?? 0) < againMs
    if (isSaid) return
    await store.commit({ kind: 'housekeeping', writes: this.#writes(value, atMs) })
    this.#said = value === undefined ? undefined : { value, atMs }
  }

  #writes(value: string | undefined, atMs: number): readonly Write[] {
    const { db } = this.#needs
    const old = db
      .deleteFrom('key_note')
      .where('name', 'like', `${prefix}%`)
      .where((eb) => eb.or([eb('name', '=', this.#name), eb('at_ms', '<', atMs - lapseMs)]))
      .compile()
    if (value === undefined) return [{ query: old }]
    const row = { name: this.#name, value, at_ms: atMs }
    const query = db.insertInto('key_note').values(row).compile()
    return [{ query: old }, { query, expectRows: 1 }]
  }
}
