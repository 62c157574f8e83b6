// The few FHIR R4 resources that Larkfield Chart keeps, cut down to the elements it fills.
// Every shape here is a valid subset of the R4 resource of that name; nothing is invented.

export interface Coding {
  readonly system: string
  readonly code: string
  readonly display?: string
}

export interface CodeableConcept {
  readonly coding?: readonly Coding[]
  readonly text: string
}

export interface Reference {
  readonly reference: string
  readonly display?: string
}

export interface Quantity {
  readonly value: number
  readonly unit: string
  readonly system: 'http://unitsofmeasure.org'
  readonly code: string
}

export interface Patient {
  readonly resourceType: 'Patient'
  readonly id: string
  readonly active: true
  readonly identifier: readonly [{ readonly system: string; readonly value: string }]
  readonly name: readonly [
    { readonly use: 'official'; readonly family: string; readonly given: readonly [string] },
  ]
  readonly gender: 'female' | 'male' | 'other' | 'unknown'
  readonly birthDate: string
}

export interface Encounter {
  readonly resourceType: 'Encounter'
  readonly id: string
  readonly status: 'in-progress'
  readonly class: Coding
  readonly subject: Reference
  readonly period: { readonly start: string }
  readonly reasonCode: readonly [CodeableConcept]
  readonly location: readonly [{ readonly location: Reference; readonly status: 'active' }]
}

export interface AllergyIntolerance {
  readonly resourceType: 'AllergyIntolerance'
  readonly id: string
  readonly clinicalStatus: CodeableConcept
  readonly patient: Reference
  readonly code: CodeableConcept
  readonly reaction?: readonly [{ readonly manifestation: readonly [CodeableConcept] }]
}

export interface Observation {
  readonly resourceType: 'Observation'
  readonly id: string
  readonly status: 'final'
  readonly category: readonly [CodeableConcept]
  readonly code: CodeableConcept
  readonly subject: Reference
  readonly encounter: Reference
  readonly effectiveDateTime: string
  readonly interpretation?: readonly [CodeableConcept]
  readonly valueQuantity?: Quantity
  readonly component?: readonly {
    readonly code: CodeableConcept
    readonly valueQuantity: Quantity
  }[]
}

export interface MedicationRequest {
  readonly resourceType: 'MedicationRequest'
  readonly id: string
  readonly status: 'active' | 'draft' | 'completed'
  readonly intent: 'order'
  readonly priority: 'routine' | 'urgent' | 'stat'
  readonly category?: readonly [CodeableConcept]
  readonly medicationCodeableConcept: CodeableConcept
  readonly subject: Reference
  readonly encounter: Reference
  readonly authoredOn: string
  readonly requester?: Reference
  readonly note?: readonly [{ readonly text: string }]
  readonly dosageInstruction: readonly [
    {
      readonly text: string
      readonly asNeededBoolean?: true
      readonly timing?: { readonly repeat: { readonly timeOfDay: readonly string[] } }
    },
  ]
  readonly dispenseRequest?: {
    readonly numberOfRepeatsAllowed: number
    readonly quantity: { readonly value: number; readonly unit: string }
  }
}

export type Resource = Patient | Encounter | AllergyIntolerance | Observation | MedicationRequest

/** The id of the patient whom an order is for. */
export function patientIdOf(request: MedicationRequest): string {
  return request.subject.reference.slice('Patient/'.length)
}
