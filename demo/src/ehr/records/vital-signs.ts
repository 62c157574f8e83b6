// Vital signs as FHIR observations: LOINC codes, UCUM units, and what counts as high or low. Pure.

import type { CodeableConcept, Observation, Quantity } from './fhir.ts'
import type { SheetVitals } from './ward-sheets.ts'

interface Sign {
  readonly key: keyof SheetVitals
  readonly loinc: string
  readonly name: string
  readonly unit: string
  readonly ucum: string
  readonly low: number
  readonly high: number
  /** How far an earlier measurement may lie from the sheet’s figure. */
  readonly spread: number
  readonly digits: 0 | 1
}

const heartRate: Sign = {
  key: 'heartRate',
  loinc: '8867-4',
  name: 'Heart rate',
  unit: '/min',
  ucum: '/min',
  low: 50,
  high: 100,
  spread: 6,
  digits: 0,
}
const breaths: Sign = {
  key: 'breaths',
  loinc: '9279-1',
  name: 'Respiratory rate',
  unit: '/min',
  ucum: '/min',
  low: 10,
  high: 20,
  spread: 2,
  digits: 0,
}
const saturation: Sign = {
  key: 'saturation',
  loinc: '59408-5',
  name: 'Oxygen saturation',
  unit: '%',
  ucum: '%',
  low: 94,
  high: 100,
  spread: 1,
  digits: 0,
}
const temperature: Sign = {
  key: 'temperature',
  loinc: '8310-5',
  name: 'Body temperature',
  unit: '°C',
  ucum: 'Cel',
  low: 36,
  high: 38,
  spread: 0.4,
  digits: 1,
}
const pressure = { loinc: '85354-9', name: 'Blood pressure', low: 100, high: 160, spread: 6 }

const loinc = (code: string, text: string): CodeableConcept => ({
  text,
  coding: [{ system: 'http://loinc.org', code, display: text }],
})

const quantity = (value: number, unit: string, code: string): Quantity => ({
  value,
  unit,
  system: 'http://unitsofmeasure.org',
  code,
})

/** mulberry32: enough to make sample data look measured, and the same on every machine. */
function jitter(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 - 0.5
  }
}

function interpretation(
  value: number,
  low: number,
  high: number,
): { interpretation?: readonly [CodeableConcept] } {
  if (value >= low && value <= high) return {}
  const code = value < low ? 'L' : 'H'
  const system = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation'
  const text = code === 'L' ? 'Low' : 'High'
  return { interpretation: [{ text, coding: [{ system, code, display: text }] }] }
}

export interface Round {
  readonly patientId: string
  readonly encounterId: string
  readonly vitals: SheetVitals
  readonly hoursAgo: number
  readonly atMs: number
  readonly seed: number
}

/** One round of measurements. The latest round is the sheet’s own; earlier ones lie around it. */
export function vitalSigns(round: Round): Observation[] {
  const next = jitter(round.seed)
  const around = (value: number, spread: number, digits: 0 | 1): number => {
    const moved = round.hoursAgo > 1 ? value + next() * 2 * spread : value
    return Number(moved.toFixed(digits))
  }
  const frame = (key: string): Omit<Observation, 'code'> => ({
    resourceType: 'Observation',
    id: `${key.toLowerCase()}-${String(round.hoursAgo)}h-${round.patientId}`,
    status: 'final',
    category: [
      {
        text: 'Vital signs',
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/observation-category',
            code: 'vital-signs',
          },
        ],
      },
    ],
    subject: { reference: `Patient/${round.patientId}` },
    encounter: { reference: `Encounter/${round.encounterId}` },
    effectiveDateTime: new Date(round.atMs).toISOString(),
  })
  const single = (sign: Sign): Observation => {
    const measured = around(round.vitals[sign.key], sign.spread, sign.digits)
    const value = sign.key === 'saturation' ? Math.min(100, measured) : measured
    return {
      ...frame(sign.key),
      code: loinc(sign.loinc, sign.name),
      valueQuantity: quantity(value, sign.unit, sign.ucum),
      ...interpretation(value, sign.low, sign.high),
    }
  }
  const systolic = around(round.vitals.systolic, pressure.spread, 0)
  const diastolic = around(round.vitals.diastolic, pressure.spread, 0)
  const bloodPressure: Observation = {
    ...frame('pressure'),
    code: loinc(pressure.loinc, pressure.name),
    ...interpretation(systolic, pressure.low, pressure.high),
    component: [
      {
        code: loinc('8480-6', 'Systolic blood pressure'),
        valueQuantity: quantity(systolic, 'mmHg', 'mm[Hg]'),
      },
      {
        code: loinc('8462-4', 'Diastolic blood pressure'),
        valueQuantity: quantity(diastolic, 'mmHg', 'mm[Hg]'),
      },
    ],
  }
  return [
    single(heartRate),
    bloodPressure,
    single(breaths),
    single(saturation),
    single(temperature),
  ]
}
