// Why a tap went as it did, from the record alone, so that it is what was so then: the rule, what
// was seen of the person (by her id), and a sentence with the next step. Names nobody.

import type { Kysely } from 'kysely'
import { refusalCodes } from '@wardkey/protocol/codes'
import type { RefusalCode } from '@wardkey/protocol/codes'
import { factCodes } from '@wardkey/protocol/fact-codes'
import type { FactCode } from '@wardkey/protocol/fact-codes'
import { badgeStanding } from '@wardkey/protocol/admin/why'
import type { BadgeStanding, WhyShown } from '@wardkey/protocol/admin/why'
import { personId, tapId } from '@wardkey/protocol/ids'
import { quoteOf } from '@wardkey/protocol/workstation/quote-of'
import { parseQuestion } from '../policy/cedar/policy-question.ts'
import { wordsOf } from '../policy/rule-words.ts'
import type { Schema } from '../store/schema.ts'
import { refusedBadge } from './badges/explain-badge.ts'
import { exceptionsThen } from './exceptions/exception-rows.ts'
import { readDisowned } from './own-taps/find-own-tap.ts'
import { factsAround, factsOfTap, findQuoted, parseTapFact } from './tap-facts.ts'
import type { FactRow, TapFact, TapStore } from './tap-facts.ts'

/** A code is looked for among so many facts of taps, from the newest on; an id among all. */
const rowsMax = 150_000
const isOfTap = /^(TAP|PIN|BTG|SES|OFF|ERD)-/

/** By the tap's id, or by the code that the screen shows. Nothing where the record has neither. */
export async function explainTap(asked: string, store: TapStore): Promise<WhyShown | undefined> {
  const id = await findTap(asked, store)
  const facts = id === undefined ? [] : await factsOfTap(store, id)
  const decided = facts.find(({ code }) => deciding.has(code)) ?? facts[0]
  if (id === undefined || !decided) return undefined
  const near = new Map(facts.map((row) => [row.idx, row]))
  for (const row of await factsAround(store, decided.idx, id)) {
    if (isOfTap.test(row.code)) near.set(row.idx, row)
  }
  const all = [...near.values()].sort((a, b) => a.idx - b.idx).map(parseTapFact)
  const shown = shownOf(
    id,
    all.filter(({ tap }) => tap === id),
  )
  const exceptions = await exceptionsOf(shown, store.read)
  const disowned = await disownedOf(shown.personId, near, store.read)
  return {
    ...shown,
    steps: [...shown.steps, ...disowned],
    ...(await placeOf(shown, store.read)),
    ...(exceptions.length === 0 ? {} : { exceptions }),
  }
}

function findTap(asked: string, store: TapStore): Promise<string | undefined> {
  const byId = tapId.safeParse(asked)
  if (byId.success) return Promise.resolve(byId.data)
  const wanted = asked.toUpperCase()
  const isQuoteOf = (text: string): boolean => {
    const tap = tapId.safeParse(text)
    return tap.success && quoteOf(tap.data) === wanted
  }
  return findQuoted(store, wanted, isQuoteOf, rowsMax)
}

/** Where the workstation stands, or stood when it was last told: the record has its id alone. */
async function placeOf({ workstationId }: WhyShown, db: Kysely<Schema>) {
  const row =
    workstationId === undefined
      ? undefined
      : await db
          .selectFrom('workstation')
          .select('place')
          .where('id', '=', workstationId)
          .executeTakeFirst()
  return row && { place: row.place }
}

/** What she said of it later, in her own record: it is a step of its own, and names no tap. */
async function disownedOf(
  person: string | undefined,
  near: ReadonlyMap<number, FactRow>,
  db: Kysely<Schema>,
): Promise<readonly WhyShown['steps'][number][]> {
  const [first] = [...near.values()].map((row) => parseTapFact(row).atMs).sort((a, b) => a - b)
  const who = personId.safeParse(person).data
  if (!who || first === undefined) return []
  const said = await readDisowned(who, { fromMs: first, toMs: Number.MAX_SAFE_INTEGER }, { db })
  return said
    .filter(({ fields }) => near.has(Number(fields['tap'])) || near.has(Number(fields['line'])))
    .map(({ recordedMs: atMs, code }) => ({ atMs, code, sentence: factCodes['BDG-008'].sentence }))
}

async function exceptionsOf({ personId, atMs }: WhyShown, db: Kysely<Schema>) {
  const rows = personId === undefined ? [] : await exceptionsThen(personId, atMs, db)
  return rows.map(({ id, kind, what, owner_id: ownerId, until_ms: untilMs }) => ({
    ...{ id, kind, what, ownerId, untilMs: untilMs ?? 0 },
  }))
}

const deciding = new Set<string>([
  ...['TAP-001', 'TAP-002', 'TAP-101', 'TAP-102', 'BTG-002', 'BTG-101'],
  ...['OFF-002', 'ERD-101'],
])

function isDeciding({ code }: TapFact): boolean {
  return deciding.has(code)
}

function shownOf(id: string, facts: readonly TapFact[]): WhyShown {
  const last = facts.findLast(isDeciding) ?? facts.at(-1)
  if (!last) throw new Error('a tap without facts')
  const { fields, rule = '' } = last
  const { saw, policies, policy, graceZone, gracePinAtMs, graceLastMs, otherwise } =
    facts.findLast((fact) => fact.fields.saw !== undefined)?.fields ?? fields
  const grace =
    graceZone === undefined || gracePinAtMs === undefined || graceLastMs === undefined
      ? undefined
      : { zoneId: graceZone, pinAtMs: gracePinAtMs, lastMs: graceLastMs }
  const given = facts.find(({ code }) => code === 'BTG-002')?.fields.otherwise ?? otherwise
  const parsed = tapId.safeParse(id)
  return {
    tapId: id,
    ...(parsed.success ? { quote: quoteOf(parsed.data) } : {}),
    atMs: whenOf(last),
    ...(last.person === undefined ? {} : { personId: last.person }),
    ...(last.workstation === undefined ? {} : { workstationId: last.workstation }),
    ...(last.zone === undefined ? {} : { zoneId: last.zone }),
    ...(last.badge === undefined ? {} : { badge: badgeOf(last.badge, fields.badgeStatus) }),
    outcome: outcomeOf(last),
    rule,
    ...sentencesOf(last, policy),
    ...(policies === undefined || policy === undefined
      ? {}
      : { policy: { policies, rule: policy } }),
    ...(saw === undefined ? {} : { saw: parseQuestion(saw) }),
    ...(grace ? { grace } : {}),
    ...(given === undefined ? {} : { otherwise: given }),
    steps: facts.map(stepOf),
  }
}

function badgeOf(badge: string, status: string | undefined): NonNullable<WhyShown['badge']> {
  const then = standingThen(status)
  return { badgeId: badge, ...(then === undefined ? {} : { then }) }
}

const standingThen = (status: string | undefined): BadgeStanding | undefined =>
  badgeStanding.safeParse(status).data

function stepOf(fact: TapFact): WhyShown['steps'][number] {
  const { code, rule } = fact
  const sentence = isFactCode(code) ? factCodes[code].sentence : code
  return { atMs: whenOf(fact), code, sentence, ...(rule === undefined ? {} : { rule }) }
}

/** A fact's own time is of when it was written down: of a journal's lines that is much later. */
function whenOf({ atMs, fields }: TapFact): number {
  return fields.journal === undefined ? atMs : (fields.atMs ?? atMs)
}

/** As the workstation wrote it: a question that nobody answered ran out. */
const decidedAlone: ReadonlyMap<string, WhyShown['outcome']> = new Map([
  ['admitted', 'opened'],
  ['asked-pin', 'asked-pin'],
  ['refused', 'refused'],
])

function outcomeOf({ code, fields }: TapFact): WhyShown['outcome'] {
  if (code === 'OFF-002') {
    const outcome = decidedAlone.get(fields.outcome ?? '') ?? 'ended'
    return outcome === 'opened' && fields.purpose !== undefined ? 'emergency' : outcome
  }
  if (code === 'TAP-001') return 'opened'
  if (code === 'BTG-002') return 'emergency'
  if (code === 'TAP-002') return 'asked-pin'
  return ['TAP-101', 'BTG-101', 'ERD-101'].includes(code) ? 'refused' : 'ended'
}

/** A badge that was replaced is found no more: it is unknown like every other card. */
const mayBeReplaced = 'A badge that was replaced is nobody’s any more either.'

function sentencesOf(fact: TapFact, policy: string | undefined) {
  const { code, rule = '', fields } = fact
  if (isRefusal(fields.code)) return { code: fields.code, ...refusalOf(fields.code, fact) }
  const isPolicys = rule !== '' && wordsOf(rule) === undefined
  const sentence =
    wordsOf(rule) ??
    (isPolicys ? `The rule “${rule}” says so.` : `The rule “${policy ?? code}” says so.`)
  return { sentence, next: 'Nothing has to be done.' }
}

function refusalOf(code: RefusalCode, { badge, person, fields }: TapFact) {
  const then = standingThen(fields.badgeStatus)
  if (code === 'badge-not-usable' && then !== undefined && badge !== undefined) {
    return refusedBadge(then, { badgeId: badge, personId: person })
  }
  const { sentence, next } = refusalCodes[code]
  return code === 'badge-unknown'
    ? { sentence, next: `${next} ${mayBeReplaced}` }
    : { sentence, next }
}

function isRefusal(code: string | undefined): code is RefusalCode {
  return code !== undefined && Object.hasOwn(refusalCodes, code)
}

function isFactCode(code: string): code is FactCode {
  return Object.hasOwn(factCodes, code)
}
