// What HR's new word about a person makes of her, as one unit: her row, her record, her status with
// all that hangs on it, her roles, her badges. Whoever calls it has looked the rest up.

import { sealFields } from '../../audit/sealed-fields.ts'
import type { Fact } from '../../audit/fact.ts'
import { changePersonRow } from '../../identity/people.ts'
import type { Person, PersonStatus } from '../../identity/people.ts'
import { nameText, sealName } from '../../identity/person-name.ts'
import { clearGrace } from '../../sessions/grace.ts'
import type { Write } from '../../store/store.ts'
import { standingRoles } from '../exceptions/standing-roles.ts'
import { newFact } from '../flow-needs.ts'
import { lockPerson } from '../lock-person.ts'
import { endAccess } from '../person-ending.ts'
import type { Ended } from '../person-ending.ts'
import type { Notice } from '../recorded.ts'
import { screensFirst } from '../session-notices.ts'
import { dropMemberships } from './groups/hr-group-writes.ts'
import type { HrNeeds, HrOutcome } from './hr-flow.ts'
import { nameOnceInConsole, namesNearConsole, rolesToOwnHand } from './near-own-hand.ts'
import { insertHrRow, updateHrRow } from './hr-person-row.ts'
import type { HrPerson } from './hr-person-row.ts'
import { personNameOf } from './hr-record.ts'
import type { HrRecord } from './hr-record.ts'
import { dueMsOf } from './life-cycle.ts'
import type { Step } from './life-cycle.ts'
import type { BadgesTaken } from './take-badges.ts'

export interface Settling {
  readonly person: Person
  readonly was: HrPerson
  readonly next: HrPerson
  readonly step: Exclude<Step, { kind: 'refused' }>
  readonly status: PersonStatus
  readonly roles: readonly string[]
  readonly badges: BadgesTaken
  /** Of her staff number, where that changes. */
  readonly numbered: readonly Write[]
  readonly key: Buffer
  readonly by: string
  readonly dropped: number
  /** She was added by hand, and HR's word is the first. */
  readonly isAdoption?: boolean
}

export interface Settled {
  readonly outcome: HrOutcome
  readonly sessions: number
  readonly facts: readonly [Fact, ...Fact[]]
  readonly writes: readonly Write[]
  readonly notices: readonly Notice[]
}

/** The person's row goes first, as for any revocation: then nothing opens between. */
export async function settlePerson(settling: Settling, needs: HrNeeds): Promise<Settled> {
  const { person, was, next, step, badges, key } = settling
  const { db } = needs
  const nowMs = needs.nowMs()
  const ended = await endedBy(settling, needs)
  const name = personNameOf(next.record.identity)
  const isRenamed = nameText(name) !== nameText(personNameOf(was.record.identity))
  const fact = factOf(settling, needs)
  const besides = await besidesOf(settling, needs)
  const told = isRenamed
    ? sealFields({ id: fact.id, person: person.id }, { name: nameText(name) }, key)
    : undefined
  return {
    outcome: outcomeOf(settling),
    sessions: ended.sessions,
    facts: [
      { ...fact, ...(told ? { sealed: told } : {}) },
      ...besides,
      ...ended.facts,
      ...badges.facts,
    ],
    writes: [
      changePersonRow(db, person, {
        ...(settling.status === person.status ? {} : { status: settling.status }),
        ...(isSame(person.roles, settling.roles) ? {} : { roles: settling.roles }),
        ...(isSame(was.record.access, next.record.access) ? {} : { access: next.record.access }),
        ...(isRenamed ? { nameSealed: sealName(name, key, person.id) } : {}),
        nowMs,
      }),
      hrRowOf(settling, nowMs, needs),
      // For good, the number goes with the rest: what HR says of it now is only kept as said.
      ...(step.kind === 'ends' ? [] : settling.numbered),
      ...ended.writes,
      ...badges.writes,
      ...(next.deletedMs === null ? [] : [dropMemberships(db, person.id)]),
    ],
    notices: ended.notices,
  }
}

async function besidesOf(settling: Settling, needs: HrNeeds): Promise<readonly Fact[]> {
  const { person, roles, was, next, by } = settling
  const become = { id: person.id, had: person.roles, roles }
  const isNamed = was.record.identity.userName !== next.record.identity.userName
  return [
    ...(await rolesToOwnHand([become], { by, client: next.client }, needs)),
    ...(await namesNearConsole({ was, next, by }, needs)),
    ...(isNamed ? await nameOnceInConsole(next, by, needs) : []),
  ]
}

function outcomeOf({ step, isAdoption }: Settling): HrOutcome {
  if (step.kind === 'ends') return 'ended'
  if (isAdoption === true) return 'adopted'
  return step.kind === 'returns' ? 'returned' : 'changed'
}

function hrRowOf({ was, next, key, isAdoption }: Settling, nowMs: number, needs: HrNeeds): Write {
  const { db, hrKey } = needs
  const dueMs = dueMsOf(standing(next), nowMs)
  if (isAdoption === true) return insertHrRow(db, next, dueMs, { hrKey, key })
  return updateHrRow(db, was, next, dueMs, { hrKey, key })
}

const standing = ({ employment, record }: HrPerson) => ({ employment, access: record.access })

async function endedBy(settling: Settling, needs: HrNeeds): Promise<Ended> {
  const { person, was, next, step, by } = settling
  const { id } = person
  switch (step.kind) {
    case 'ends':
    case 'pauses':
      return endAccess({ personId: id, by, isForGood: step.kind === 'ends' }, needs)
    case 'begins':
    case 'returns':
      // Back at work, the first tap asks for the PIN.
      return { sessions: 0, facts: [], writes: [clearGrace(needs.db, id)], notices: [] }
    case 'same': {
      const isRoleLost = person.roles.some((role) => !settling.roles.includes(role))
      const isLess = isRoleLost || settling.badges.isLess || isNarrower(was, next)
      if (!isLess || person.status !== 'active') return nothingEnded
      const reason = isRoleLost ? 'roles-changed' : 'access-changed'
      const locked = await lockPerson(id, reason, needs)
      const left = isRoleLost ? await standingRoles(id, settling.roles, needs) : []
      return {
        sessions: locked.length,
        facts: locked.flatMap(({ facts }) => facts),
        writes: locked.flatMap(({ writes }) => writes),
        notices: [
          ...screensFirst(locked.flatMap(({ notices }) => notices)),
          ...(isRoleLost ? [{ kind: 'role-lost' as const, personId: id, roles: left }] : []),
        ],
      }
    }
  }
}

const nothingEnded: Ended = { sessions: 0, facts: [], writes: [], notices: [] }

/** Fewer zones, an escort from now on, other hours, an earlier lapse: the next tap decides anew. */
function isNarrower({ record: { access: was } }: HrPerson, { record }: HrPerson): boolean {
  const { zones, needsEscort, training, hours, roster } = record.access
  const isFewer =
    zones !== undefined && (!was.zones || was.zones.some((zone) => !zones.includes(zone)))
  const isLapsing = Object.entries(training).some(([kind, ms]) => ms < (was.training[kind] ?? ms))
  const isOtherHours = !isSame(was.hours, hours) || !isSame(was.roster, roster)
  return isFewer || (needsEscort && !was.needsEscort) || isLapsing || isOtherHours
}

function factOf({ person, was, next, step, by, dropped, ...rest }: Settling, needs: HrNeeds): Fact {
  const code =
    step.kind === 'ends' || step.kind === 'pauses'
      ? 'PER-003'
      : step.kind === 'returns'
        ? 'PER-005'
        : 'PER-002'
  return newFact(needs, code, {
    person: person.id,
    fields: {
      by,
      source: next.client,
      changed: [
        ...(rest.isAdoption === true ? ['adopted'] : []),
        ...changedWords(was.record, next.record),
      ].join(' '),
      ...(rest.status === person.status ? {} : { status: rest.status }),
      ...(isSame(person.roles, rest.roles) ? {} : { roles: rest.roles.join(' ') }),
      ...(dropped === 0 ? {} : { dropped }),
    },
  })
}

/** The names of what is other than before; never what it is. */
export function changedWords(was: HrRecord, next: HrRecord): readonly string[] {
  return (['identity', 'place', 'access'] as const).flatMap((part) => {
    const before: Readonly<Record<string, unknown>> = was[part]
    const after: Readonly<Record<string, unknown>> = next[part]
    const words = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...words].filter((word) => !isSame(before[word], after[word])).sort()
  })
}

/** Of our own parsed values, whose members are in one order always. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
