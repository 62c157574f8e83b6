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
  /** Of an emergency. */
  readonly isGranted: boolean
}

const factShape = z.object({
  id: z.string(),
  code: z.string(),
  person: z.string().optional(),
  workstation: z.string().optional(),
  session: z.string().optional(),
  tap: z.string().optional(),
  fields: z.unknown().optional(),
})
export type BookedFact = z.infer<typeof factShape>

interface Row {
  readonly id: string
  readonly person_id: string
  readonly workstation_id: string
  readonly state: 'open' | 'locked' | 'ended'
  readonly grant_id: string | null
}

/** Of each row that a unit has written: what it was before, and what it is. */
type Changes = ReadonlyMap<string, { readonly was?: BookedSession; readonly is?: BookedSession }>

export class Books {
  readonly #disk: MemoryDisk
  /** Sessions that have not ended, by their id. */
  readonly sessions = new Map<string, BookedSession>()
  readonly openAt = new Map<string, BookedSession>()
  /** Of each person, her sessions that have not ended; and who is no active person. */
  readonly #of = new Map<string, Set<BookedSession>>()
  readonly #gone = new Map<string, number>()
  /** Of those, who is not on leave either: she is given no emergency access. */
  readonly #away = new Map<string, number>()
  /** Opened by a workstation alone, as the record was told afterwards. */
  readonly #alone = new Set<string>()
  /** Of each tap, the facts that name it. */
  readonly taps = new Map<string, BookedFact[]>()
  /** How often the record names a session that a workstation left, by place, session and reason. */
  readonly lefts = new Map<string, number>()
  readonly counts = new Map<string, number>()
  /** Of the unit that was taken last. */
  facts: readonly BookedFact[] = []
  /** When a person's PIN was last asked for at a workstation. */
  readonly #askedMs = new Map<string, number>()
  readonly #nowMs: () => number

  constructor(disk: MemoryDisk, nowMs: () => number) {
    this.#disk = disk
    this.#nowMs = nowMs
  }

  /** The workstations whose screen should show somebody else than before. */
  take(unit: Unit): readonly string[] {
    const facts = unit.kind === 'recorded' ? unit.facts.map(factOf) : []
    this.facts = facts
    for (const fact of facts) this.#keep(fact)
    this.#checkAttempts(unit)
    const changes = this.#look()
    this.#checkChanges(changes, facts)
    this.#checkPeople(changes)
    return changedPlaces(changes)
  }

  /** Since when nothing of this kind opens for her; nothing while it may. */
  goneSinceMs(person: string, isEmergency: boolean): number | undefined {
    return (isEmergency ? this.#away : this.#gone).get(person)
  }

  #keep(fact: BookedFact): void {
    this.counts.set(fact.code, (this.counts.get(fact.code) ?? 0) + 1)
    if (fact.tap !== undefined) {
      const known = this.taps.get(fact.tap)
      if (known) known.push(fact)
      else this.taps.set(fact.tap, [fact])
    }
    const reason = fieldOf(fact, 'reason')
    // An emergency that is over ends with its screen: that end is what its leave has come to.
    const isEnded = fact.code === 'SES-004' && reason === 'emergency-over'
    if (isEnded || /^SES-(003|008|102)$/.test(fact.code)) {
      const name = leftName(fact.workstation ?? '', fact.session ?? '', String(reason))
      this.lefts.set(name, (this.lefts.get(name) ?? 0) + 1)
    }
    const outcome = fact.code === 'OFF-002' ? fieldOf(fact, 'outcome') : undefined
    if (outcome === 'admitted' && fact.session !== undefined) this.#alone.add(fact.session)
    if (outcome === 'asked-pin' || /^(TAP-002|TAP-004|BTG-001|SIG-001|SIG-003)$/.test(fact.code)) {
      const person = fact.person ?? this.#personOf(fact)
      this.#askedMs.set(`${String(person)} ${String(fact.workstation)}`, this.#nowMs())
    }
  }

  #personOf(fact: BookedFact): string | undefined {
    return this.taps.get(fact.tap ?? '')?.find(({ person }) => person !== undefined)?.person
  }

  /** The rows that the unit has written, as they are now. Whatever it left alone is as it was. */
  #look(): Changes {
    const changes = new Map<string, { was?: BookedSession; is?: BookedSession }>()
    for (const id of this.#disk.written.session) {
      const was = this.sessions.get(id)
      const is = this.#find(id)
      changes.set(id, { ...(was ? { was } : {}), ...(is ? { is } : {}) })
    }
    for (const { was } of changes.values()) if (was) this.#drop(was)
    for (const { is } of changes.values()) if (is) this.#add(is)
    return changes
  }

  #find(id: string): BookedSession | undefined {
    const row = this.#disk
      .statement('select id, person_id, workstation_id, state, grant_id from session where id = ?')
      .get(id) as Row | undefined
    if (!row || row.state === 'ended') return undefined
    const { person_id: person, workstation_id: workstation, state, grant_id: grant } = row
    return { id, person, workstation, state, isGranted: grant !== null }
  }

  #drop(session: BookedSession): void {
    this.sessions.delete(session.id)
    this.#of.get(session.person)?.delete(session)
    if (session.state === 'open') this.openAt.delete(session.workstation)
  }

  #add(session: BookedSession): void {
    const { id, person, workstation } = session
    const hers = this.#of.get(person) ?? new Set()
    if (session.state === 'open') {
      if (this.openAt.has(workstation)) {
        throw new Violation('two people never share a workstation', workstation)
      }
      if ([...hers].some(({ state }) => state === 'open')) {
        throw new Violation('one open workstation a person', person)
      }
      this.openAt.set(workstation, session)
    }
    this.sessions.set(id, session)
    this.#of.set(person, hers.add(session))
  }

  #checkChanges(changes: Changes, facts: readonly BookedFact[]): void {
    const named = new Set<string>()
    const isMerge = facts.some(({ code }) => code.startsWith('OFF-00'))
    for (const { code, id, session } of facts) {
      if (!changing.has(code)) continue
      if (session === undefined)
        throw new Violation('a fact tells what was not so', `${code} ${id}`)
      named.add(session)
    }
    for (const id of new Set([...changes.keys(), ...named])) {
      const same = this.sessions.get(id)
      const { was, is } = changes.get(id) ?? { was: same, is: same }
      if (!was && !is) {
        // One that began and ended without a broker is written down as ended.
        if (!named.has(id) && this.#alone.has(id)) continue
        throw new Violation('a fact tells what was not so', `session ${id}`)
      }
      const isMoved = was !== undefined && is !== undefined && was.workstation !== is.workstation
      const isOpened = is?.state === 'open' && (was?.state !== 'open' || isMoved)
      // A workstation that opened it alone has told of that tap line by line.
      const isTold = isMerge && this.#alone.has(id)
      const isLocked = was?.state === 'open' && is?.state === 'locked' && !isMoved
      const times = (code: string): number =>
        facts.filter((fact) => fact.code === code && fact.session === id).length
      expectTimes('every open is in the record once', id, times('TAP-001'), isOpened && !isTold, {
        // Her own open screen once more: a tap, and no change.
        orOnce: was?.state === 'open' && is?.state === 'open' && !isMoved,
      })
      expectTimes('every new session is in the record once', id, times('SES-001'), !was && !!is)
      expectTimes('every switch is in the record once', id, times('SES-002'), isMoved)
      expectTimes('every lock is in the record once', id, times('SES-003'), isLocked)
      expectTimes('every end is in the record once', id, times('SES-004'), !!was && !is)
    }
  }

  /** Emergency access may be given to somebody on leave: that session is a grant's. */
  #checkPeople(changes: Changes): void {
    for (const person of this.#disk.written.person) {
      const status = this.#disk.statement('select status from person where id = ?')
      const row = status.get(person) as { status: string } | undefined
      const isActive = row?.status === 'active'
      note(this.#gone, person, isActive ? undefined : this.#nowMs())
      note(this.#away, person, isActive || row?.status === 'on-leave' ? undefined : this.#nowMs())
    }
    const people = [...changes.values()].flatMap(({ is }) => (is ? [is.person] : []))
    for (const person of [...this.#disk.written.person, ...people]) {
      if (!this.#gone.has(person)) continue
      const left = [...(this.#of.get(person) ?? [])].find(({ isGranted }) => !isGranted)
      if (left) throw new Violation('a revoked person has no session', left.id)
    }
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
}

function changedPlaces(changes: Changes): readonly string[] {
  const places = new Set<string>()
  for (const { was, is } of changes.values()) {
    if (was?.state === is?.state && was?.workstation === is?.workstation) continue
    if (was) places.add(was.workstation)
    if (is) places.add(is.workstation)
  }
  return [...places]
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

export const fieldOf = ({ fields }: Pick<BookedFact, 'fields'>, name: string): unknown =>
  typeof fields === 'object' && fields !== null ? Reflect.get(fields, name) : undefined

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

/** The time stays the one at which it began. */
function note(since: Map<string, number>, person: string, ms: number | undefined): void {
  if (ms === undefined) since.delete(person)
  else if (!since.has(person)) since.set(person, ms)
}
