// Emergency accesses, policies and a tap that never happened, for the pages' own tests.

import { grantShown, grantsPage, patternsShown } from '@wardkey/protocol/admin/break-glass'
import { modesShown } from '@wardkey/protocol/admin/modes'
import { policyVersion, policyVersions } from '@wardkey/protocol/admin/policy'
import { whyShown } from '@wardkey/protocol/admin/why'
import { idOf, personIdOf, personOf, workstationIdOf } from './invented-hospital.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const reasons = [
  ['patient-now', 'A patient needs help this minute'],
  ['called-in', 'I am called in to a patient who is not on my list'],
  ['no-badge', 'I do not have my badge with me'],
] as const
const count = 46

function grantAt(number: number, atMs: number, closed: ReadonlySet<string>) {
  const { personId, name } = personOf(number % 12)
  const [reason, reasonLabel] = reasons[number % 3]!
  const fromMs = atMs - number * 9 * hourMs
  const reviewDueMs = fromMs + 3 * dayMs
  const grantId = idOf(4, number)
  const isClosed = number > 14 || closed.has(grantId)
  return {
    ...{ grantId, personId, name, reason, reasonLabel, fromMs, reviewDueMs },
    ...{ workstationId: workstationIdOf(15 + (number % 9)), zoneId: 'emergency' },
    place: `Emergency, station ${String(1 + (number % 9))}`,
    untilMs: fromMs + hourMs,
    ...(number > 1 ? { endedMs: fromMs + 22 * minuteMs } : {}),
    isOverdue: !isClosed && reviewDueMs < atMs,
    ...(isClosed ? { outcome: number % 8 === 0 ? 'inappropriate' : 'appropriate' } : {}),
  }
}

const numbers = Array.from({ length: count }, (_, at) => at + 1)

export function inventGrants(isOpen: boolean, atMs: number, closed: ReadonlySet<string>) {
  const grants = numbers.map((number) => grantAt(number, atMs, closed))
  const open = grants
    .filter(({ outcome }) => outcome === undefined)
    .sort((a, b) => a.reviewDueMs - b.reviewDueMs)
  return grantsPage.parse({ grants: isOpen ? open : grants })
}

export function inventGrant(id: string, atMs: number, closed: ReadonlySet<string>) {
  const number = numbers.find((one) => idOf(4, one) === id)
  if (number === undefined) return undefined
  const grant = grantAt(number, atMs, closed)
  return grantShown.parse({
    ...grant,
    sessionId: idOf(3, number),
    isOffline: number % 6 === 0,
    identity: number % 4 === 0 ? 'badge' : 'badge-and-pin',
    ...(number % 4 === 0 ? { witness: personOf(200) } : {}),
    otherwise: number % 2 === 0 ? 'zone-not-yours' : 'allowed',
    note: '=HYPERLINK("http://example.invalid") is how this invented note begins',
    ...(number > 1 ? { endReason: 'badge-tapped' } : {}),
    choice: { tookMs: 3200, position: number % 3, of: 6 },
    ...(grant.outcome === undefined
      ? {}
      : {
          review: {
            ...{
              outcome: grant.outcome,
              by: 'account r.auditor',
              atMs: grant.reviewDueMs - hourMs,
            },
            note: 'Spoke with the charge nurse; the patient was in the bay.',
          },
        }),
  })
}

export const inventPatterns = (days: number) =>
  patternsShown.parse({
    days,
    reasons: reasons.map(([reason], at) => ({
      ...{ reason, count: 23 - at * 7, medianTookMs: 2800 + at * 900, firstShare: 0.7 - at * 0.2 },
    })),
    zones: [
      { zoneId: 'emergency', count: 31, medianTookMs: 2600, firstShare: 0.61 },
      { zoneId: 'icu', count: 12, medianTookMs: 4100, firstShare: 0.3 },
    ],
    otherwise: [
      { otherwise: 'zone-not-yours', count: 22 },
      { otherwise: 'allowed', count: 21 },
    ],
    people: [
      { personId: personIdOf(1), count: 6 },
      { personId: personIdOf(4), count: 3 },
    ],
    witnesses: [{ personId: personIdOf(200), count: 4 }],
  })

const setOf = (letter: string): string => letter.repeat(64)
const before = [
  '@id("nurse-ward-day")',
  'permit (principal, action == Action::"open", resource)',
  'when { principal.roles.contains("nurse") && resource.kind == "ward" };',
].join('\n')
const proposed = before.replace(
  'resource.kind == "ward"',
  '["ward", "intensive-care"].contains(resource.kind)',
)

const versionsAt = (atMs: number, decided: ReadonlyMap<number, string>) =>
  [
    {
      ...{ number: 3, policies: setOf('c'), isInForce: false, basedOn: 2 },
      note: 'Nurses of the wards help out in intensive care',
      proposed: { atMs: atMs - 5 * hourMs, by: `person ${personIdOf(2)}` },
    },
    {
      ...{ number: 2, policies: setOf('b'), isInForce: true, basedOn: 0, note: 'As of summer' },
      proposed: { atMs: atMs - 80 * dayMs, by: 'account t.mockford' },
      decided: { atMs: atMs - 79 * dayMs, by: 'account m.sampleson', outcome: 'approved' },
    },
    {
      ...{ number: 0, policies: setOf('a'), isInForce: false, basedOn: 0 },
      note: 'What Wardkey brings along',
    },
  ].map((version) => {
    const outcome = decided.get(version.number)
    return outcome === undefined
      ? version
      : { ...version, decided: { atMs, by: 'account r.auditor', outcome } }
  })

export const inventVersions = (atMs: number, decided: ReadonlyMap<number, string>) =>
  policyVersions.parse({ versions: versionsAt(atMs, decided) })

export function inventVersion(number: number, atMs: number, decided: ReadonlyMap<number, string>) {
  const version = versionsAt(atMs, decided).find((one) => one.number === number)
  const text = number === 3 ? proposed : before
  return version && policyVersion.parse({ ...version, text, before })
}

export const inventModes = (atMs: number) =>
  modesShown.parse({
    modes: [
      {
        ...{ place: 'emergency', mode: 'code', by: 'account m.sampleson' },
        ...{ sinceMs: atMs - 20 * minuteMs, untilMs: atMs + 40 * minuteMs },
      },
    ],
  })

const badgeNow = (atMs: number) => ({
  ...{ standing: 'active', sinceMs: atMs - 90 * 24 * 60 * minuteMs, hasOther: false },
  sentence: 'It can be used.',
})

/** The second is near what retention took. */
const taps = ['K7P-2XM', 'K7P-2XN']

export function inventWhy(tap: string, atMs: number) {
  if (!taps.includes(tap)) return undefined
  const zone = {
    ...{ id: 'pharmacy', kind: 'pharmacy', roles: ['pharmacist'], asksShift: 'never' },
    ...{ asksTraining: ['narcotics'], lockdownRoles: [] },
  }
  return whyShown.parse({
    ...{ tapId: idOf(6, 1), quote: tap, atMs: atMs - 12 * minuteMs, outcome: 'refused' },
    ...{ personId: personIdOf(3), personName: 'Amina Placeholder 3' },
    ...{ workstationId: workstationIdOf(24), zoneId: 'pharmacy', place: 'Pharmacy Desk 4' },
    ...{ personStatus: 'active', badge: { badgeId: idOf(2, 3), now: badgeNow(atMs) } },
    ...(tap === taps[1] ? { goneBeforeMs: atMs - 13 * minuteMs } : {}),
    rule: 'zone-roles',
    code: 'zone-not-yours',
    sentence: 'This zone is for other roles than hers.',
    next: 'Give her the role, or an exception that two others approve.',
    policy: { policies: setOf('b'), rule: 'zone-roles' },
    saw: {
      ...{ roles: ['nurse'], needsEscort: false, training: [], shift: 'on', assurance: 3 },
      ...{ mode: 'normal', zone },
    },
    steps: [
      { atMs: atMs - 12 * minuteMs - 140, code: 'PIN-001', sentence: 'A PIN matched.' },
      {
        ...{ atMs: atMs - 12 * minuteMs, code: 'TAP-101', sentence: 'A tap was refused.' },
        rule: 'zone-roles',
      },
    ],
  })
}
