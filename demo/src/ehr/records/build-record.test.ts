// Holds that the sample record is valid FHIR in the parts it fills, refers only to itself, and
// repeats.

import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildRecord } from './build-record.ts'
import { readRecord } from './chart-record.ts'
import { fourWest } from './sheets-of-4-west.ts'
import { fiveEast } from './sheets-of-5-east.ts'
import { wards } from './ward-sheets.ts'

const nowMs = Date.UTC(2026, 10, 24, 7, 2)
const rows = [...fourWest, ...fiveEast]
const { resources, toVerify } = buildRecord(rows, wards, nowMs, 7)

const id = z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/)
const reference = z.object({ reference: z.string().regex(/^[A-Z]\w+\/[A-Za-z0-9\-.]{1,64}$/) })
const concept = z.object({
  text: z.string().min(1),
  coding: z.array(z.object({ system: z.url(), code: z.string().min(1) })).optional(),
})
const quantity = z.object({ value: z.number(), unit: z.string(), code: z.string() })
const fhir = z.discriminatedUnion('resourceType', [
  z.object({
    resourceType: z.literal('Patient'),
    id,
    identifier: z.array(z.object({ system: z.string(), value: z.string().min(1) })).length(1),
    name: z.array(z.object({ family: z.string(), given: z.array(z.string()) })).length(1),
    gender: z.enum(['female', 'male', 'other', 'unknown']),
    birthDate: z.iso.date(),
  }),
  z.object({
    resourceType: z.literal('Encounter'),
    id,
    status: z.literal('in-progress'),
    class: z.object({ code: z.literal('IMP') }),
    subject: reference,
    period: z.object({ start: z.iso.datetime() }),
    location: z.array(z.object({ location: reference, status: z.literal('active') })).length(1),
  }),
  z.object({
    resourceType: z.literal('AllergyIntolerance'),
    id,
    clinicalStatus: concept,
    patient: reference,
    code: concept,
  }),
  z
    .object({
      resourceType: z.literal('Observation'),
      id,
      status: z.literal('final'),
      category: z.array(concept).length(1),
      code: concept,
      subject: reference,
      encounter: reference,
      effectiveDateTime: z.iso.datetime(),
      valueQuantity: quantity.optional(),
      component: z.array(z.object({ code: concept, valueQuantity: quantity })).optional(),
    })
    .refine((each) => (each.valueQuantity === undefined) !== (each.component === undefined)),
  z.object({
    resourceType: z.literal('MedicationRequest'),
    id,
    status: z.enum(['active', 'draft']),
    intent: z.literal('order'),
    priority: z.enum(['routine', 'urgent', 'stat']),
    medicationCodeableConcept: concept,
    subject: reference,
    encounter: reference,
    authoredOn: z.iso.datetime(),
    dosageInstruction: z
      .array(
        z.object({
          text: z.string().min(1),
          timing: z
            .object({
              repeat: z.object({ timeOfDay: z.array(z.string().regex(/^\d\d:\d\d:00$/)) }),
            })
            .optional(),
        }),
      )
      .length(1),
  }),
])

describe('the sample record', () => {
  it('is made of valid resources, each with an id of its own', () => {
    for (const resource of resources) fhir.parse(resource)
    const names = resources.map((each) => `${each.resourceType}/${each.id}`)
    expect(new Set(names).size).toBe(names.length)
  })

  it('refers only to what is in it', () => {
    const names = new Set(resources.map((each) => `${each.resourceType}/${each.id}`))
    const referred = [...JSON.stringify(resources).matchAll(/"reference":"([^"]+)"/g)]
      .map((match) => match[1] ?? '')
      .filter((name) => !/^(Location|Practitioner)\//.test(name))
    expect(referred.length).toBeGreaterThan(100)
    for (const name of referred) expect(names).toContain(name)
    for (const each of toVerify) expect(names).toContain(`MedicationRequest/${each.requestId}`)
  })

  it('is the same for the same seed and day, and another for another seed', () => {
    expect(buildRecord(rows, wards, nowMs, 7).resources).toEqual(resources)
    expect(buildRecord(rows, wards, nowMs, 8).resources).not.toEqual(resources)
  })

  it('refuses a sheet that names a ward that is not there', () => {
    expect(() => buildRecord(rows, [], nowMs, 7)).toThrow('unknown ward')
  })

  it('has a draft that can be signed and one that cannot', () => {
    const drafts = resources.filter((each) => 'intent' in each && each.status === 'draft')
    expect(drafts.filter((each) => 'category' in each)).toHaveLength(1)
    expect(drafts.length).toBeGreaterThan(1)
  })
})

describe('reading it', () => {
  const record = readRecord(resources, wards)

  it('lists a ward by bed and shows three rounds of vital signs, the last as on the sheet', () => {
    expect(record.staysOf('4-west').map((stay) => stay.bed)).toEqual(fourWest.map((row) => row.bed))
    const vitals = record.vitals('ines-placeholder')
    expect(vitals.times).toHaveLength(3)
    const latest = Object.fromEntries(vitals.rows.map((row) => [row.short, row.values[2]]))
    expect(latest).toMatchObject({
      HR: { value: '112', flag: 'high' },
      BP: { value: '112/66', flag: undefined },
      Temp: { value: '38.6', flag: 'high' },
    })
  })

  it('knows nobody else', () => {
    expect(record.stay('nobody')).toBeUndefined()
    expect(record.staysOf('9-north')).toEqual([])
    expect(record.vitals('nobody')).toEqual({ times: [], rows: [] })
  })
})
