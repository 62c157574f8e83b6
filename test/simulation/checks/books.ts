// The broker's books, followed unit by unit as they reach the disk: whose session is open where, and
// that the record tells each change of it exactly once. Looks at rows and facts, never at answers.

import { z } from 'zod'
import type { Unit } from '@wardkey/broker/store/store'
import type { MemoryDisk } from '../world/memory-store.ts'
import { Violation } from './violation.ts'

export interface BookedSession {
  readonly id: string
  readonly person: string
  readonly workstation: string
  readonly state: 'open' | 'locked'
}

const factShape = z.looseObject({
  id: z.string(),
  code: z.string(),
  person: z.string().optional(),
  workstation: z.string().optional(),
  session: z.string().optional(),
  tap: z.string().optional(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})
export type BookedFact = z.infer<typeof factShape>

interface Row {
  readonly id: string
  readonly person_id: string
  readonly workstation_id: string
  readonly state: 'open' | 'locked'
}

export class Books {
  readonly #disk: MemoryDisk
  /** Sessions that have not ended, by their id. */
  sessions: ReadonlyMap<string, BookedSession> = new Map()
  readonly openAt = new Map<string, BookedSession>()
  /** Of each tap, the facts that name it. */
  readonly taps = new Map<string, BookedFact[]>()
  /** How often the record names a session that a workstation left, by place, session and reason. */
  readonly lefts = new Map<string, number>()
  readonly counts = new Map<string, number>()
  /** When a person's PIN was last asked for at a workstation. */
  readonly #askedMs = new Map<string, number>()
  readonly #nowMs: () => number

  constructor(disk: MemoryDisk, nowMs: () => number) {
    this.#disk = disk
    this.#nowMs = nowMs
    this.#look()
  }

  /** The workstations whose screen should show somebody else than before. */
  take(unit: Unit): readonly string[] {
    const facts = unit.kind === 'recorded' ? unit.facts.map(factOf) : []
    for (const fact of facts) this.#keep(fact)
    this.#checkAttempts(unit)
    const touched = unit.writes.map(({ query }) => query.sql).join('\n')
    if (!/"(session|person)"/.test(touched)) {
      this.#checkNothing(facts)
      return []
    }
    const before = this.sessions
    this.#look()
    this.#checkChanges(before, facts)
    this.#checkPeople()
    return this.#changedPlaces(before)
  }

  #keep(fact: BookedFact): void {
    this.counts.set(fact.code, (this.counts.get(fact.code) ?? 0) + 1)
    if (fact.tap !== undefined) {
      const known = this.taps.get(fact.tap)
      if (known) known.push(fact)
      else this.taps.set(fact.tap, [fact])
    }
    const reason = fact.fields?.['reason']
    if (fact.code === 'SES-003' || fact.code === 'SES-102') {
      const name = leftName(fact.workstation ?? '', fact.session ?? '', String(reason))
      this.lefts.set(name, (this.lefts.get(name) ?? 0) + 1)
    }
    if (/^(TAP-002|TAP-004|BTG-001|SIG-001|SIG-003)$/.test(fact.code)) {
      const person = fact.person ?? this.#personOf(fact)
      this.#askedMs.set(`${String(person)} ${String(fact.workstation)}`, this.#nowMs())
    }
  }

  #personOf(fact: BookedFact): string | undefined {
    return this.taps.get(fact.tap ?? '')?.find(({ person }) => person !== undefined)?.person
  }

  #look(): void {
    const rows = this.#disk
      .statement(
        "select id, person_id, workstation_id, state from session where state <> 'ended' order by id",
      )
      .all() as Row[]
    this.sessions = new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          person: row.person_id,
          workstation: row.workstation_id,
          state: row.state,
        },
      ]),
    )
    this.openAt.clear()
    const people = new Set<string>()
    for (const session of this.sessions.values()) {
      if (session.state !== 'open') continue
      if (this.openAt.has(session.workstation)) {
        throw new Violation('two people never share a workstation', session.workstation)
      }
      if (people.has(session.person)) {
        throw new Violation('one open workstation a person', session.person)
      }
      people.add(session.person)
      this.openAt.set(session.workstation, session)
    }
  }

  #checkChanges(before: ReadonlyMap<string, BookedSession>, facts: readonly BookedFact[]): void {
    for (const id of new Set([...before.keys(), ...this.sessions.keys()])) {
      const was = before.get(id)
      const is = this.sessions.get(id)
      const isMoved = was !== undefined && is !== undefined && was.workstation !== is.workstation
      const isOpened = is?.state === 'open' && (was?.state !== 'open' || isMoved)
      const isLocked = was?.state === 'open' && is?.state === 'locked' && !isMoved
      const times = (code: string): number =>
        facts.filter((fact) => fact.code === code && fact.session === id).length
      expectTimes('every open is in the record once', id, times('TAP-001'), isOpened, {
        // Her own open screen once more: a tap, and no change.
        orOnce: was?.state === 'open' && is?.state === 'open' && !isMoved,
      })
      expectTimes('every new session is in the record once', id, times('SES-001'), !was && !!is)
      expectTimes('every switch is in the record once', id, times('SES-002'), isMoved)
      expectTimes('every lock is in the record once', id, times('SES-003'), isLocked)
      expectTimes('every end is in the record once', id, times('SES-004'), !!was && !is)
    }
    const known = new Set([...before.keys(), ...this.sessions.keys()])
    const stray = facts.find(({ code, session }) => changing.has(code) && !known.has(session ?? ''))
    if (stray) throw new Violation('a fact tells what was not so', `${stray.code} ${stray.id}`)
  }

  /** A unit that touches no session tells of none that changed. */
  #checkNothing(facts: readonly BookedFact[]): void {
    const stray = facts.find(({ code }) => changing.has(code))
    if (stray) throw new Violation('a fact tells what was not so', `${stray.code} ${stray.id}`)
  }

  /** Emergency access may be given to somebody on leave: that session is a grant's. */
  #checkPeople(): void {
    const gone = this.#disk
      .statement(
        "select s.id from session s join person p on p.id = s.person_id where s.state <> 'ended' and s.grant_id is null and p.status <> 'active'",
      )
      .get() as { id: string } | undefined
    if (gone) throw new Violation('a revoked person has no session', gone.id)
  }

  /** Promise 8: only where a badge of hers was shown can a person’s tries be used up. */
  #checkAttempts(unit: Unit): void {
    for (const { query } of unit.writes) {
      if (!query.sql.startsWith('insert into "pin_attempt"')) continue
      const [, person, workstation] = query.parameters
      const asked = this.#askedMs.get(`${String(person)} ${String(workstation)}`)
      if (asked === undefined || this.#nowMs() - asked > attemptAfterMs) {
        throw new Violation('nobody uses up a colleague’s tries', String(person))
      }
    }
  }

  #changedPlaces(before: ReadonlyMap<string, BookedSession>): readonly string[] {
    const places = new Set<string>()
    for (const id of new Set([...before.keys(), ...this.sessions.keys()])) {
      const was = before.get(id)
      const is = this.sessions.get(id)
      if (was?.state === is?.state && was?.workstation === is?.workstation) continue
      if (was) places.add(was.workstation)
      if (is) places.add(is.workstation)
    }
    return [...places]
  }
}

/** A question stands for a minute of the broker's wall clock, which may be set back by an hour. */
const attemptAfterMs = 2 * 3_600_000
const changing: ReadonlySet<string> = new Set([
  'TAP-001',
  'SES-001',
  'SES-002',
  'SES-003',
  'SES-004',
])

export const leftName = (workstation: string, session: string, reason: string): string =>
  `${workstation} ${session} ${reason}`

function factOf({ body }: { readonly body: Uint8Array }): BookedFact {
  return factShape.parse(JSON.parse(Buffer.from(body).toString('utf8')))
}

function expectTimes(
  rule: string,
  session: string,
  times: number,
  isDue: boolean,
  { orOnce = false } = {},
): void {
  if (times === (isDue ? 1 : 0) || (orOnce && times === 1)) return
  throw new Violation(rule, `${String(times)} times, of session ${session}`)
}
