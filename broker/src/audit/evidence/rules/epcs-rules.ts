// Electronic prescriptions of controlled substances, 21 CFR 1311: rows of the evidence. This
// release has no credential for them, and says so. Pure.

import type { EvidenceRule } from '../evidence-rule.ts'
import { every, recorded } from '../fact-checks.ts'

const none =
  'Wardkey has no credential for prescriptions of controlled substances: a badge with a PIN is none ' +
  'under 21 CFR 1311.115, and is never called one.'
const limits =
  'Whether an EHR at this house signs such prescriptions, and with what, is not known to Wardkey.'
const signed = recorded({
  id: 'signatures-given',
  says: 'Signatures with badge and PIN were given to EHRs.',
  codes: ['SIG-002'],
  by: ({ fields }) => String(fields['client'] ?? 'an EHR'),
})
const left =
  'Signatures with badge and PIN were given: make sure that no EHR takes them for a signature under ' +
  '21 CFR 1311.'

export const epcsRules: readonly EvidenceRule[] = [
  {
    id: 'epcs-two-factors',
    law: '21 CFR 1311.115, 1311.116',
    asks: 'A prescription of a controlled substance is signed with two of three factors; a token meets FIPS 140-2.',
    ...{ checks: [signed], limits, left, notHere: none },
  },
  {
    id: 'epcs-individual-access',
    law: '21 CFR 1311.125',
    asks: 'Two people give an individual practitioner the right to sign; one of them is a DEA registrant.',
    ...{ checks: [], limits, notHere: none },
  },
  {
    id: 'epcs-institutional-access',
    law: '21 CFR 1311.130',
    asks: 'In an institution one person enters who may sign, and another executes it.',
    ...{ checks: [], limits, notHere: none },
  },
  {
    id: 'epcs-identity-proofing',
    law: '21 CFR 1311.105, 1311.110',
    asks: 'The credential is issued after the practitioner’s identity was proved.',
    ...{ checks: [], limits, notHere: none },
  },
  {
    id: 'epcs-signing',
    law: '21 CFR 1311.140',
    asks: 'The two factors are given while what is signed is shown, and for nothing else.',
    checks: [
      every({
        id: 'signatures-bound',
        says: 'Every signature with badge and PIN names the hash of what was signed.',
        codes: ['SIG-002'],
        breaks: [
          'it has no hash',
          ({ fields }) => typeof fields['hash'] !== 'string' || fields['hash'] === '',
        ],
      }),
    ],
    ...{ limits, left, notHere: none },
  },
  {
    id: 'epcs-daily-audit',
    law: '21 CFR 1311.150',
    asks: 'Auditable events are defined, analysed every day, and incidents reported within a business day.',
    ...{ checks: [], limits, notHere: none },
  },
  {
    id: 'epcs-two-years',
    law: '21 CFR 1311.305, 1304.06',
    asks: 'Records of such prescriptions are kept for two years, readable and apart.',
    ...{ checks: [], limits, notHere: none },
  },
]
