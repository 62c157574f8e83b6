// HIPAA’s administrative safeguards and documentation, 45 CFR 164.308 and 164.316, and what is
// proposed of them: rows of the evidence. Pure.

import type { EvidenceRule, SeenFact } from '../evidence-rule.ts'
import { every, recorded } from '../fact-checks.ts'
import {
  everyZone,
  recordHashedAgain,
  recordReachesBack,
  reviewsNotOverdue,
} from '../record-checks.ts'
import { locksWithinAMinute, nobodyAfterRevocation } from '../standing-checks.ts'
import { emergencyReviewedInTime } from './technical-rules.ts'

const isByOneAlone = ({ fields }: SeenFact): boolean =>
  fields['by'] === undefined || fields['by'] === fields['proposedBy']
const namesNobody = ({ fields }: SeenFact): boolean => fields['by'] === undefined

const nobodyGoneHasASession = {
  kind: 'tables',
  id: 'nobody-gone-has-a-session',
  says: 'Nobody who left, is suspended or on leave has a session now, but for an emergency’s.',
  sql:
    "select count(*) as looked, coalesce(sum(case when person.status = 'active' then 0 else 1 end), 0) " +
    'as breaking from session join person on person.id = session.person_id ' +
    "where session.state <> 'ended' and session.grant_id is null",
} as const

export const administrativeRules: readonly EvidenceRule[] = [
  {
    id: 'hipaa-activity-review',
    law: '45 CFR 164.308(a)(1)(ii)(D)',
    asks: 'Records of activity, access and incidents are reviewed regularly.',
    checks: [
      emergencyReviewedInTime,
      reviewsNotOverdue,
      {
        kind: 'tables',
        id: 'alerts-not-forgotten',
        says: 'No alert stands for longer than 30 days.',
        sql:
          "select count(*) as looked, coalesce(sum(case when state <> 'closed' and raised_ms < :now - " +
          '2592000000 then 1 else 0 end), 0) as breaking from alert',
      },
      recorded({
        id: 'somebody-looked',
        says: 'Somebody looked at the record, acknowledged alerts and closed reviews.',
        codes: ['ADM-005', 'ADM-006', 'ALR-003', 'ALR-005', 'BTG-006', 'OFF-005'],
      }),
    ],
    limits: 'That something was closed does not say that it was understood.',
    left: 'See that the reviews that the house’s own procedure names were held, when, and by whom.',
  },
  {
    id: 'hipaa-termination',
    law: '45 CFR 164.308(a)(3)(ii)(C)',
    asks: 'Access ends when employment ends, or is no longer needed.',
    checks: [
      nobodyAfterRevocation,
      locksWithinAMinute,
      nobodyGoneHasASession,
      {
        kind: 'tables',
        id: 'nobody-who-left-has-a-badge',
        says: 'Nobody who left has an active badge.',
        sql:
          "select count(*) as looked, coalesce(sum(case when badge.status = 'active' then 1 else 0 end), 0) " +
          'as breaking from badge join person on person.id = badge.person_id ' +
          "where person.status = 'terminated'",
      },
      everyZone({
        id: 'cut-off-for-a-day-at-most',
        says: 'A workstation that is cut off decides by itself for a day at most, and ends then.',
        query: 'offlineMaxMs of each zone’s rules; breaks it: more than 24 hours',
        holds: ({ offlineMaxMs }) => offlineMaxMs <= 86_400_000,
      }),
    ],
    limits:
      'It begins with the word in the record: how long HR took to say so is not known here. A workstation ' +
      'that is cut off hears of it when it is back. Access that Wardkey does not give is not ended by it.',
  },
  {
    id: 'hipaa-access-authorisation',
    law: '45 CFR 164.308(a)(4)(ii)(B)-(C)',
    asks: 'Access is authorised, written down, reviewed and changed by a policy.',
    checks: [
      every({
        id: 'exceptions-by-two',
        says: 'Every exception was approved by somebody other than who proposed it.',
        codes: ['EXC-002'],
        breaks: ['the same person proposed it', isByOneAlone],
      }),
      every({
        id: 'policies-by-two',
        says: 'Every version of the policies was approved by somebody other than who proposed it.',
        codes: ['POL-002'],
        breaks: ['the same person proposed it', isByOneAlone],
      }),
      recorded({
        id: 'access-reviews-closed',
        says: 'Access reviews were held and closed.',
        codes: ['ACR-006'],
      }),
      {
        kind: 'tables',
        id: 'access-reviews-not-overdue',
        says: 'No access review is overdue.',
        sql:
          "select count(*) as looked, coalesce(sum(case when state <> 'closed' and due_ms < :now then 1 " +
          'else 0 end), 0) as breaking from access_campaign',
      },
      {
        kind: 'tables',
        id: 'exceptions-end',
        says: 'No exception holds past its end.',
        sql:
          'select count(*) as looked, coalesce(sum(case when ended_ms is null and until_ms < :now - ' +
          "3600000 then 1 else 0 end), 0) as breaking from access_exception where outcome = 'approved'",
      },
    ],
    limits:
      'Roles come from HR by the house’s own table: that the table is right, its access reviews say, as ' +
      'far as managers read them.',
  },
  {
    id: 'hipaa-log-in-monitoring',
    law: '45 CFR 164.308(a)(5)(ii)(C)-(D)',
    asks: 'Log-ins are watched and discrepancies told; passwords are made, changed and kept by a procedure.',
    checks: [
      recorded({
        id: 'failed-log-ins-recorded',
        says: 'Refused taps and wrong PINs are in the record.',
        codes: ['TAP-101', 'PIN-101', 'PIN-102'],
        by: (fact) => (fact.code === 'TAP-101' ? String(fact.fields['code']) : fact.code),
      }),
      recorded({
        id: 'alerts-raised',
        says: 'What is out of the ordinary raised an alert.',
        codes: ['ALR-001'],
        by: ({ fields }) => String(fields['rule'] ?? 'of a rule'),
      }),
      every({
        id: 'pins-set-by-somebody',
        says: 'Every PIN that was set says by whom.',
        codes: ['PIN-201'],
        breaks: ['it names nobody', namesNobody],
      }),
    ],
    limits: 'Alerts are rules over the record: what no rule looks for raises none.',
    left: 'See that people were taught how to keep a PIN, and what to do about a lost badge.',
  },
  {
    id: 'hipaa-emergency-mode',
    law: '45 CFR 164.308(a)(7)(ii)(C)',
    asks: 'Critical work goes on, and stays secure, while systems are down.',
    checks: [
      recorded({
        id: 'bundles-given',
        says: 'Workstations were given what they may decide with by themselves.',
        codes: ['OFF-001'],
      }),
      recorded({
        id: 'cut-off-decisions-merged',
        says: 'What cut-off workstations decided was taken into the record.',
        codes: ['OFF-002'],
        by: ({ fields }) => String(fields['outcome'] ?? 'decided'),
      }),
      recorded({
        id: 'modes-set',
        says: 'The house’s modes for downtime, code and lockdown were set, or ended.',
        codes: ['MOD-001', 'MOD-002'],
        by: ({ fields }) => String(fields['mode'] ?? 'a mode'),
      }),
    ],
    limits: 'A period without an outage shows nothing, for or against.',
    left: 'Read the downtime plan, and what its last drill found.',
  },
  {
    id: 'hipaa-six-years',
    law: '45 CFR 164.316(b)(2)(i)',
    asks: 'Policies, and acts that must be written down, are kept for six years.',
    checks: [
      recordHashedAgain,
      recordReachesBack,
      recorded({
        id: 'backups-made',
        says: 'Backups were written and read again.',
        codes: ['BCK-002'],
      }),
    ],
    limits:
      'Of a record that is younger than six years, what was before its first day is kept elsewhere, or ' +
      'is not. A backup that was made can have been lost since.',
    left: 'See that the house’s own policies, its key folder and its backups are kept as long.',
  },
  {
    id: 'hipaa-proposed-2025',
    law: '90 FR 898 (proposed; look whether it is final)',
    asks: 'Access ends within an hour of employment; more than one factor everywhere; restored within 72 hours.',
    checks: [locksWithinAMinute, nobodyAfterRevocation],
    limits: 'It was read second-hand, and is a proposal: nobody has to meet it before it is final.',
    left:
      'Read the final text, if there is one. Notice to other entities, factors of other systems and a ' +
      'restore within 72 hours are shown by people and drills.',
  },
]
