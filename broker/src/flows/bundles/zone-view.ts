// What is the same for all workstations of a zone: its people, its rules, and a digest of both that
// says whether what a workstation holds is still so. Pure.

import { createHash } from 'node:crypto'
import type { PersonId } from '@wardkey/protocol/ids'
import type { LaunchStep } from '@wardkey/protocol/launch-steps'
import { stepsWithKeys } from '../../policy/downtime-steps.ts'
import type { FindKey } from '../../policy/downtime-steps.ts'
import type { Zone } from '../../policy/zone-settings.ts'
import { turnOf } from './in-turns.ts'
import type { InTurns } from './in-turns.ts'
import type { KnownPerson } from './known-person.ts'
import { peopleForZone } from './people-for-zone.ts'
import type { ViewedAt } from './decided-beforehand.ts'
import type { ChosenPerson } from './people-for-zone.ts'
import { rosterOf } from './roster-bytes.ts'
import type { Roster } from './roster-bytes.ts'

export interface ZoneView {
  readonly zone: Zone
  readonly people: readonly ChosenPerson[]
  readonly roster: Roster
  /** What opens without a broker, with the keys that it asks for. */
  readonly steps: readonly LaunchStep[]
  /** Of everything in a bundle but its times and grace windows, hex. */
  readonly content: string
  /** What a workstation may hold and must not for long: somebody lost something since that one. */
  readonly isGraver: (older: ZoneView) => boolean
}

export function* viewOf(
  zone: Zone,
  all: Iterable<KnownPerson>,
  othersMax: number,
  before: ZoneView | undefined,
  now: ViewedAt,
  findKey: FindKey = () => undefined,
): InTurns<ZoneView> {
  const steps = stepsWithKeys(zone.settings.downtimeSteps, findKey)
  const people = yield* peopleForZone(zone, all, othersMax, idsOf(before), now)
  const content = yield* contentOf(zone, steps, people)
  const roster = rosterOf(people)
  yield
  // Many workstations hold the same older one.
  const graver = new WeakMap<ZoneView, boolean>()
  const isGraver = (older: ZoneView): boolean => {
    const is = graver.get(older) ?? (older.zone !== zone || takesAway(older.people, people))
    graver.set(older, is)
    return is
  }
  return { zone, people, roster, steps, content, isGraver }
}

/** Rules that a bundle carries; a change of any other does not make it another. */
export function bundleRules({ zone: { id, settings }, steps }: Pick<ZoneView, 'zone' | 'steps'>) {
  return {
    zoneId: id,
    pinMode: settings.pin,
    graceRollingMs: settings.graceRollingMs,
    graceAbsoluteMs: settings.graceAbsoluteMs,
    emergencyLastsMs: settings.emergency.offered ? settings.emergency.lastsMs : 0,
    emergencyWitness: settings.emergency.witness,
    steps,
  }
}

function* contentOf(
  zone: Zone,
  steps: readonly LaunchStep[],
  people: readonly ChosenPerson[],
): InTurns<string> {
  const { nameShown, badgeAloneAssurance, offlineMaxMs } = zone.settings
  const rules = bundleRules({ zone, steps })
  const hash = createHash('sha256')
  hash.update(JSON.stringify([rules, nameShown, badgeAloneAssurance, offlineMaxMs]))
  let hashed = 0
  for (const { person, refusal, beforehand, mayBreakGlass, mayWitness } of people) {
    if (++hashed % turnOf === 0) yield
    const may = [mayBreakGlass, mayWitness].map(Number).join('')
    hash.update(`${person.id}${person.digest}${refusal ?? ''}${may}`)
    const { later, untilMs, areEnough, areWorth } = beforehand
    hash.update(JSON.stringify([later, untilMs, areEnough, areWorth]))
  }
  return hash.digest('hex')
}

/** Anything that somebody could do by the older one and could not by the newer. */
export function takesAway(older: readonly ChosenPerson[], newer: readonly ChosenPerson[]): boolean {
  const now = new Map(newer.map((chosen) => [chosen.person.id, chosen]))
  return older.some((was) => {
    const is = now.get(was.person.id)
    if (!is) return was.refusal === undefined || was.mayBreakGlass
    if (allowsLess(was, is)) return true
    if (is.person === was.person && is.refusal === was.refusal) return false
    const has = new Set(is.person.cards.map(({ canonical }) => canonical))
    return (
      (was.refusal === undefined && is.refusal !== undefined) ||
      (was.mayBreakGlass && !is.mayBreakGlass) ||
      (was.mayWitness && !is.mayWitness) ||
      was.person.cards.some(({ canonical }) => !has.has(canonical)) ||
      was.person.pin?.hash !== is.person.pin?.hash ||
      (was.person.staffNumber !== undefined && was.person.staffNumber !== is.person.staffNumber) ||
      (is.person.pin?.lockedUntilMs ?? 0) > (was.person.pin?.lockedUntilMs ?? 0)
    )
  })
}

/** At some moment that both have the answer for, the older one says yes and the newer one no. */
function allowsLess(was: ChosenPerson, is: ChosenPerson): boolean {
  const isFewer = (before: readonly boolean[], now: readonly boolean[]): boolean =>
    before.some((one, at) => one && now[at] === false)
  if (isFewer(was.beforehand.areEnough, is.beforehand.areEnough)) return true
  if (isFewer(was.beforehand.areWorth, is.beforehand.areWorth)) return true
  return [...was.beforehand.later, ...is.beforehand.later].some(
    ({ fromMs }) => refusalAt(was, fromMs) === undefined && refusalAt(is, fromMs) !== undefined,
  )
}

function refusalAt({ refusal, beforehand }: ChosenPerson, atMs: number): string | undefined {
  const stretch = beforehand.later.findLast(({ fromMs }) => fromMs <= atMs)
  return stretch ? stretch.refusal : refusal
}

function idsOf(view: ZoneView | undefined): ReadonlySet<PersonId> {
  return new Set(view?.people.map(({ person }) => person.id))
}
