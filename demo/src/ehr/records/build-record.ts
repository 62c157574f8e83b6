// Turns the ward sheets into FHIR resources for one day and one seed. Pure: time and seed come in.

import type {
  AllergyIntolerance,
  CodeableConcept,
  Encounter,
  MedicationRequest,
  Observation,
  Patient,
  Resource,
} from './fhir.ts'
import { vitalSigns } from './vital-signs.ts'
import type { SheetOrder, SheetRow, Ward } from './ward-sheets.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export interface ToVerify {
  readonly requestId: string
  readonly check: string
}

export interface BuiltRecord {
  readonly resources: readonly Resource[]
  readonly toVerify: readonly ToVerify[]
}

const reference = (kind: string, id: string): { reference: string } => ({
  reference: `${kind}/${id}`,
})

function patient(row: SheetRow): Patient {
  return {
    resourceType: 'Patient',
    id: row.id,
    active: true,
    identifier: [{ system: 'urn:larkfield:mrn', value: row.mrn }],
    name: [{ use: 'official', family: row.family, given: [row.given] }],
    gender: row.gender,
    birthDate: row.birthDate,
  }
}

function encounter(row: SheetRow, ward: Ward, asOfMs: number): Encounter {
  return {
    resourceType: 'Encounter',
    id: `stay-${row.id}`,
    status: 'in-progress',
    class: {
      system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
      code: 'IMP',
      display: 'inpatient encounter',
    },
    subject: reference('Patient', row.id),
    period: { start: new Date(asOfMs - row.admittedDaysAgo * dayMs).toISOString() },
    reasonCode: [{ text: row.reason }],
    location: [
      {
        status: 'active',
        location: {
          reference: `Location/${row.wardId}-${row.bed}`,
          display: `${ward.name}, bed ${row.bed}`,
        },
      },
    ],
  }
}

function allergy(row: SheetRow): AllergyIntolerance {
  const shape = {
    resourceType: 'AllergyIntolerance' as const,
    id: `allergy-${row.id}`,
    clinicalStatus: {
      text: 'Active',
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',
          code: 'active',
        },
      ],
    },
    patient: reference('Patient', row.id),
  }
  if (row.allergy === undefined) {
    const coding = [{ system: 'http://snomed.info/sct', code: '716186003' }]
    return { ...shape, code: { text: 'No known allergy', coding } }
  }
  const manifestation: readonly [CodeableConcept] = [{ text: row.allergy.reaction }]
  return { ...shape, code: { text: row.allergy.to }, reaction: [{ manifestation }] }
}

function medication(
  row: SheetRow,
  order: SheetOrder,
  index: number,
  asOfMs: number,
): MedicationRequest {
  return {
    resourceType: 'MedicationRequest',
    id: `order-${row.id}-${String(index + 1)}`,
    status: order.kind === 'draft' ? 'draft' : 'active',
    intent: 'order',
    priority: order.priority ?? 'routine',
    ...(order.schedule && {
      category: [{ text: `Controlled substance, schedule ${order.schedule}` }] as const,
    }),
    medicationCodeableConcept: { text: order.drug },
    subject: reference('Patient', row.id),
    encounter: reference('Encounter', `stay-${row.id}`),
    authoredOn: new Date(asOfMs - (order.kind === 'given' ? 20 : 1) * hourMs).toISOString(),
    ...(order.prescriber && {
      requester: { reference: 'Practitioner/prescriber', display: order.prescriber },
    }),
    ...(order.check && { note: [{ text: order.check }] as const }),
    dosageInstruction: [
      {
        text: order.directions,
        ...(order.asNeeded && { asNeededBoolean: true as const }),
        ...(order.times && {
          timing: { repeat: { timeOfDay: order.times.map((time) => `${time}:00`) } },
        }),
      },
    ],
    ...(order.quantity && {
      dispenseRequest: {
        numberOfRepeatsAllowed: order.refills ?? 0,
        quantity: order.quantity,
      },
    }),
  }
}

function observations(row: SheetRow, index: number, asOfMs: number, seed: number): Observation[] {
  return [9, 5, 1].flatMap((hoursAgo) =>
    vitalSigns({
      patientId: row.id,
      encounterId: `stay-${row.id}`,
      vitals: row.vitals,
      hoursAgo,
      atMs: asOfMs - hoursAgo * hourMs,
      // One stream of jitter for each patient and round, so that adding a patient moves no other.
      seed: seed * 1009 + index * 31 + hoursAgo,
    }),
  )
}

/**
 * The whole record: every reference in it points at something in it, or at a place or prescriber.
 */
export function buildRecord(
  rows: readonly SheetRow[],
  wards: readonly Ward[],
  asOfMs: number,
  seed: number,
): BuiltRecord {
  const toVerify: ToVerify[] = []
  const resources = rows.flatMap((row, index): Resource[] => {
    const ward = wards.find((each) => each.id === row.wardId)
    if (ward === undefined) throw new Error(`The sheet of ${row.id} names an unknown ward.`)
    const orders = row.orders.map((order, at) => {
      const built = medication(row, order, at, asOfMs)
      if (order.kind === 'to-verify') {
        toVerify.push({ requestId: built.id, check: order.check ?? '' })
      }
      return built
    })
    const vitals = observations(row, index, asOfMs, seed)
    return [patient(row), encounter(row, ward, asOfMs), allergy(row), ...orders, ...vitals]
  })
  return { resources, toVerify }
}
