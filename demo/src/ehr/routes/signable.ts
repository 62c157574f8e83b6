// Finds an order that this person may sign, and the exact content that would be signed.

import type { Ehr } from '../ehr.ts'
import { maySeeWard, maySign } from '../records/access.ts'
import type { Stay } from '../records/chart-record.ts'
import { patientIdOf, type MedicationRequest } from '../records/fhir.ts'
import type { SignIn } from '../sign-in/sign-in-claims.ts'
import { prescriptionOf, type Prescription } from '../signing/canonical-order.ts'

export interface Signable {
  readonly request: MedicationRequest
  readonly stay: Stay
}

/** Undefined for no prescriber, no such order, another’s ward, and every controlled substance. */
export function signable(ehr: Ehr, signIn: SignIn, orderId: string): Signable | undefined {
  const request = ehr.orders.request(orderId)
  const stay = request && ehr.record.stay(patientIdOf(request))
  if (request === undefined || stay === undefined || request.category !== undefined) {
    return undefined
  }
  const open = maySeeWard(signIn, stay.wardId, ehr.settings.wardOfZone)
  return maySign(signIn) && open ? { request, stay } : undefined
}

export function asPrescribed(found: Signable, signIn: SignIn, writtenOn: string): Prescription {
  const { sub, name } = signIn
  return prescriptionOf(found.request, found.stay.patient, { sub, name }, writtenOn)
}
