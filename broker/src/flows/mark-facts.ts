// The mark of an emergency on every fact about its session: here, and nowhere else, so that no flow
// can forget it. Whether a session is one is decided when it is opened and never changes, so it is
// looked up once.

import type { Kysely } from 'kysely'
import type { Fact } from '../audit/fact.ts'
import { prepared } from '../store/prepared-query.ts'
import type { Schema } from '../store/schema.ts'
import type { Recorded } from './recorded.ts'

/** HL7 v3 ActReason: break the glass. */
export const purposeBreakGlass = 'BTG'

/** A busy day's sessions; after that all of them are looked up anew. */
const knownMax = 50_000

const marking = prepared<{ id: string }>()((db, hole) =>
  db.selectFrom('session').select('grant_id').where('id', '=', hole('id')),
)

export class FactMarks {
  readonly #db: Kysely<Schema>
  readonly #known = new Map<string, string | null>()

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  /** The same facts, those about an emergency's session marked as such. */
  async marked({ facts, opens }: Recorded<unknown>): Promise<readonly [Fact, ...Fact[]]> {
    const [first, ...rest] = facts
    const mark = async (fact: Fact): Promise<Fact> => {
      if (fact.session === undefined) return fact
      const isNew = fact.session === opens?.sessionId
      const grant = isNew ? opens.grantId : await this.#grantOf(fact.session)
      return grant === null ? fact : markFact(fact, grant)
    }
    const marked: [Fact, ...Fact[]] = [await mark(first)]
    for (const fact of rest) marked.push(await mark(fact))
    return marked
  }

  /** Call it once that is durable. */
  note(opens: Recorded<unknown>['opens']): void {
    if (opens) this.#keep(opens.sessionId, opens.grantId)
  }

  async #grantOf(session: string): Promise<string | null> {
    const known = this.#known.get(session)
    if (known !== undefined) return known
    const row = (await this.#db.executeQuery(marking(this.#db, { id: session }))).rows[0]
    // A session that is not there may still come: that is not remembered.
    if (row) this.#keep(session, row.grant_id)
    return row?.grant_id ?? null
  }

  #keep(session: string, grant: string | null): void {
    if (this.#known.size >= knownMax) this.#known.clear()
    this.#known.set(session, grant)
  }
}

/** For facts about an emergency that has no session yet. */
export function markFact(fact: Fact, grant: string): Fact {
  return { ...fact, fields: { ...fact.fields, purpose: purposeBreakGlass, grant } }
}
