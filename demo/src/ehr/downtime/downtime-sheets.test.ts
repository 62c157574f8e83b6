// Sheets of the downtime view: each key its wards, as the chart was when it was read.

import { beforeEach, describe, expect, it } from 'vitest'
import { buildRecord } from '../records/build-record.ts'
import { readRecord } from '../records/chart-record.ts'
import type { MedicationRequest, Resource } from '../records/fhir.ts'
import { fiveEast } from '../records/sheets-of-5-east.ts'
import { fourWest } from '../records/sheets-of-4-west.ts'
import { wards } from '../records/ward-sheets.ts'
import { createOrderBook } from '../signing/order-book.ts'
import { createDowntimeSheets, type DowntimeSheets } from './downtime-sheets.ts'

const west = 'W'.repeat(43)
const both = 'B'.repeat(43)
const isOrder = (each: Resource): each is MedicationRequest =>
  each.resourceType === 'MedicationRequest'

describe('the sheets', () => {
  let nowMs: number
  let sheets: DowntimeSheets
  beforeEach(() => {
    nowMs = new Date(2026, 10, 24, 14, 2).getTime()
    const { resources, toVerify } = buildRecord([...fourWest, ...fiveEast], wards, nowMs, 1)
    const doors = [
      { key: west, wards: ['4-west'] },
      { key: both, wards: ['4-west', '5-east'] },
    ]
    const record = readRecord(resources, wards)
    const orders = createOrderBook(resources.filter(isOrder), toVerify)
    sheets = createDowntimeSheets(doors, { record, orders, nowMs: () => nowMs })
  })
  const text = (key: string) => sheets.find(key)?.text ?? ''

  it('are of the key’s wards and no others', () => {
    expect(text(west)).toContain('Testcase, Orla')
    expect(text(west)).not.toContain(fiveEast[0]?.family)
    expect(text(both)).toContain(fiveEast[0]?.family)
  })

  it.each([
    ['W'.repeat(42)],
    [`${west} `],
    [west.toLowerCase()],
    [''],
    ['both'],
    ['x'.repeat(9999)],
  ])('are not opened by another text: %j', (key) => {
    expect(sheets.find(key)).toBeUndefined()
  })

  it('say when the chart was read, and stay so until it is read again', () => {
    nowMs += 3_600_000
    expect(text(west)).toContain('>14:02</time>')
    sheets.refresh()
    expect(text(west)).toContain('>15:02</time>')
    expect(text(west)).not.toContain('14:02')
  })

  it('name what is given, and nothing that is a draft or waits for a pharmacist', () => {
    expect(text(west)).toContain('Ceftriaxone 2 g IV')
    const waiting = [...fourWest].flatMap(({ orders }) => orders.filter((o) => o.kind !== 'given'))
    const given = new Set(
      fourWest.flatMap(({ orders }) => orders.filter((o) => o.kind === 'given')).map((o) => o.drug),
    )
    for (const { drug } of waiting) if (!given.has(drug)) expect(text(west)).not.toContain(drug)
  })

  it('lead nowhere and run nothing', () => {
    expect(text(both)).not.toMatch(/<a |<form|<script|<button|<input|href=|src=/)
  })
})
