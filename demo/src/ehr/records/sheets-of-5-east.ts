// The sample patients of 5 East. Every person is invented, and the family names say so.

import type { SheetRow } from './ward-sheets.ts'

const kim = 'Dr. H. Kim'
const okoye = 'Dr. A. Okoye'

export const fiveEast: readonly SheetRow[] = [
  {
    id: 'casper-imaginary',
    mrn: 'LF-100925',
    family: 'Imaginary',
    given: 'Casper',
    gender: 'male',
    birthDate: '1979-10-11',
    wardId: '5-east',
    bed: '511',
    reason: 'Wound infection after appendectomy',
    admittedDaysAgo: 5,
    vitals: {
      heartRate: 98,
      systolic: 122,
      diastolic: 76,
      breaths: 18,
      saturation: 97,
      temperature: 38.2,
    },
    orders: [
      {
        kind: 'to-verify',
        drug: 'Vancomycin 1,250 mg IV',
        directions: 'Every 12 hours, level before the fourth dose',
        times: ['09:00', '21:00'],
        priority: 'stat',
        prescriber: okoye,
        check: 'Weight-based dose; creatinine 0.9 mg/dL.',
      },
    ],
  },
  {
    id: 'maud-nobody',
    mrn: 'LF-100971',
    family: 'Nobody',
    given: 'Maud',
    gender: 'female',
    birthDate: '1949-02-19',
    wardId: '5-east',
    bed: '512',
    reason: 'Knee replacement',
    admittedDaysAgo: 1,
    vitals: {
      heartRate: 74,
      systolic: 130,
      diastolic: 80,
      breaths: 15,
      saturation: 97,
      temperature: 36.9,
    },
    orders: [
      {
        kind: 'to-verify',
        drug: 'Apixaban 2.5 mg tablet',
        directions: 'Twice daily for 12 days',
        times: ['09:00', '21:00'],
        prescriber: kim,
        check: 'Starts 12 hours after surgery.',
      },
    ],
  },
]
