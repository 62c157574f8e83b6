// The present workstation authority is ended though workstations would be lost: asked for by one,
// approved by another, each with the count that she saw. Without that it ends by the host's order.

import { createHash } from 'node:crypto'
import type { AuthorityShown } from '@wardkey/protocol/admin/keys/authority-end'
import { lostMax } from '@wardkey/protocol/admin/keys/authority-end'
import type { Fact } from '../../audit/fact.ts'
import { listWithout } from '../enrolment/believed-authorities.ts'
import type { WithoutNext } from '../enrolment/believed-authorities.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { wordAgainst } from '../two-people.ts'
import { brokersLacking } from './authority-lacks.ts'
import type { Lack } from './authority-lacks.ts'
import { readStanding, standingWrite } from './authority-row.ts'
import type { KnownStanding } from './authority-row.ts'
import { ended, markedMax } from './authority-standing.ts'
import type { AuthorityStanding, NextStanding } from './authority-standing.ts'
import type { Keyring } from './list-keys.ts'

/** What was asked longer ago was asked of another house. */
const askedForMs = 86_400_000

export interface EndNeeds extends FlowNeeds {
  readonly keyring: Pick<Keyring, 'authority' | 'missing'>
}

/** Who would be lost, and what stands in the way. */
export async function showAuthority(needs: EndNeeds): Promise<AuthorityShown> {
  const standing = (await readStanding(needs))?.standing
  const present = standing?.present?.sha256 ?? needs.keyring.authority().caSha256
  const next = standing?.next
  if (!next) return { present, without: 0, lost: [], lacking: [] }
  const without = await listWithout(next.sha256, needs)
  const lost = without.slice(0, lostMax).map(({ reachedMs, ...one }) => ({
    ...one,
    ...(reachedMs === null ? {} : { reachedMs }),
  }))
  const lacking = (await lacksOf(next, needs)).map(({ at, missing }) => ({ at, missing }))
  const { sha256, state } = next
  return {
    ...{ present, next: { sha256, state } },
    ...(isGood(standing.asked, needs) ? { asked: shownAsk(standing.asked) } : {}),
    ...{ without: without.length, lost, lacking },
  }
}

type Asked = NonNullable<AuthorityStanding['asked']>

const isGood = (asked: Asked | undefined, { nowMs }: FlowNeeds): asked is Asked =>
  asked !== undefined && asked.atMs + askedForMs >= nowMs()

const shownAsk = ({ by, atMs, without }: Asked) => ({ by, atMs, without })

async function lacksOf(next: NextStanding, needs: EndNeeds): Promise<readonly Lack[]> {
  const own = needs.keyring.missing(next)
  const others = await brokersLacking(next.sha256, needs)
  if (own.length === 0 || others.length > 0) return others
  return [{ sha256: next.sha256, at: 'the broker that was asked', missing: [...own] }]
}

export interface EndOrder extends Actor {
  /** How many she was shown as lost. */
  readonly without: number
}

/** Whoever asks again, or after somebody else, asks in her place. */
export async function askToEnd(
  { by, without }: EndOrder,
  needs: EndNeeds,
): Promise<Recorded<{ readonly kind: 'asked' } | AdminRefused>> {
  const known = await readStanding(needs)
  const now = await lookAt(known?.standing, needs)
  if (now.kind === 'no' || !known) {
    return refuse(now.kind === 'no' ? now.code : 'authority-not-rotating', by, needs)
  }
  if (now.lost.length > without) return refuse('authority-end-moved', by, needs)
  const asked = { by, atMs: needs.nowMs(), without, lost: now.lost.map(markOf) }
  return {
    answer: { kind: 'asked' },
    facts: [newFact(needs, 'KEY-007', { fields: { by, without, ...bothOf(known, needs) } })],
    writes: [standingWrite(known, { ...known.standing, asked }, needs)],
    notices: [],
  }
}

export interface EndWord extends EndOrder {
  readonly outcome: 'approved' | 'rejected'
}

export async function decideEnd(
  { by, outcome, without }: EndWord,
  needs: EndNeeds,
): Promise<Recorded<{ readonly kind: 'decided' } | AdminRefused>> {
  const known = await readStanding(needs)
  const asked = known?.standing.asked
  if (!known || !isGood(asked, needs)) return refuse('authority-end-not-asked', by, needs)
  const proposal = { outcome: null, proposed_by: asked.by }
  const own = wordAgainst(proposal, { outcome, by }, await tokenAskers(needs))
  if (own) return refuse('authority-end-own', by, needs)
  const fields = { by, proposedBy: asked.by, ...bothOf(known, needs) }
  if (outcome === 'rejected') {
    const { asked: _asked, ...standing } = known.standing
    return decided(newFact(needs, 'KEY-008', { fields }), known, standing, needs)
  }
  const now = await lookAt(known.standing, needs)
  if (now.kind === 'no') return refuse(now.code, by, needs)
  // Renewed since they were asked about they are not lost; one that was not asked about would be.
  const asks = new Set(asked.lost)
  const isOther = now.lost.some((one) => !asks.has(markOf(one)))
  if (isOther || now.lost.length > without) return refuse('authority-end-moved', by, needs)
  const about = { ...fields, state: 'ended', without: now.lost.length }
  const fact = newFact(needs, 'KEY-006', { fields: about })
  return decided(fact, known, ended(known.standing, now.next), needs)
}

function decided(
  fact: Fact,
  known: KnownStanding,
  standing: AuthorityStanding,
  needs: EndNeeds,
): Recorded<{ readonly kind: 'decided' }> {
  return {
    answer: { kind: 'decided' },
    facts: [fact],
    writes: [standingWrite(known, standing, needs)],
    notices: [],
  }
}

type Look =
  | { readonly kind: 'no'; readonly code: AdminRefused['code'] }
  | { readonly kind: 'yes'; readonly next: NextStanding; readonly lost: readonly WithoutNext[] }

async function lookAt(standing: AuthorityStanding | undefined, needs: EndNeeds): Promise<Look> {
  const next = standing?.next
  if (next?.state !== 'rotating') return { kind: 'no', code: 'authority-not-rotating' }
  if ((await lacksOf(next, needs)).length > 0) {
    return { kind: 'no', code: 'authority-files-missing' }
  }
  const lost = await listWithout(next.sha256, needs)
  return lost.length > markedMax
    ? { kind: 'no', code: 'authority-end-moved' }
    : { kind: 'yes', next, lost }
}

const markOf = ({ workstationId }: WithoutNext): string =>
  createHash('sha256').update(workstationId).digest('hex').slice(0, 16)

function bothOf({ standing }: KnownStanding, { keyring }: EndNeeds) {
  const { present, next } = standing
  const authority = present?.sha256 ?? keyring.authority().caSha256
  return { authority, next: next?.sha256 ?? '' }
}

function refuse(code: AdminRefused['code'], by: string, needs: FlowNeeds): Recorded<AdminRefused> {
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'KEY-101', { rule: code, fields: { by } })],
    writes: [],
    notices: [],
  }
}
