// NIST SP 800-63B: rows of the evidence. Pure.

import type { EvidenceRule } from '../evidence-rule.ts'
import { every } from '../fact-checks.ts'
import { everyZone, pinsHashed } from '../record-checks.ts'
import { lostBadgesOpenNothing } from '../standing-checks.ts'
import { acrOnEveryTap } from './technical-rules.ts'

const hourMs = 3_600_000

export const nistRules: readonly EvidenceRule[] = [
  {
    id: 'nist-aal2',
    law: 'NIST SP 800-63B, AAL2',
    asks: 'Two factors, one of which resists replay; an end after a day, and after an hour without activity.',
    checks: [
      acrOnEveryTap,
      {
        kind: 'tables',
        id: 'badges-resist-replay',
        says: 'Every active badge proves a key; none is only a number that can be copied.',
        sql:
          'select count(*) as looked, coalesce(sum(case when assurance < 3 then 1 else 0 end), 0) as ' +
          "breaking from badge where status = 'active'",
      },
      {
        kind: 'settings',
        id: 'sessions-end-within-a-day',
        says: 'A session ends a day after it was opened, or sooner.',
        query: 'session.maxMs; breaks it: more than 24 hours',
        holds: ({ sessionMaxMs }) => sessionMaxMs <= 24 * hourMs,
      },
      everyZone({
        id: 'idle-for-an-hour-at-most',
        says: 'In every zone a screen locks after an hour without activity, or sooner.',
        query: 'idleMs of each zone’s rules; breaks it: none, or more than an hour',
        holds: ({ idleMs }) => idleMs > 0 && idleMs <= hourMs,
      }),
      everyZone({
        id: 'every-zone-asks-for-the-pin',
        says: 'No zone opens by the badge alone, always.',
        query: 'pin of each zone’s rules; breaks it: never',
        holds: ({ pin }) => pin !== 'never',
      }),
    ],
    limits:
      'AAL2 is about each act of signing in: a badge alone within the window after a PIN is one factor, and ' +
      'its acr says so. The final text of revision 4 was not at hand.',
    left: 'Decide which acts need AAL2; for those ask the EHR to demand that acr.',
  },
  {
    id: 'nist-pin-rules',
    law: 'NIST SP 800-63B, passwords and PINs',
    asks: 'A PIN that is checked centrally has eight digits, is not guessable, and is kept as a slow hash.',
    checks: [
      {
        kind: 'settings',
        id: 'pins-of-eight',
        says: 'PINs have at least eight digits.',
        query: 'pin.digits; breaks it: fewer than 8',
        holds: ({ pinDigitsMin }) => pinDigitsMin >= 8,
      },
      pinsHashed,
    ],
    limits:
      'PINs that were set while fewer digits were asked for go on until they are changed. That guessable ' +
      'ones are refused is how the program is built, and tested.',
  },
  {
    id: 'nist-throttling',
    law: 'NIST SP 800-63B, throttling and lost authenticators',
    asks: 'At most 100 failures in a row; a lost authenticator is revoked at once.',
    checks: [
      {
        kind: 'tables',
        id: 'pin-failures-bounded',
        says: 'No PIN has 100 failures in a row.',
        sql:
          'select count(*) as looked, coalesce(sum(case when failures >= 100 then 1 else 0 end), 0) as ' +
          'breaking from pin',
      },
      every({
        id: 'pin-failures-counted',
        says: 'Every wrong PIN was counted, and none was the hundredth in a row.',
        codes: ['PIN-101'],
        breaks: [
          'its count is 100 or more',
          ({ fields }) => typeof fields['failures'] === 'number' && fields['failures'] >= 100,
        ],
      }),
      lostBadgesOpenNothing,
    ],
    limits:
      'From when a badge was missed until it was reported is not known. A token is never proof that ' +
      'somebody is there: presence is other facts.',
  },
  {
    id: 'nist-biometrics',
    law: 'NIST SP 800-63B, biometrics',
    asks: 'A biometric is never used alone, and there is always another way.',
    checks: [],
    limits: 'What an EHR or a provider uses is not known here.',
    notHere: 'Wardkey reads no biometric.',
  },
]
