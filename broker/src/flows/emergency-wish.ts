// A wish for emergency access as it stands between its questions: who asks, where, what for, and
// what policy says of it now. Reads only.

import type { BadgeId, TapId, WorkstationId } from '@wardkey/protocol/ids'
import { badgeStatusAt, findBadgeHolder, findHolder } from '../identity/find-card-holder.ts'
import type { CardHolder, Holder } from '../identity/find-card-holder.ts'
import { termAt } from '../policy/access-standing.ts'
import { decideBreakGlass } from '../policy/decide-break-glass.ts'
import type { BreakGlassDecision, BreakGlassFacts } from '../policy/decide-break-glass.ts'
import { findWorkstation } from './find-workstation.ts'
import type { Workstation } from './find-workstation.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { findAskedTap } from './tap-row.ts'
import type { EmergencyAsk, KnownTap } from './tap-row.ts'

export interface Asker {
  /** Nobody where a staff number names no one: that is found out by no answer before the PIN. */
  readonly holder: (Holder & { readonly badgeId?: BadgeId }) | undefined
  readonly by: BreakGlassFacts['by']
}

export interface Wish {
  readonly tapId: TapId
  /** The tap as it was answered before; nothing the first time. */
  readonly known: KnownTap | undefined
  readonly workstation: Workstation
  readonly ask: EmergencyAsk
  readonly asker: Asker
}

export const askerByCard = (holder: CardHolder, nowMs: number): Asker => ({
  holder,
  by: { kind: 'card', badge: badgeStatusAt(holder, nowMs) },
})

/** The wish that waits here for this answer; nothing once it ran out, or was another's. */
export async function findWish(
  tapId: TapId,
  at: WorkstationId,
  awaited: 'asked-pin' | 'asked-witness',
  needs: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<Wish | undefined> {
  const tap = await findAskedTap(needs.db, tapId, at, needs.nowMs())
  const workstation = tap && (await findWorkstation(needs.db, at))
  if (tap?.answer.kind !== awaited || workstation?.status !== 'active') return undefined
  return tap.answer.emergency && wishOf(tap, tap.answer.emergency, workstation, needs)
}

/** Nothing where the badge it was asked with is no more. */
export async function wishOf(
  known: KnownTap,
  ask: EmergencyAsk,
  workstation: Workstation,
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<Wish | undefined> {
  const tapId = known.id
  if (ask.by === 'staff-number') {
    const holder = known.personId === null ? undefined : await findHolder(db, known.personId)
    const asker: Asker = { holder, by: { kind: 'staff-number' } }
    return { tapId, known, workstation, ask, asker }
  }
  const holder = known.badgeId === null ? undefined : await findBadgeHolder(db, known.badgeId)
  return holder && { tapId, known, workstation, ask, asker: askerByCard(holder, nowMs()) }
}

/** Policy's word on the wish, from what is known of it now. */
export function decideWish(
  { workstation, ask, asker }: Wish,
  now: { readonly nowMs: number; readonly isPinAtHand: boolean; readonly isWitnessed: boolean },
): BreakGlassDecision {
  const { holder } = asker
  const settings = workstation.zone.settings.emergency
  return decideBreakGlass({
    settings,
    choice: { reason: ask.reason, hasNote: ask.hasNote },
    person: holder && { status: holder.personStatus, term: termAt(holder.access, now.nowMs) },
    by: asker.by,
    isPinProved: ask.pinAtMs !== undefined,
    isPinAtHand: now.isPinAtHand,
    isWitnessed: now.isWitnessed,
  })
}

/** For facts about it. */
export function aboutWish({ tapId, workstation, asker: { holder } }: Wish) {
  return {
    ...(holder ? { person: holder.personId } : {}),
    ...(holder?.badgeId === undefined ? {} : { badge: holder.badgeId }),
    workstation: workstation.id,
    zone: workstation.zone.id,
    tap: tapId,
  }
}
