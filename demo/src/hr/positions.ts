// What HR can hire for, and who has applied: plainly invented people, and positions that the demo's
// zones know something about. Data only.

export interface Position {
  readonly key: string
  readonly label: string
  readonly jobCode: string
  readonly department: string
  /** What the mapping of the broker's settings makes of it (people.roles). */
  readonly role: string
  /** Where it opens a workstation, as people say it. */
  readonly opens: string
}

/** How somebody stands with the hospital. */
export const employments = ['active', 'on-leave', 'suspended', 'terminated'] as const
export type Employment = (typeof employments)[number]

export const positionKeys = ['nurse', 'practitioner', 'physician', 'pharmacist', 'billing'] as const
export type PositionKey = (typeof positionKeys)[number]

export const positions: Readonly<Record<PositionKey, Position>> = {
  nurse: {
    ...{ key: 'nurse', label: 'Nurse, 4 West', jobCode: 'RN', department: '4 West' },
    ...{ role: 'nurse', opens: '4 West' },
  },
  practitioner: {
    ...{ key: 'practitioner', label: 'Nurse practitioner', jobCode: 'NP', department: 'Medicine' },
    ...{ role: 'nurse-practitioner', opens: '4 West and the pharmacy' },
  },
  physician: {
    ...{ key: 'physician', label: 'Physician', jobCode: 'MD', department: 'Medicine' },
    ...{ role: 'physician', opens: '4 West and the pharmacy' },
  },
  pharmacist: {
    ...{ key: 'pharmacist', label: 'Pharmacist', jobCode: 'RPH', department: 'Pharmacy' },
    ...{ role: 'pharmacist', opens: 'the pharmacy' },
  },
  billing: {
    ...{ key: 'billing', label: 'Billing', jobCode: 'BILL', department: 'Billing' },
    ...{ role: 'billing', opens: 'no workstation here' },
  },
}

export interface Applicant {
  readonly key: string
  readonly given: string
  readonly family: string
}

export const applicants: readonly Applicant[] = [
  { key: 'nora', given: 'Nora', family: 'Inventia' },
  { key: 'sam', given: 'Sam', family: 'Exemplar' },
  { key: 'ida', given: 'Ida', family: 'Specimen' },
  { key: 'tomas', given: 'Tomas', family: 'Fictitious' },
  { key: 'wen', given: 'Wen', family: 'Dummyfield' },
  { key: 'pia', given: 'Pia', family: 'Madeupova' },
]
