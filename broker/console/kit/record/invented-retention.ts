// What a house that does not exist keeps, took out, holds and forgot, for the pages' own tests.

import { certificateShown, forgettingsShown } from '@wardkey/protocol/admin/forget/forget'
import { holdOrder, holdsShown } from '@wardkey/protocol/admin/forget/holds'
import type { HoldShown } from '@wardkey/protocol/admin/forget/holds'
import { purgeListed, purgesPage } from '@wardkey/protocol/admin/forget/purges'
import { retentionPreview, retentionShown } from '@wardkey/protocol/admin/forget/retention'
import { classRules, codesOfClass, endingClasses } from '@wardkey/protocol/retention-classes'
import type { RetentionDays } from '@wardkey/protocol/retention-classes'
import { idOf, personIdOf, workstationIdOf } from '../invented-hospital.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const byOf = (number: number): string => `person ${personIdOf(number)}`
const days: RetentionDays = { access: 2192, presence: 366, administration: 2192, operational: 92 }

export interface RetentionTurn {
  /** The clock is not trusted: nothing goes. */
  readonly isStopped: boolean
  /** Two people never agreed. */
  readonly hasNoRule: boolean
}

function inventRules(nowMs: number) {
  const proposed = (daysAgo: number, by: string) => ({ atMs: nowMs - daysAgo * dayMs, by })
  return [
    {
      ...{ number: 4, state: 'proposed', days: { ...days, presence: 184 } },
      ...{ reason: 'works council, half a year is enough', proposed: proposed(2, byOf(5)) },
    },
    {
      ...{ number: 3, state: 'in-force', days, reason: 'works council' },
      ...{ proposed: proposed(200, 'token privacy-lead'), decided: proposed(199, byOf(6)) },
    },
    {
      ...{ number: 2, state: 'rejected', days: { ...days, access: 731 }, reason: 'less is enough' },
      ...{ proposed: proposed(240, byOf(5)), decided: proposed(239, byOf(6)) },
    },
    {
      ...{ number: 1, state: 'replaced', days: { ...days, presence: 731 }, reason: 'the usual' },
      ...{ proposed: proposed(700, 'token privacy-lead'), decided: proposed(699, byOf(6)) },
    },
  ]
}

function inventRetention(nowMs: number, { isStopped, hasNoRule }: RetentionTurn) {
  const classes = endingClasses.map((name, at) => ({
    ...{ class: name, ...classRules[name], gone: hasNoRule ? 0 : at * 41_210 },
    ...(hasNoRule ? {} : { days: days[name], lastMs: nowMs - 9 * hourMs }),
  }))
  return retentionShown.parse({
    ...{ classes, rules: hasNoRule ? [] : inventRules(nowMs) },
    ...(hasNoRule ? {} : { lastRunMs: nowMs - 9 * hourMs }),
    ...(isStopped
      ? { stopped: { flaw: 'clock-leapt', at: 81_204, atMs: nowMs - 30 * hourMs } }
      : {}),
  })
}

const inventPreview = (nowMs: number, rule: number) =>
  retentionPreview.parse({
    rule,
    classes: endingClasses.map((name, at) => ({
      ...{ class: name, days: days[name], beforeMs: nowMs - (days[name] + 7) * dayMs },
      ...{ due: at * 1812, hasMore: name === 'operational' },
      ...{ nextBeforeMs: nowMs - (days[name] + 7 + at * 30) * dayMs, next: at * 604 },
    })),
  })

const purgeOf = (nowMs: number, purge: number) => {
  const name = endingClasses[purge % endingClasses.length] ?? 'presence'
  return {
    ...{ purge, class: name, rule: 3, beforeMs: nowMs - 400 * dayMs, count: 24 },
    ...{ first: purge * 900, last: purge * 900 + 46, atMs: nowMs - (15 - purge) * dayMs },
  }
}

function inventPurge(nowMs: number, purge: number) {
  const shown = purgeOf(nowMs, purge)
  const codes = codesOfClass(shown.class)
  const gone = Array.from({ length: shown.count }, (_, at) => ({
    ...{ index: shown.first + at * 2, code: codes[at % 3] },
    atMs: shown.beforeMs - (60 - at) * hourMs,
  }))
  return purgeListed.parse({ ...shown, gone })
}

export function lookAtRetention(path: string, nowMs: number, turn: RetentionTurn): unknown {
  const [, , second, third, last] = path.split('/')
  if (second === undefined) return inventRetention(nowMs, turn)
  if (last === 'preview') return inventPreview(nowMs, Number(third))
  if (third !== undefined) {
    return Number(third) <= 14 ? inventPurge(nowMs, Number(third)) : undefined
  }
  const purges = Array.from({ length: 14 }, (_, at) => purgeOf(nowMs, 14 - at))
  return purgesPage.parse({ purges: turn.hasNoRule ? [] : purges })
}

/** What a test has done to each: the word that was given last. */
export type HoldWords = ReadonlyMap<string, string>

export function inventHolds(nowMs: number, words: HoldWords) {
  const at = (daysAgo: number, by: string) => ({ atMs: nowMs - daysAgo * dayMs, by })
  const asked = { state: 'lift-asked', liftAsked: at(1, byOf(7)) }
  const holds = [
    {
      ...{ id: idOf(10, 1), personId: personIdOf(0), reason: 'case 4711', ...asked },
      placed: at(90, byOf(8)),
    },
    {
      ...{ id: idOf(10, 2), workstationId: workstationIdOf(1), reason: 'inquiry of May' },
      ...{ fromMs: nowMs - 200 * dayMs, untilMs: nowMs - 199 * dayMs, state: 'holds' },
      placed: at(180, 'token legal'),
    },
    { id: idOf(10, 3), reason: 'inquiry of November', state: 'holds', placed: at(3, byOf(40)) },
    {
      ...{ id: idOf(10, 4), personId: personIdOf(40), reason: 'case 4713', ...asked },
      placed: at(20, byOf(8)),
    },
    {
      ...{ id: idOf(10, 5), personId: personIdOf(2), reason: 'case 4702', state: 'lifted' },
      ...{ placed: at(400, byOf(8)), liftAsked: at(40, byOf(7)), lifted: at(39, byOf(8)) },
    },
  ].map((hold) => {
    const word = words.get(hold.id)
    if (word === undefined) return hold
    const given = { atMs: nowMs, by: byOf(40) }
    return word === 'lift'
      ? { ...hold, state: 'lifted', lifted: given }
      : { ...hold, state: 'lift-asked', liftAsked: given }
  })
  return holdsShown.parse({ holds })
}

/** The id of what was placed; throws where the order is none. */
export function placeInvented(body: unknown): Pick<HoldShown, 'id'> {
  holdOrder.parse(body)
  return { id: idOf(10, 9) }
}

export function lookAtForgettings(path: string, nowMs: number): unknown {
  const [, , id] = path.split('/')
  if (id !== undefined) {
    return certificateShown.parse({ certificate: 'A certificate that nobody was given.\n' })
  }
  const at = (daysAgo: number, by: string) => ({ atMs: nowMs - daysAgo * dayMs, by })
  return forgettingsShown.parse({
    forgettings: [
      {
        ...{ id: idOf(11, 1), personId: personIdOf(61), law: 'GDPR Art. 17', reason: 'case 5102' },
        ...{ state: 'asked', asked: at(1, byOf(5)) },
      },
      {
        ...{ id: idOf(11, 2), personId: personIdOf(62), law: 'GDPR Art. 17', reason: 'case 4980' },
        ...{ state: 'approved', asked: at(70, byOf(5)), decided: at(69, byOf(6)) },
      },
    ],
  })
}
