// HIPAA’s technical safeguards, 45 CFR 164.312: rows of the evidence. Pure.

import type { EvidenceRule, SeenFact } from '../evidence-rule.ts'
import { every, followed, recorded } from '../fact-checks.ts'
import {
  pinsHashed,
  recordContinues,
  recordHashedAgain,
  reviewsNotOverdue,
  witnessed,
  zonesLockWhenIdle,
} from '../record-checks.ts'

const text = (fact: SeenFact, field: string): string => {
  const value = fact.fields[field]
  return typeof value === 'string' ? value : ''
}
const number = ({ fields }: SeenFact, field: string): number => {
  const value = fields[field]
  return typeof value === 'number' ? value : 0
}
const namesNobody = ({ person, session }: SeenFact): boolean =>
  person === undefined || session === undefined

export const tokensNameAPerson = every({
  id: 'tokens-name-a-person',
  says: 'Every token that an EHR received names one person and her session.',
  codes: ['SSO-002'],
  breaks: ['it names no person or no session', namesNobody],
})

export const acrOnEveryTap = every({
  id: 'taps-say-how-sure',
  says: 'Every tap that let somebody in says how surely she was known (acr).',
  codes: ['TAP-001'],
  breaks: ['it has no acr', (fact) => text(fact, 'acr') === ''],
  by: (fact) => text(fact, 'acr'),
})

export const emergencyReviewedInTime = every({
  id: 'emergency-reviewed-in-time',
  says: 'Every review of an emergency access that was closed was closed in time.',
  codes: ['BTG-006'],
  breaks: ['it was overdue', ({ fields }) => fields['isOverdue'] !== false],
  by: (fact) => text(fact, 'outcome'),
})

export const technicalRules: readonly EvidenceRule[] = [
  {
    id: 'hipaa-unique-user',
    law: '45 CFR 164.312(a)(2)(i)',
    asks: 'Everybody who uses the system has a name or number of her own, by which her acts are known.',
    checks: [
      every({
        id: 'taps-name-a-person',
        says: 'Every tap that let somebody in names one person and her session.',
        codes: ['TAP-001'],
        breaks: ['it names no person or no session', namesNobody],
      }),
      every({
        id: 'refusals-say-whose',
        says: 'Every tap that was refused names a person, or says why the badge is nobody’s.',
        codes: ['TAP-101'],
        breaks: [
          'it names no person and no reason',
          (fact) => fact.person === undefined && text(fact, 'code') === '',
        ],
      }),
      tokensNameAPerson,
      {
        kind: 'tables',
        id: 'badges-have-one-owner',
        says: 'No card is an active badge of two people.',
        sql:
          'select coalesce(sum(owners), 0) as looked, coalesce(sum(case when owners > 1 then 1 else 0 ' +
          "end), 0) as breaking from (select count(*) as owners from badge where status = 'active' " +
          'group by lookup) as card',
      },
    ],
    limits:
      'Two people who share one badge look like one. The alerts of the rule badge-sharing find some of ' +
      'it, never all.',
  },
  {
    id: 'hipaa-emergency-access',
    law: '45 CFR 164.312(a)(2)(ii)',
    asks: 'There is a procedure to get at health information in an emergency.',
    checks: [
      every({
        id: 'emergency-says-why-and-until',
        says: 'Every emergency access has a reason, an end and a day by which it is reviewed.',
        codes: ['BTG-002'],
        breaks: [
          'it has no reason, no end or no review',
          (fact) =>
            text(fact, 'reason') === '' ||
            number(fact, 'untilMs') === 0 ||
            number(fact, 'reviewDueMs') === 0,
        ],
        by: (fact) => text(fact, 'reason'),
      }),
      followed({
        id: 'compliance-told-within-a-minute',
        says: 'Compliance was told of every emergency access within a minute of its being recorded.',
        ...{ opens: 'BTG-002', closes: 'BTG-005', key: 'grant', withinMs: 60_000 },
      }),
      emergencyReviewedInTime,
      reviewsNotOverdue,
    ],
    limits:
      'It shows the emergencies that were, and not those in which somebody did not know how. Whether ' +
      'each was one, its review says.',
    left: 'Look at the last drill: that it opens with the broker down and a badge lost is not counted here.',
  },
  {
    id: 'hipaa-automatic-logoff',
    law: '45 CFR 164.312(a)(2)(iii)',
    asks: 'A session ends by itself after a time without activity.',
    checks: [
      zonesLockWhenIdle,
      recorded({
        id: 'screens-locked-by-themselves',
        says: 'Screens that nobody used were locked by themselves.',
        codes: ['SES-003'],
        where: [
          'for the reason idle, away or card-removed',
          (fact) => ['idle', 'away', 'card-removed'].includes(text(fact, 'reason')),
        ],
        by: (fact) => text(fact, 'reason'),
      }),
      {
        kind: 'tables',
        id: 'no-session-past-its-end',
        says: 'No session goes on longer than session.maxMs allows, by more than an hour.',
        sql:
          'select count(*) as looked, coalesce(sum(case when opened_ms + :sessionMax + 3600000 < :now ' +
          "then 1 else 0 end), 0) as breaking from session where state <> 'ended'",
      },
    ],
    limits:
      'It shows what the broker knows. What a screen showed that was cut off, its workstation tells ' +
      'afterwards. The EHR’s own time limits are the EHR’s.',
    left: 'Decide whether the times of each zone suit the place: the law names none.',
  },
  {
    id: 'hipaa-encryption',
    law: '45 CFR 164.312(a)(2)(iv), (e)(2)(ii)',
    asks: 'Health information, and what opens it, is encrypted where that is reasonable: kept and on its way.',
    checks: [
      pinsHashed,
      {
        kind: 'tables',
        id: 'names-sealed',
        says: 'Every person has a key of her own, under which her name and badge numbers are sealed.',
        sql:
          'select count(*) as looked, coalesce(sum(case when person_key.person_id is null then 1 else 0 ' +
          'end), 0) as breaking from person left join person_key on person_key.person_id = person.id',
      },
      {
        kind: 'settings',
        id: 'web-door-has-tls',
        says: 'The broker’s own doors for browsers and administration speak TLS.',
        query: 'web.tlsCertFile; unsaid where it is empty, since something before it may speak TLS',
        holds: ({ hasTls }) => (hasTls ? true : undefined),
      },
    ],
    limits:
      'Wardkey keeps no health information. Workstations speak TLS 1.3 with certificates on both sides ' +
      'and cannot be told otherwise; no fact says so.',
    left:
      'Search disks, database dumps and logs for a known badge number and PIN; see that the disks of ' +
      'servers and workstations, and the way to the database, are encrypted.',
  },
  {
    id: 'hipaa-audit-controls',
    law: '45 CFR 164.312(b)',
    asks: 'What happens in the system is recorded, and can be examined.',
    checks: [
      recorded({
        id: 'sign-ins-recorded',
        says: 'Taps that let in and taps that were refused are in the record.',
        codes: ['TAP-001', 'TAP-002', 'TAP-101', 'TAP-102', 'PIN-001', 'PIN-101'],
      }),
      recorded({
        id: 'locks-recorded',
        says: 'Locked and ended sessions are in the record, with their reason.',
        codes: ['SES-003', 'SES-004'],
        by: (fact) => `${fact.code} ${text(fact, 'reason')}`,
      }),
      every({
        id: 'looks-name-who',
        says: 'Every look and change by an administrator says by whom.',
        codes: ['ADM-001'],
        breaks: ['it names nobody', (fact) => text(fact, 'by') === ''],
      }),
      recordHashedAgain,
    ],
    limits:
      'A record cannot show what was never written into it: that each act writes a fact is how the ' +
      'program is built, and tested. That somebody reads it is the rule on activity review.',
  },
  {
    id: 'hipaa-integrity',
    law: '45 CFR 164.312(c)(1)-(2)',
    asks: 'What is kept is not altered or destroyed unseen.',
    checks: [recordHashedAgain, recordContinues, witnessed],
    limits:
      'It is about the record, not about charts. Who has the signing key and the database could write ' +
      'another record; only a checkpoint or a witness elsewhere finds that.',
  },
  {
    id: 'hipaa-authentication',
    law: '45 CFR 164.312(d)',
    asks: 'It is verified that somebody is who she says she is.',
    checks: [
      acrOnEveryTap,
      every({
        id: 'badges-say-their-worth',
        says: 'Every badge was enrolled with its technology, and what that is worth.',
        codes: ['BDG-001', 'BDG-004'],
        breaks: [
          'it has no technology or no worth',
          (fact) => text(fact, 'technology') === '' || typeof fact.fields['assurance'] !== 'number',
        ],
        by: (fact) => text(fact, 'technology'),
      }),
      recorded({
        id: 'workstations-connected',
        says: 'Workstations connected, each with a certificate of its own.',
        codes: ['WKS-004'],
      }),
    ],
    limits:
      'A badge whose number can be copied proves little by itself; how many of those there are, the rule ' +
      'on NIST AAL2 counts. Who handed out a badge knew the person, or did not: no record can say.',
  },
]
