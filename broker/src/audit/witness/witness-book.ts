// This broker as the witness of other records: what it has cosigned of each is durable before it
// answers, and one question is answered at a time, so that nobody can make it go back.

import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'
import type { Store, Write } from '../../store/store.ts'
import { parseBase64 } from '../signed-note.ts'
import type { NoteSigner, NoteVerifier } from '../signed-note.ts'
import { judge, nothingRemembered, originOf, parseQuestion } from './add-checkpoint.ts'
import type { Judgement, Remembered } from './add-checkpoint.ts'
import { keysNow, learnKey } from './learned-keys.ts'
import { cosign, signedOnlyBy } from './cosignature.ts'

export interface WitnessBookNeeds {
  readonly store: Store
  readonly cosigner: NoteSigner
  /** The keys of the records that it is a witness of, as settings have them. */
  readonly logs: readonly NoteVerifier[]
  readonly nowMs: () => number
}

export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422 | 503
  readonly text: string
}

/** More questions than this at once are told to come back. */
const waitingMax = 32
/** Another broker on the same database may answer first. */
const attemptsMax = 3

export class WitnessBook {
  readonly #needs: WitnessBookNeeds
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(needs: WitnessBookNeeds) {
    this.#needs = needs
  }

  /** The body of add-checkpoint, from anybody. */
  answer(body: string): Promise<WitnessAnswer> {
    return this.#oneByOne(() => this.#answer(body))
  }

  /** A record's change of key, from anybody: believed where a key that is known has signed it. */
  learn(note: string): Promise<WitnessAnswer> {
    return this.#oneByOne(async () => ({ status: await learnKey(note, this.#needs), text: '' }))
  }

  async #oneByOne(act: () => Promise<WitnessAnswer>): Promise<WitnessAnswer> {
    if (this.#waiting >= waitingMax) return { status: 503, text: '' }
    this.#waiting += 1
    const answer = this.#last.then(act)
    // Whoever asked hears of a failure; the next question is asked all the same.
    this.#last = answer.catch(() => undefined)
    try {
      return await answer
    } finally {
      this.#waiting -= 1
    }
  }

  /** The newest checkpoint that it has cosigned of a record, with its own line below. */
  async findNote(origin: string): Promise<string | undefined> {
    return (await findRow(this.#needs.store.read, origin))?.note
  }

  get origins(): readonly string[] {
    return this.#needs.logs.map(({ name }) => name)
  }

  async #answer(body: string): Promise<WitnessAnswer> {
    const question = parseQuestion(body)
    if (!question) return { status: 400, text: '' }
    const { store, cosigner, nowMs } = this.#needs
    const origin = originOf(question.note)
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const logs = await keysNow(origin, this.#needs)
      const row = await findRow(store.read, origin)
      const judgement = judge(question, logs, rememberedOf(row))
      if (judgement.kind === 'conflict') return { status: 409, text: `${String(judgement.size)}\n` }
      if (judgement.kind === 'refused') return { status: judgement.status, text: '' }
      const line = cosign(question.note, Math.floor(nowMs() / 1000), cosigner)
      // Lines of others would be read beside ours, or in their place.
      const note = `${signedOnlyBy(question.note, logs)}${line}`
      const write = this.#remember(judgement, note, row)
      const done = await store.commit({ kind: 'housekeeping', writes: [write] })
      if (done.kind === 'committed') return { status: 200, text: line }
    }
    return { status: 503, text: '' }
  }

  /** Nothing is written where somebody else has cosigned meanwhile. */
  #remember(
    { origin, next }: Extract<Judgement, { kind: 'cosign' }>,
    note: string,
    before: { readonly size: number; readonly root: string } | undefined,
  ): Write {
    const { read } = this.#needs.store
    const { size } = next
    const row = { size, root: next.root.toString('base64'), note, at_ms: this.#needs.nowMs() }
    const query = before
      ? read
          .updateTable('witnessed_record')
          .set(row)
          .where('origin', '=', origin)
          .where('size', '=', before.size)
          .where('root', '=', before.root)
          .compile()
      : read
          .insertInto('witnessed_record')
          .values({ origin, ...row })
          .compile()
    return { query, expectRows: 1 }
  }
}

const findRow = (db: Kysely<Schema>, origin: string) =>
  db
    .selectFrom('witnessed_record')
    .select(['size', 'root', 'note'])
    .where('origin', '=', origin)
    .executeTakeFirst()

function rememberedOf(row: { size: number; root: string } | undefined): Remembered {
  const root = row && parseBase64(row.root)
  return row && root ? { size: row.size, root } : nothingRemembered
}
