// HIPAA’s physical safeguards, 45 CFR 164.310: rows of the evidence. Pure.

import type { EvidenceRule } from '../evidence-rule.ts'
import { recorded } from '../fact-checks.ts'
import { zonesLockWhenIdle } from '../record-checks.ts'

export const physicalRules: readonly EvidenceRule[] = [
  {
    id: 'hipaa-workstation-use',
    law: '45 CFR 164.310(b)',
    asks: 'For each class of workstation it is written what is done there, how, and in what surroundings.',
    checks: [
      {
        kind: 'tables',
        id: 'workstations-have-a-zone',
        says: 'Every workstation is in a zone, whose rules say what it is for.',
        sql:
          'select count(*) as looked, coalesce(sum(case when zone.id is null then 1 else 0 end), 0) as ' +
          'breaking from workstation left join zone on zone.id = workstation.zone_id ' +
          "where workstation.status = 'active'",
      },
      zonesLockWhenIdle,
    ],
    limits: 'A zone’s rules are what workstations do, not what people were told.',
    left: 'Read the zones’ rules against the house’s own sheet of workstation use, and the surroundings.',
  },
  {
    id: 'hipaa-workstation-security',
    law: '45 CFR 164.310(c)',
    asks: 'Workstations that reach health information are safeguarded, so that only who may uses them.',
    checks: [
      {
        kind: 'tables',
        id: 'workstations-inventoried',
        says: 'Of every workstation it is known what it is made of and what runs on it.',
        sql:
          'select count(*) as looked, coalesce(sum(case when workstation_inventory.workstation_id is ' +
          'null then 1 else 0 end), 0) as breaking from workstation left join workstation_inventory on ' +
          "workstation_inventory.workstation_id = workstation.id where workstation.status = 'active'",
      },
      recorded({
        id: 'strangers-refused',
        says: 'Computers that are no workstation, and copies of one, were refused.',
        codes: ['WKS-102', 'WKS-103'],
      }),
    ],
    limits: 'A computer with access to charts that has no agent is not known here.',
    left: 'Walk the floor: locks, cables and sight lines are in no database.',
  },
  {
    id: 'hipaa-facility-access',
    law: '45 CFR 164.310(a)(2)(iii)-(iv)',
    asks: 'Access to places goes by role, visitors too; repairs and changes are recorded.',
    checks: [
      recorded({
        id: 'workstation-changes-recorded',
        says: 'Workstations that came, were renewed, changed or were taken out are in the record.',
        codes: ['WKS-001', 'WKS-002', 'WKS-003', 'WKS-009', 'WKS-011'],
      }),
    ],
    limits:
      'Doors, visitors and vendors are kept by other systems; what those tell is evidence only.',
    left: 'Look at the access control of doors, the visitors’ book and the log of repairs.',
  },
]
