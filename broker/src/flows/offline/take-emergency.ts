// What follows from an emergency access that a cut-off workstation gave, in the unit that takes its
// lines: the grant with its review, what compliance is to be told, the facts. It judges nothing.

import type { PersonId, SessionId } from '@wardkey/protocol/ids'
import type { ReasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import type { OfflineEntryOf } from '@wardkey/protocol/workstation/offline-entries'
import { quoteOf } from '@wardkey/protocol/workstation/quote-of'
import type { Fact } from '../../audit/fact.ts'
import type { Identity } from '../../policy/decide-break-glass.ts'
import { endGrant, insertGrant } from '../../sessions/emergency-grant.ts'
import { sealNote } from '../../sessions/grant-note.ts'
import type { Write } from '../../store/store.ts'
import { refusalIn } from '../bundles/decided-beforehand.ts'
import { insertComplianceNotices } from '../compliance-notice-row.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { markFact, purposeBreakGlass } from '../mark-facts.ts'
import type { Notice } from '../recorded.ts'
import type { EmergencyNeeds } from '../tap-question.ts'
import type { DecisionFacts } from './judge-decision.ts'
import { isPinProvedBy } from './judge-emergency.ts'
import type { StandingSession } from './standing.ts'

export interface TakeEmergencyNeeds extends FlowNeeds {
  readonly personKeys: { find(person: string): Promise<Buffer | undefined> }
  readonly emergency: EmergencyNeeds
}

/** As an opening line tells it: everything of it was there. */
export interface GivenOffline {
  readonly entry: OfflineEntryOf<'decided'>
  readonly personId: PersonId
  readonly sessionId: SessionId
  readonly choice: ReasonChoice
  /** When it was given, as the books can have it. */
  readonly fromMs: number
}

export interface SessionEnd {
  readonly atMs: number
  readonly reason: string
  /** As its line has it, and not by ours. */
  readonly isByItsClock?: boolean
}

export interface TakenEmergency {
  readonly facts: readonly Fact[]
  readonly writes: readonly Write[]
  readonly notices: readonly Notice[]
}

/** The review is due from when it is known; until then nobody could look. */
export async function takeGiven(
  grantId: string,
  given: GivenOffline,
  facts: DecisionFacts,
  needs: TakeEmergencyNeeds,
): Promise<TakenEmergency & { readonly untilMs: number }> {
  const { entry, personId, sessionId, choice, fromMs } = given
  const { zone, workstationId } = facts
  const { lastsMs, reasons } = zone.settings.emergency
  const nowMs = needs.nowMs()
  const untilMs = fromMs + lastsMs
  const grant = {
    ...{ id: grantId, personId, sessionId, workstationId, zoneId: zone.id },
    reason: choice.reason,
    reasonLabel: reasons.find(({ code }) => code === choice.reason)?.label ?? choice.reason,
    noteSealed: await sealedNote(grantId, given, needs),
    identity: identityOf(entry),
    witnessId: entry.witnessId ?? null,
    otherwise: otherwiseOf(given, facts),
    ...{ tookMs: Math.round(choice.tookMs), position: choice.position, of: choice.of },
    ...{ fromMs, untilMs, reviewDueMs: nowMs + needs.emergency.reviewMs },
  } as const
  return {
    untilMs,
    facts: factsOf(grant, entry, facts, needs).map((fact) => markFact(fact, grantId)),
    writes: [insertGrant(needs.db, grant), ...insertComplianceNotices(grantId, nowMs, needs)],
    notices: [{ kind: 'emergency-given', grantId }],
  }
}

/**
 * A wish that came to nothing there, as a broker tells of one that it refuses itself. Nobody is
 * named whom the bundle did not know: it is one workstation's word.
 */
export function takeRefused(
  entry: OfflineEntryOf<'decided'>,
  { journalId, workstationId, zone, rostered, clockAheadMs }: DecisionFacts,
  needs: FlowNeeds,
): readonly Fact[] {
  const { personId, tapId, rule, code = 'no-answer', choice, by = 'unknown', atMs } = entry
  if (entry.outcome !== 'refused' || !choice) return []
  const about = {
    ...(personId === undefined || !rostered ? {} : { person: personId }),
    ...{ workstation: workstationId, zone: zone.id, tap: tapId },
  }
  const off = clockAheadMs === undefined ? {} : { clockAheadMs }
  const told = { journal: journalId, atMs, ...off, purpose: purposeBreakGlass }
  const { reason, position, of } = choice
  const wish = { by, reason, tookMs: Math.round(choice.tookMs), position, of }
  const refusal = { code, quote: quoteOf(tapId) }
  return [
    newFact(needs, 'BTG-001', { ...about, fields: { ...told, ...wish } }),
    newFact(needs, 'BTG-101', { ...about, rule, fields: { ...told, ...refusal } }),
  ]
}

/** It ends with its screen. */
export function takeEnded(
  { personId, sessionId }: Pick<StandingSession, 'personId' | 'sessionId'>,
  grantId: string,
  end: SessionEnd,
  from: Pick<DecisionFacts, 'workstationId' | 'journalId' | 'clockAheadMs'>,
  needs: FlowNeeds,
): Pick<TakenEmergency, 'facts' | 'writes'> {
  const { atMs, reason, isByItsClock = false } = end
  const { workstationId, journalId, clockAheadMs } = from
  const off = isByItsClock && clockAheadMs !== undefined ? { clockAheadMs } : {}
  const fact = newFact(needs, 'BTG-003', {
    ...{ person: personId, session: sessionId, workstation: workstationId },
    fields: { reason, endedMs: atMs, ...off, journal: journalId },
  })
  return {
    facts: [markFact(fact, grantId)],
    writes: [endGrant(needs.db, grantId, reason, atMs)],
  }
}

function identityOf(entry: OfflineEntryOf<'decided'>): Identity {
  if (entry.by === 'staff-number') return 'number-and-pin'
  return isPinProvedBy(entry) ? 'badge-and-pin' : 'badge'
}

/**
 * What an ordinary tap would have been answered, as far as it can be known afterwards: when it can
 * have been, whatever the workstation's clock says.
 */
function otherwiseOf(
  { entry, fromMs }: Pick<GivenOffline, 'entry' | 'fromMs'>,
  { rostered, person, zone, house }: DecisionFacts,
): string {
  const refusal = person && refusalIn(zone, person, fromMs, house, 'normal')
  // That a badge is all she lacked is said only where it is.
  if (entry.by === 'staff-number') return refusal ?? 'no-badge'
  if (rostered?.isAllowed !== true || refusal === 'off-shift' || refusal === 'training-lapsed') {
    return refusal ?? 'role-not-in-zone'
  }
  if (isPinProvedBy(entry)) return 'allowed'
  return person !== undefined && person.pinSetMs > 0 ? 'pin-locked' : 'pin-not-set'
}

async function sealedNote(
  grantId: string,
  { personId, choice: { note } }: GivenOffline,
  { personKeys }: TakeEmergencyNeeds,
): Promise<Buffer | null> {
  const key = note === undefined ? undefined : await personKeys.find(personId)
  return key && note !== undefined ? sealNote(note, key, grantId) : null
}

function factsOf(
  grant: Parameters<typeof insertGrant>[1],
  { tapId, rule, witnessId, atMs, bundleSequence, bundleAgeMs }: OfflineEntryOf<'decided'>,
  { journalId, workstationId, zone, clockAheadMs }: DecisionFacts,
  needs: FlowNeeds,
): readonly Fact[] {
  const { personId: person, sessionId: session, reason, identity, otherwise } = grant
  const about = { person, session, workstation: workstationId, zone: zone.id, tap: tapId }
  const off = clockAheadMs === undefined ? {} : { clockAheadMs }
  const offline = { journal: journalId, atMs, ...off, bundleSequence, bundleAgeMs }
  const given = newFact(needs, 'BTG-002', {
    ...about,
    rule,
    fields: {
      ...offline,
      ...{ reason, identity, otherwise, untilMs: grant.untilMs, reviewDueMs: grant.reviewDueMs },
      ...{ tookMs: grant.tookMs, position: grant.position, of: grant.of },
    },
  })
  if (witnessId === undefined) return [given]
  const fields = { ...offline, witness: witnessId }
  return [given, newFact(needs, 'BTG-004', { ...about, fields })]
}
