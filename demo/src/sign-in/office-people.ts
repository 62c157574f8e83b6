// Who works in the demo's offices and may open the console: plainly invented people, without badges,
// each with the group that gives a role. Data only.

export interface OfficePerson {
  readonly key: string
  readonly given: string
  readonly family: string
  /** What the office is called, on the page where one chooses who signs in. */
  readonly office: string
  /** What it does in the console, in a few words. */
  readonly does: string
  readonly group: string
}

/** All of them hold the same post, as far as HR's mapping of roles cares. */
export const officePost = { jobCode: 'OFF', department: 'Offices', role: 'office' } as const

export const officePeople: readonly OfficePerson[] = [
  {
    ...{ key: 'prue', given: 'Prue', family: 'Fictional', office: 'Privacy office' },
    ...{ does: 'emergency reviews, time lines', group: 'demo-privacy' },
  },
  {
    ...{ key: 'cora', given: 'Cora', family: 'Imagined', office: 'Compliance' },
    ...{ does: 'emergency reviews, time lines, badges', group: 'demo-compliance' },
  },
  {
    ...{ key: 'dot', given: 'Dot', family: 'Makebelieve', office: 'Service desk' },
    ...{ does: 'which screens are open, badges, why refused', group: 'demo-service-desk' },
  },
  {
    ...{ key: 'theo', given: 'Theo', family: 'Nonesuch', office: 'IT' },
    ...{ does: 'workstations and their health', group: 'demo-it' },
  },
  {
    ...{ key: 'hal', given: 'Hal', family: 'Invented', office: 'Administration' },
    ...{ does: 'people, badges, workstations, policy', group: 'demo-administrator' },
  },
  {
    ...{ key: 'gwen', given: 'Gwen', family: 'Standin', office: 'Administration, second' },
    ...{ does: 'decides on policies that another proposes', group: 'demo-administrator' },
  },
]

export const userNameOf = ({ given, family }: OfficePerson): string =>
  `${given}.${family}@demo.example`.toLowerCase()
