// Emergency access, as the books have it and as screens show it: who was given it and by whose word,
// that compliance is told and somebody will look at it, and that it ends. Looks at rows, facts and
// hands at readers; what the broker decided it by does not count here.

import type { EmergencySettings } from '@wardkey/broker/policy/emergency-settings'
import { zoneSettings } from '@wardkey/broker/policy/zone-settings'
import type { Schema } from '@wardkey/broker/store/schema'
import type { State } from '@wardkey/agent/machine/state'
import { seatedOf } from '@wardkey/agent/machine/moves'
import type { MemoryDisk } from '../world/memory-store.ts'
import type { BookedFact, Books } from './books.ts'
import { Violation } from './violation.ts'

export interface GrantsNeeds {
  readonly disk: MemoryDisk
  readonly books: Books
  /** Each grant is told by each of them. */
  readonly channels: number
  /** Whose badge was held to that workstation's reader when that question asked for a colleague. */
  readonly spokeAt: (workstation: string, tap: string | undefined) => string | undefined
  readonly nowMs: () => number
  readonly after: (ms: number, look: () => void) => unknown
  /** Grows whenever a broker's wall clock is set, and is nothing while two of them differ. */
  readonly clocks: () => number | undefined
  readonly shownAt: (index: number) => string | undefined
  readonly wrong: (violation: Violation) => void
}

type Row = Schema['emergency_grant']

interface Standing {
  readonly id: string
  /** However late an answer about it comes to a screen. */
  readonly overMs: number
  readonly clocks: number | undefined
  /** A screen has shown it, and is looked at when it is to be over. */
  isWatched: boolean
}

/** A tick later than its end, and a little for what ticks. */
const lateMs = 400

export class Grants {
  readonly #needs: GrantsNeeds
  /** Those that have not ended, by their session. */
  readonly #standing = new Map<string, Standing>()

  constructor(needs: GrantsNeeds) {
    this.#needs = needs
  }

  /** After the books have taken the same unit. */
  take(facts: readonly BookedFact[]): void {
    const { disk, books } = this.#needs
    for (const id of disk.written.emergency_grant) {
      const row = disk.statement('select * from emergency_grant where id = ?').get(id) as Row
      const isNew = !this.#standing.has(row.session_id) && row.version === 1
      if (isNew) this.#given(row, facts)
      else if (row.ended_ms !== null) this.#ended(row, facts)
    }
    for (const session of disk.written.session) {
      if (!this.#standing.has(session) || books.sessions.has(session)) continue
      throw new Violation('a grant ends with its session', session)
    }
  }

  /** What a screen shows of an emergency is marked as one, and is over in time. */
  see(index: number, { phase }: State): void {
    const seated = seatedOf(phase)
    const standing = seated && this.#standing.get(seated.sessionId)
    if (!seated || !standing) return
    if (!seated.emergency) throw new Violation('an emergency is marked as one', seated.sessionId)
    if (standing.isWatched) return
    standing.isWatched = true
    // An answer that came when it was over already is ended by a tick as well.
    const leftMs = Math.max(0, standing.overMs - this.#needs.nowMs())
    this.#needs.after(leftMs + lateMs, () => {
      this.#mustBeOver(index, seated.sessionId, standing)
    })
  }

  #mustBeOver(index: number, session: string, { clocks }: Standing): void {
    // A clock that is set makes it longer, or shorter: it is a time of the broker's wall clock.
    if (clocks === undefined || this.#needs.clocks() !== clocks) return
    if (this.#needs.shownAt(index) !== session) return
    this.#needs.wrong(new Violation('a grant that is over locks its screen', session))
  }

  #given(row: Row, facts: readonly BookedFact[]): void {
    const { id, session_id: session, witness_id: witness } = row
    const settings = this.#settingsOf(row.zone_id)
    const reason = settings.reasons.find(({ code }) => code === row.reason)
    must(reason !== undefined, 'an emergency has a reason from the list', id)
    must(!reason?.asksNote || row.note_sealed !== null, 'a reason that asks a note has one', id)
    must(witness !== row.person_id, 'nobody speaks for herself', id)
    must(row.review_due_ms > row.from_ms, 'a grant has a review', id)
    this.#mustBeTold(id)
    must(timesOf('BTG-002', session, facts) === 1, 'a grant is in the record once', id)
    const spoken = timesOf('BTG-004', session, facts)
    must(spoken === (witness === null ? 0 : 1), 'a witness is in the record once', id)
    // One that a workstation gave by itself is over when a broker hears of it.
    if (facts.some(({ code }) => code.startsWith('OFF-00'))) return
    this.#givenNow(row, settings, facts)
    const overMs = this.#needs.nowMs() + settings.lastsMs
    const clocks = this.#needs.clocks()
    this.#standing.set(session, { id, overMs, clocks, isWatched: false })
  }

  #mustBeTold(id: string): void {
    const notices = this.#needs.disk.statement(
      'select count(*) as count from compliance_notice where grant_id = ?',
    )
    const { count } = notices.get(id) as { count: number }
    must(count === this.#needs.channels, 'compliance is told of a grant', id)
  }

  /** By what is so at this moment: who asks, who stands there, and until when. */
  #givenNow(row: Row, settings: EmergencySettings, facts: readonly BookedFact[]): void {
    const { id, session_id: session, witness_id: witness } = row
    const status = this.#statusOf(row.person_id)
    must(status === 'active' || status === 'on-leave', 'who is gone is given nothing', id)
    const isWeak = row.identity !== 'badge-and-pin' || status === 'on-leave'
    const needsWitness = isWeak || settings.witness === 'always'
    must(witness !== null || !needsWitness, 'a weak proof has a witness', id)
    must(row.until_ms - row.from_ms === settings.lastsMs, 'a grant is as long as its zone says', id)
    if (witness === null) return
    must(this.#statusOf(witness) === 'active', 'a witness is at work', id)
    const spoke = facts.find((fact) => fact.code === 'BTG-004' && fact.session === session)
    const spoken = this.#needs.spokeAt(row.workstation_id, spoke?.tap)
    must(spoken === witness, 'a witness stood there', id)
  }

  #ended({ id, session_id: session }: Row, facts: readonly BookedFact[]): void {
    if (!this.#standing.delete(session)) return
    must(!this.#needs.books.sessions.has(session), 'a session ends with its grant', id)
    must(timesOf('BTG-003', session, facts) === 1, 'the end of a grant is in the record once', id)
  }

  #settingsOf(zone: string): EmergencySettings {
    const statement = this.#needs.disk.statement('select settings from zone where id = ?')
    const { settings } = statement.get(zone) as { settings: string }
    return zoneSettings.parse(JSON.parse(settings)).emergency
  }

  #statusOf(person: string): string | undefined {
    const statement = this.#needs.disk.statement('select status from person where id = ?')
    return (statement.get(person) as { status: string } | undefined)?.status
  }
}

function must(isSo: boolean, rule: string, grant: string): void {
  if (!isSo) throw new Violation(rule, `grant ${grant}`)
}

function timesOf(code: string, session: string, facts: readonly BookedFact[]): number {
  return facts.filter((fact) => fact.code === code && fact.session === session).length
}
