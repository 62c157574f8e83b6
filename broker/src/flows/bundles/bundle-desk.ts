// What this broker knows to make bundles from, by zone, kept up as long as it is asked; and the
// making of one for a workstation. Whom to give one, and when, is the door's.

import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import type { FindKey } from '../../policy/downtime-steps.ts'
import { parseStoredZone } from '../../policy/stored-zone.ts'
import type { Zone } from '../../policy/zone-settings.ts'
import { findWorkstation } from '../find-workstation.ts'
import type { Workstation } from '../find-workstation.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Answered, Perform } from '../perform.ts'
import type { House } from '../house-book.ts'
import { issueBundle } from './issue-bundle.ts'
import type { ViewedAt } from './decided-beforehand.ts'
import { inTurns } from './in-turns.ts'
import type { KnownPeopleNeeds } from './known-person.ts'
import { PeopleBook } from './people-book.ts'
import { chooseFor, isEverAllowed } from './people-for-zone.ts'
import type { ChosenPerson } from './people-for-zone.ts'
import { writeBundle } from './write-bundle.ts'
import type { BundleHead, GraceWindow, LostMeanwhile, WriteBundleNeeds } from './write-bundle.ts'
import { writeOut } from './write-out.ts'
import { zoneModes } from '../zone-modes.ts'
import { takesAway, viewOf } from './zone-view.ts'
import type { ZoneView } from './zone-view.ts'

export interface BundleDeskNeeds extends FlowNeeds, KnownPeopleNeeds, WriteBundleNeeds {
  readonly perform: Perform
  readonly othersMax: number
  /** What a zone's downtime steps name. */
  readonly findDowntimeKey: FindKey
  readonly house: House
}

export interface MadeBundle {
  /** That it was given is durable before it is sent. */
  readonly issued: Answered<BundleHead>
  readonly text: string
}

interface KeptView {
  readonly view: ZoneView
  readonly revision: number
  /** The policies and modes that it was made by. */
  readonly rules: string
  /** When it was decided, and how far ahead it has answers. */
  readonly at: ViewedAt
}

export class BundleDesk {
  readonly #needs: BundleDeskNeeds
  readonly #book: PeopleBook
  readonly #views = new Map<string, KeptView>()
  /** By zone and how it was written: parsing one is slow, and they change seldom. */
  readonly #zones = new Map<string, { readonly version: number; readonly zone: Zone }>()

  constructor(needs: BundleDeskNeeds) {
    this.#needs = needs
    this.#book = new PeopleBook(needs)
  }

  /** Zones whose workstations may ever decide by themselves. */
  async zones(): Promise<ReadonlyMap<string, Zone>> {
    const rows = await this.#needs.db.selectFrom('zone').selectAll().execute()
    const now = new Map<string, Zone>()
    for (const { id, kind, label, settings, version } of rows) {
      const kept = this.#zones.get(id)
      const zone =
        kept?.version === version
          ? kept.zone
          : { id, kind, label, settings: parseStoredZone(settings) }
      this.#zones.set(id, { version, zone })
      if (zone.settings.offlineMaxMs > 0) now.set(id, zone)
    }
    return now
  }

  /** Brings people and these zones up to now; what it says afterwards is of that moment. */
  async refresh(zones: Iterable<Zone>): Promise<void> {
    await this.#book.refresh()
    const { people, revision } = this.#book
    const { othersMax, findDowntimeKey } = this.#needs
    const nowMs = this.#needs.nowMs()
    const house = await this.#needs.house()
    const modes = await zoneModes(this.#needs.db)
    for (const zone of zones) {
      const kept = this.#views.get(zone.id)
      const { offlineMaxMs } = zone.settings
      const at = { nowMs, untilMs: nowMs + 2 * offlineMaxMs, house, modes: modes(zone.id) }
      const rules = JSON.stringify([house.number, at.modes])
      const isAhead = kept !== undefined && nowMs + offlineMaxMs <= kept.at.untilMs
      const isOfNow = kept?.revision === revision && kept.rules === rules
      if (isOfNow && isAhead && kept.view.zone === zone) continue
      const all = people.values()
      const view = await inTurns(viewOf(zone, all, othersMax, kept?.view, at, findDowntimeKey))
      // The same as before stays the same object: then nobody has to compare it.
      const isSame = kept?.view.content === view.content && kept.view.zone === zone
      this.#views.set(zone.id, {
        view: isSame ? kept.view : view,
        ...{ revision, rules, at },
      })
    }
  }

  viewOf(zoneId: string): ZoneView | undefined {
    return this.#views.get(zoneId)?.view
  }

  /** What the workstation says it holds, if this is what it was given. */
  async findGiven(workstationId: WorkstationId, sequence: number) {
    const row = await this.#needs.db
      .selectFrom('offline_bundle')
      .select(['content', 'issued_ms', 'expires_ms'])
      .where('workstation_id', '=', workstationId)
      .where('sequence', '=', sequence)
      .executeTakeFirst()
    return row && { content: row.content, issuedMs: row.issued_ms, expiresMs: row.expires_ms }
  }

  /** Nothing where the workstation is not one of that zone, or of none any more. */
  async make(workstationId: WorkstationId, view: ZoneView): Promise<MadeBundle | undefined> {
    const { db, perform } = this.#needs
    const workstation = await findWorkstation(db, workstationId)
    if (workstation?.status !== 'active' || workstation.zone.id !== view.zone.id) return undefined
    const order = { workstationId, view, asOfMs: this.#book.asOfMs }
    const issued = await perform(() => issueBundle(order, this.#needs))
    const graces = await this.#graces(workstation)
    const lost = () => this.#lostSince(view)
    return { issued, text: await writeBundle(issued.answer, view, graces, this.#needs, lost) }
  }

  /**
   * The roster of the view is in the record, and a journal is held to it: so that who lost one
   * thing and gained another is in none of it for now.
   */
  async #lostSince(view: ZoneView): Promise<LostMeanwhile> {
    const lost = new Map<PersonId, ChosenPerson | undefined>()
    const news = await this.#book.news()
    const at = this.#views.get(view.zone.id)?.at
    if (news.size === 0 || !at) return lost
    for (const was of view.people) {
      const { id } = was.person
      if (!news.has(id)) continue
      const person = news.get(id)
      const is = person && chooseFor(view.zone, person, at)
      if (takesAway([was], is ? [is] : [])) lost.set(id, is && !gains(was, is) ? is : undefined)
    }
    return lost
  }

  /** For every workstation of that zone; nothing where nobody is out of it. */
  writeOut(zone: string, leavers: readonly { readonly personId: PersonId }[]): readonly string[] {
    const people = [...new Set(leavers.map(({ personId }) => personId))]
    // The clock is read now: whatever made them leave is durable by now.
    const asOfMs = this.#needs.nowMs()
    return writeOut({ zone, people, asOfMs }, this.#needs.signKey)
  }

  async #graces(workstation: Workstation): Promise<ReadonlyMap<string, GraceWindow>> {
    const { zone, trustedSinceMs } = workstation
    if (zone.settings.pin !== 'grace') return new Map()
    const sinceMs = this.#needs.nowMs() - zone.settings.graceAbsoluteMs
    const rows = await this.#needs.db
      .selectFrom('grace')
      .select(['person_id', 'pin_at_ms', 'last_ms'])
      .where('zone_id', '=', zone.id)
      // What was proved before its last boot or wake is not believed there after.
      .where('pin_at_ms', '>=', Math.max(0, sinceMs, trustedSinceMs))
      .execute()
    return new Map(
      rows.map((row) => [row.person_id, { pinAtMs: row.pin_at_ms, lastMs: row.last_ms }]),
    )
  }
}

function gains(was: ChosenPerson, is: ChosenPerson): boolean {
  return (isEverAllowed(is) && !isEverAllowed(was)) || (is.mayBreakGlass && !was.mayBreakGlass)
}
