// Reads the record the way pages need it: ward lists, a patient’s banner, vital signs side by side.
// Holds no orders (those change: signing/order-book.ts) and never changes what it was given.

import type { AllergyIntolerance, Encounter, Observation, Patient, Resource } from './fhir.ts'
import type { Ward } from './ward-sheets.ts'

export interface Stay {
  readonly patient: Patient
  readonly encounter: Encounter
  readonly wardId: string
  readonly bed: string
  readonly allergy: AllergyIntolerance | undefined
}

export interface Measured {
  readonly value: string
  readonly flag: 'high' | 'low' | undefined
}

export interface VitalRow {
  readonly name: string
  readonly short: string
  readonly unit: string
  /** Oldest first; one for each of `times`. */
  readonly values: readonly Measured[]
}

export interface Vitals {
  readonly times: readonly string[]
  readonly rows: readonly VitalRow[]
}

export interface ChartRecord {
  readonly wards: readonly Ward[]
  stay(patientId: string): Stay | undefined
  staysOf(wardId: string): readonly Stay[]
  vitals(patientId: string): Vitals
}

const shortNames: Readonly<Record<string, string>> = {
  'Heart rate': 'HR',
  'Blood pressure': 'BP',
  'Respiratory rate': 'RR',
  'Oxygen saturation': 'SpO₂',
  'Body temperature': 'Temp',
}

const isPatient = (each: Resource): each is Patient => each.resourceType === 'Patient'
const isEncounter = (each: Resource): each is Encounter => each.resourceType === 'Encounter'
const isAllergy = (each: Resource): each is AllergyIntolerance =>
  each.resourceType === 'AllergyIntolerance'
const isObservation = (each: Resource): each is Observation => each.resourceType === 'Observation'

function staysIn(resources: readonly Resource[]): Stay[] {
  const encounters = resources.filter(isEncounter)
  const allergies = resources.filter(isAllergy)
  return resources.filter(isPatient).flatMap((patient) => {
    const self = `Patient/${patient.id}`
    const encounter = encounters.find((each) => each.subject.reference === self)
    if (encounter === undefined) return []
    const place = encounter.location[0].location.reference.slice('Location/'.length)
    const cut = place.lastIndexOf('-')
    const allergy = allergies.find((each) => each.patient.reference === self)
    return [{ patient, encounter, wardId: place.slice(0, cut), bed: place.slice(cut + 1), allergy }]
  })
}

function measured(observation: Observation | undefined): Measured {
  if (observation === undefined) return { value: '–', flag: undefined }
  const quantities = observation.component?.map((part) => part.valueQuantity) ?? []
  if (observation.valueQuantity !== undefined) quantities.push(observation.valueQuantity)
  const digits = observation.code.text === 'Body temperature' ? 1 : 0
  const value = quantities.map((each) => each.value.toFixed(digits)).join('/')
  const code = observation.interpretation?.[0].coding?.[0]?.code
  return { value, flag: code === 'H' ? 'high' : code === 'L' ? 'low' : undefined }
}

function vitalsOf(observations: readonly Observation[]): Vitals {
  const times = [...new Set(observations.map((each) => each.effectiveDateTime))].sort()
  const names = [...new Set(observations.map((each) => each.code.text))]
  const rows = names.map((name): VitalRow => {
    const own = observations.filter((each) => each.code.text === name)
    const sample = own[0]
    const unit = sample?.valueQuantity?.unit ?? sample?.component?.[0]?.valueQuantity.unit ?? ''
    const values = times.map((time) =>
      measured(own.find((each) => each.effectiveDateTime === time)),
    )
    return { name, short: shortNames[name] ?? name, unit, values }
  })
  return { times, rows }
}

/** An index over resources that are already valid; unknown ids answer undefined or nothing. */
export function readRecord(resources: readonly Resource[], wards: readonly Ward[]): ChartRecord {
  const stays = new Map(staysIn(resources).map((stay) => [stay.patient.id, stay]))
  const observations = resources.filter(isObservation)
  return {
    wards,
    stay: (patientId) => stays.get(patientId),
    staysOf: (wardId) =>
      [...stays.values()]
        .filter((stay) => stay.wardId === wardId)
        .sort((one, other) => one.bed.localeCompare(other.bed)),
    vitals: (patientId) =>
      vitalsOf(observations.filter((each) => each.subject.reference === `Patient/${patientId}`)),
  }
}
