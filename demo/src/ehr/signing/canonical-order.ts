// What a prescriber signs, as one exact sequence of bytes and its hash. Pure.

import { createHash } from 'node:crypto'
import type { MedicationRequest, Patient } from '../records/fhir.ts'

export interface Prescriber {
  readonly sub: string
  readonly name: string
}

/** Everything that a pharmacist would act on, and whose act it is. */
export interface Prescription {
  readonly order: string
  readonly writtenOn: string
  readonly patient: {
    readonly id: string
    readonly mrn: string
    readonly name: string
    readonly birthDate: string
  }
  readonly medication: string
  readonly directions: string
  readonly quantity: string
  readonly refills: number
  readonly prescriber: Prescriber
}

export function prescriptionOf(
  request: MedicationRequest,
  patient: Patient,
  prescriber: Prescriber,
  writtenOn: string,
): Prescription {
  const quantity = request.dispenseRequest?.quantity
  return {
    order: request.id,
    writtenOn,
    patient: {
      id: patient.id,
      mrn: patient.identifier[0].value,
      name: `${patient.name[0].given[0]} ${patient.name[0].family}`,
      birthDate: patient.birthDate,
    },
    medication: request.medicationCodeableConcept.text,
    directions: request.dosageInstruction[0].text,
    quantity: quantity === undefined ? '' : `${String(quantity.value)} ${quantity.unit}`,
    refills: request.dispenseRequest?.numberOfRepeatsAllowed ?? 0,
    prescriber,
  }
}

type Canonical = string | number | { readonly [key: string]: Canonical }

function canonical(value: Canonical): string {
  if (typeof value !== 'object') return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? '')}`)
  return `{${members.join(',')}}`
}

/** RFC 8785 for the values used here (strings and whole numbers): member order does not matter. */
export function canonicalOrder(prescription: Prescription): string {
  const { order, writtenOn, patient, medication, directions, quantity, refills } = prescription
  const { sub, name } = prescription.prescriber
  return canonical({
    order,
    writtenOn,
    patient: { ...patient },
    medication,
    directions,
    quantity,
    refills,
    prescriber: { sub, name },
  })
}

/** SHA-256 of the canonical order, base64url without padding. */
export function orderHash(prescription: Prescription): string {
  return createHash('sha256').update(canonicalOrder(prescription), 'utf8').digest('base64url')
}

const longestDescription = 160

/** The one line that the prescriber reads at the workstation before the PIN. */
export function describeOrder(prescription: Prescription): string {
  const { medication, quantity, patient } = prescription
  const amount = quantity === '' ? '' : `, ${quantity},`
  const line = `Sign: ${lowerFirst(medication)}${amount} for ${patient.name}`
  return line.length <= longestDescription ? line : `${line.slice(0, longestDescription - 1)}…`
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
