// What an errand was for, done: a badge enrolled or lent, reported lost or found, a PIN set. All of
// it is one unit, and holds only if nothing that it leans on has changed meanwhile.

import type { PersonId } from '@wardkey/protocol/ids'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import type { Fact } from '../../audit/fact.ts'
import { badgesOf } from '../../identity/badges.ts'
import { findLoanerCard } from '../../identity/cards/loaner-cards.ts'
import { badgeStatusAt, findBadgeHolder } from '../../identity/find-card-holder.ts'
import { guardPerson } from '../../identity/guard-person.ts'
import { resetNumberCount } from '../../identity/verify-by-number.ts'
import { loanerEnd } from '../../policy/loaner-end.ts'
import { clearGrace } from '../../sessions/grace.ts'
import type { Write } from '../../store/store.ts'
import { markBadges } from '../badges/mark-badges.ts'
import { newBadge } from '../enrol-badge.ts'
import { newFact } from '../flow-needs.ts'
import type { Notice, Recorded } from '../recorded.ts'
import { pinSetAt, upsertPin } from '../set-pin.ts'
import { doneFrame, factOf, refuseErrand } from './errand-answers.ts'
import type { Added, ErrandNeeds } from './errand-answers.ts'
import { doneForMs, noProofs, witnessesOf } from './errand.ts'
import { moveErrand } from './errand-row.ts'
import type { Errand } from './errand.ts'
import { mayBeFound } from './found-badge.ts'
import { marksOf } from './marks-of.ts'
import { witnessesStill } from './witness-rule.ts'

export interface LastStep {
  /** The card that it began with, said again. */
  readonly card?: CardClaim | undefined
  /** Of the PIN that she has just chosen. */
  readonly pinHash?: string
}

interface Done {
  readonly kind: 'done'
  readonly facts: readonly Fact[]
  readonly writes: readonly Write[]
  readonly notices: readonly Notice[]
  readonly endsMs?: number
}
type Refusal = { readonly kind: 'no' } & Parameters<typeof refuseErrand>[1]
type Subject = NonNullable<Errand['subject']>

export async function finishErrand(
  errand: Errand,
  last: LastStep,
  added: Added,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { subject } = errand
  if (!subject) {
    const refusal = { rule: 'person-is-known', code: 'not-identified' } as const
    return refuseErrand(errand, refusal, added, needs)
  }
  if (subject.personStatus !== 'active') {
    const refusal = { rule: 'person-is-active', code: 'person-not-active' } as const
    return refuseErrand(errand, refusal, added, needs)
  }
  const witnesses = await witnessesStill(errand, needs)
  if (witnesses.rule !== undefined) {
    const refusal = { rule: witnesses.rule, code: 'witness-not-usable' } as const
    return refuseErrand(errand, refusal, added, needs)
  }
  const done = await doIt(errand, subject, last, needs)
  if (done.kind === 'no') return refuseErrand(errand, done, added, needs)
  const pin = last.pinHash === undefined ? noPin : pinSet(errand, subject, last.pinHash, needs)
  const witness = witnessesOf(errand)
  const fact = factOf(errand, 'ERD-004', needs, witness === '' ? {} : { witness })
  return {
    answer: await doneFrame(errand, done.endsMs, needs),
    facts: [fact, ...added.facts, ...done.facts, ...pin.facts],
    writes: [
      ...added.writes,
      keepDone(errand, done.endsMs, needs),
      guardPerson(needs.db, subject.personId, subject.personVersion),
      ...witnesses.writes,
      ...done.writes,
      ...pin.writes,
    ],
    notices: done.notices,
  }
}

/** For a minute, and without what was proved: it opens nothing any more. */
function keepDone(errand: Errand, endsMs: number | undefined, needs: ErrandNeeds): Write {
  const done = endsMs === undefined ? {} : { endsMs }
  const expiresMs = needs.nowMs() + doneForMs
  return moveErrand(needs.db, { ...errand, expiresMs, proofs: { ...noProofs, done } })
}

const nothing: Done = { kind: 'done', facts: [], writes: [], notices: [] }
const noPin: Pick<Done, 'facts' | 'writes'> = { facts: [], writes: [] }

function doIt(
  errand: Errand,
  subject: Subject,
  { card, pinHash }: LastStep,
  needs: ErrandNeeds,
): Promise<Done | Refusal> | Done | Refusal {
  switch (errand.kind) {
    case 'enrol':
    case 'loaner':
      return enrol(errand, subject, card, needs)
    case 'lost':
      return lose(errand, subject.personId, needs)
    case 'found':
      return bringBack(errand, subject.personId, needs)
    case 'new-pin':
    case 'change-pin':
      if (pinHash === undefined) throw new Error('a PIN was to be set, and there is none')
      return errand.kind === 'new-pin' ? stillUsable(errand, needs) : change(errand, subject, needs)
  }
}

/** Another PIN that was set meanwhile is not changed by who knew the one before it. */
async function change(
  errand: Errand,
  { personId }: Subject,
  needs: ErrandNeeds,
): Promise<Done | Refusal> {
  if ((await pinSetAt(needs.db, personId)) !== errand.proofs.pinSetMs) {
    return { kind: 'no', rule: 'pin-is-the-same', code: 'tap-expired' }
  }
  return stillUsable(errand, needs)
}

/** Where it began with a badge, that one must not have been reported lost meanwhile. */
async function stillUsable(errand: Errand, needs: ErrandNeeds): Promise<Done | Refusal> {
  if (errand.badgeId === null) return nothing
  const holder = await findBadgeHolder(needs.db, errand.badgeId)
  const isUsable = holder && badgeStatusAt(holder, needs.nowMs()) === 'active'
  return isUsable ? nothing : { kind: 'no', rule: 'badge-is-active', code: 'badge-not-usable' }
}

async function enrol(
  errand: Errand,
  subject: Subject,
  card: CardClaim | undefined,
  needs: ErrandNeeds,
): Promise<Done | Refusal> {
  const { personId } = subject
  if (!card || errand.lookup !== lookupOf(card, needs.cardKey)) {
    return { kind: 'no', rule: 'card-is-the-same', code: 'tap-expired' }
  }
  const key = await needs.personKeys.find(personId)
  if (!key) return { kind: 'no', rule: 'person-is-known', code: 'not-identified' }
  const by = witnessesOf(errand)
  const pool = await findLoanerCard(needs.db, errand.lookup)
  if ((errand.kind === 'loaner') !== (pool !== undefined)) {
    return { kind: 'no', rule: 'card-is-the-same', code: 'tap-expired' }
  }
  const { calendar } = await needs.house(errand.workstation.policies)
  const endsMs = loanerEnd(subject.access, calendar, needs.nowMs(), needs.loanerMs)
  const order = { personId, card, by, ...(pool ? { technology: pool.technology.name } : {}) }
  const loan = pool && { cardId: pool.id, endsMs }
  const made = await newBadge(order, key, needs, loan)
  if (made.kind === 'refused') {
    const code = made.code === 'badge-taken' ? 'badge-taken' : 'badge-not-allowed'
    return { kind: 'no', rule: 'badge-is-free', code }
  }
  const own = await badgesOf(needs.db, personId)
  const marks = pool ? marksOf.loanerGiven(own, made.badgeId) : marksOf.replaced(own)
  const marked = await markBadges(personId, marks, by, needs)
  return {
    kind: 'done',
    facts: [made.fact, ...marked.facts],
    writes: [made.write, ...marked.writes],
    notices: marked.notices,
    ...(pool ? { endsMs } : {}),
  }
}

/** All that she has: whoever lost one does not know which of two it was. */
async function lose(errand: Errand, person: PersonId, needs: ErrandNeeds): Promise<Done> {
  const marks = marksOf.lost(await badgesOf(needs.db, person))
  return { kind: 'done', ...(await markBadges(person, marks, `errand ${errand.id}`, needs)) }
}

async function bringBack(
  errand: Errand,
  person: PersonId,
  needs: ErrandNeeds,
): Promise<Done | Refusal> {
  const own = await badgesOf(needs.db, person)
  const badge = own.find(({ id }) => id === errand.badgeId)
  if (!badge || !mayBeFound(badge, needs.nowMs(), errand.proofs.witnesses.length > 0)) {
    return { kind: 'no', rule: 'badge-was-lost', code: 'badge-not-usable' }
  }
  const marks = marksOf.found(own, badge)
  return { kind: 'done', ...(await markBadges(person, marks, `errand ${errand.id}`, needs)) }
}

function pinSet(
  errand: Errand,
  { personId }: Subject,
  hash: string,
  needs: ErrandNeeds,
): Pick<Done, 'facts' | 'writes'> {
  const witness = witnessesOf(errand)
  const by = witness === '' ? `errand ${errand.id}` : witness
  return {
    facts: [newFact(needs, 'PIN-201', { person: personId, fields: { by } })],
    writes: [
      upsertPin(needs.db, personId, hash, needs.nowMs()),
      resetNumberCount(needs.db, personId),
      clearGrace(needs.db, personId),
    ],
  }
}
