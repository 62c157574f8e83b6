// The demo's hospital: two zones, two workstations, a few plainly invented people with badges. Data
// only; their PINs are on the page, which is why nothing here may ever be used for real.

import type { PositionKey } from './hr/positions.ts'

export interface DemoZone {
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly roles: readonly string[]
  /** What the EHR's downtime view shows there while nobody can be signed in. */
  readonly downtimeWards: readonly string[]
}

export interface DemoStation {
  readonly key: string
  readonly place: string
  readonly zoneId: string
}

export interface DemoPerson {
  readonly key: string
  readonly given: string
  readonly family: string
  readonly position: PositionKey
  /** What a reader sees on the badge: seven bytes, as hex. */
  readonly uid: string
  readonly pin: string
  /** For emergency access without the badge. */
  readonly staffNumber: string
}

export const zones: readonly DemoZone[] = [
  {
    id: '4-west',
    kind: 'nurse-station',
    label: '4 West',
    roles: ['nurse', 'nurse-practitioner', 'physician'],
    downtimeWards: ['4-west'],
  },
  {
    id: 'pharmacy',
    kind: 'pharmacy',
    label: 'Pharmacy',
    roles: ['pharmacist', 'physician', 'nurse-practitioner'],
    downtimeWards: ['4-west', '5-east'],
  },
]

/** Who may speak for a colleague; for one of these two speak. */
export const witnessRoles: readonly string[] = ['nurse', 'physician']

export const stations: readonly DemoStation[] = [
  { key: 'west', place: '4 West, station 2', zoneId: '4-west' },
  { key: 'pharmacy', place: 'Pharmacy, counter 1', zoneId: 'pharmacy' },
]

export const people: readonly DemoPerson[] = [
  {
    key: 'rosa',
    given: 'Rosa',
    family: 'Santos-Example',
    position: 'nurse',
    uid: '04a1b2c3d4e501',
    pin: '27051846',
    staffNumber: 'N-1001',
  },
  {
    key: 'ben',
    given: 'Ben',
    family: 'Sampleton',
    position: 'nurse',
    uid: '04a1b2c3d4e502',
    pin: '90317452',
    staffNumber: 'N-1002',
  },
  {
    key: 'mira',
    given: 'Mira',
    family: 'Testwell',
    position: 'physician',
    uid: '04a1b2c3d4e503',
    pin: '68204713',
    staffNumber: 'N-1003',
  },
  {
    key: 'aiko',
    given: 'Aiko',
    family: 'Placeholder',
    position: 'pharmacist',
    uid: '04a1b2c3d4e504',
    pin: '51830629',
    staffNumber: 'N-1004',
  },
  {
    key: 'leo',
    given: 'Leo',
    family: 'Mockridge',
    position: 'billing',
    uid: '04a1b2c3d4e505',
    pin: '73925018',
    staffNumber: 'N-1005',
  },
]

/** A badge that nobody has enrolled. */
export const strangerUid = '04a1b2c3d4e5ff'
