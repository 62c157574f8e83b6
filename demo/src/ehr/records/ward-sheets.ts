// What a ward’s sheet says: who lies where, why, and with which orders. Holds no times: those
// come at start. The patients are in sheets-of-4-west.ts and sheets-of-5-east.ts.

export interface SheetVitals {
  readonly heartRate: number
  readonly systolic: number
  readonly diastolic: number
  readonly breaths: number
  readonly saturation: number
  readonly temperature: number
}

export interface SheetOrder {
  readonly kind: 'given' | 'draft' | 'to-verify'
  readonly drug: string
  readonly directions: string
  /** Local times of day at which it is due; none for a drug that is given as needed. */
  readonly times?: readonly string[]
  readonly asNeeded?: true
  readonly priority?: 'urgent' | 'stat'
  readonly quantity?: { readonly value: number; readonly unit: string }
  readonly refills?: number
  /** DEA schedule; such a draft needs a token that this hospital’s workstations do not have. */
  readonly schedule?: 'II' | 'III' | 'IV'
  readonly prescriber?: string
  readonly check?: string
}

export interface SheetRow {
  readonly id: string
  readonly mrn: string
  readonly family: string
  readonly given: string
  readonly gender: 'female' | 'male'
  readonly birthDate: string
  readonly wardId: string
  readonly bed: string
  readonly reason: string
  readonly admittedDaysAgo: number
  readonly allergy?: { readonly to: string; readonly reaction: string }
  readonly vitals: SheetVitals
  readonly orders: readonly SheetOrder[]
}

export interface Ward {
  readonly id: string
  readonly name: string
  readonly service: string
}

export const wards: readonly Ward[] = [
  { id: '4-west', name: '4 West', service: 'General medicine' },
  { id: '5-east', name: '5 East', service: 'Surgery' },
]
