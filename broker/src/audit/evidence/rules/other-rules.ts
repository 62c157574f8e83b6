// What other rules of a hospital ask: ONC, CMS, the Joint Commission, states and life safety. Rows
// of the evidence. Pure.

import type { EvidenceRule } from '../evidence-rule.ts'
import { recorded } from '../fact-checks.ts'
import { recordHashedAgain, zonesLockWhenIdle } from '../record-checks.ts'
import { tokensNameAPerson } from './technical-rules.ts'

export const otherRules: readonly EvidenceRule[] = [
  {
    id: 'onc-audit',
    law: '45 CFR 170.315(d)(2), (3), (5), (6)',
    asks: 'The log is on, cannot be changed by the product, shows changes; reports; time-out; emergency access.',
    checks: [
      recordHashedAgain,
      zonesLockWhenIdle,
      recorded({
        id: 'starts-recorded',
        says: 'Starts and stops of the broker are in the record.',
        codes: ['SYS-001', 'SYS-002'],
      }),
      recorded({
        id: 'emergency-access-recorded',
        says: 'Emergency access that was given and refused is in the record.',
        codes: ['BTG-002', 'BTG-101'],
      }),
    ],
    limits:
      'ONC certifies health IT modules by tests of its own. Wardkey is not certified, and this is no test.',
    left: 'See that the clocks of brokers and workstations follow the house’s time servers.',
  },
  {
    id: 'cms-authorship',
    law: '42 CFR 482.24(b), (c)(1)',
    asks: 'Entries in the medical record are authenticated, and it is known who wrote them.',
    checks: [tokensNameAPerson],
    limits: 'The token names who is signed in. Who typed, and the entry itself, are the EHR’s.',
    left: 'See in the EHR that entries bear the author that the token named.',
  },
  {
    id: 'joint-commission',
    law: 'Joint Commission, information management (verify the standards’ numbers before citing)',
    asks: 'There are policies for access, security and downtime, and they are followed and tested.',
    checks: [
      recorded({
        id: 'policies-and-zones-recorded',
        says: 'Policies and zones that were changed are in the record.',
        codes: ['POL-001', 'POL-002', 'POL-003', 'ZON-001'],
      }),
    ],
    limits: 'Standards are renumbered often; none is cited here.',
    left: 'A surveyor looks at policies, plans and people, not at a database.',
  },
  {
    id: 'state-rules',
    law: 'State law (Ohio’s Board of Pharmacy, for one)',
    asks: 'Some states refuse some factors for some acts.',
    checks: [],
    limits: 'No state’s rules are in this table.',
    left: 'Ask counsel which rules of your state apply to badges, phones and pharmacies.',
  },
  {
    id: 'life-safety',
    law: 'Life safety (NFPA 101)',
    asks: 'Nobody is kept from leaving.',
    checks: [],
    limits: 'Doors are other systems’.',
    notHere: 'Wardkey opens and locks screens. It commands no door.',
  },
]
