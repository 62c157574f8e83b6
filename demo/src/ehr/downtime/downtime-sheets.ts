// The sheets of the downtime view, read from the chart every few minutes so that they are there
// when it is not. A sheet is found by its key and in no other way.

import { createHash, timingSafeEqual } from 'node:crypto'
import { downtimePage, type DowntimeWard } from '../pages/downtime-page.ts'
import type { Html } from '../pages/html.ts'
import type { ChartRecord } from '../records/chart-record.ts'
import type { DowntimeSettings } from '../settings.ts'
import type { OrderBook } from '../signing/order-book.ts'

export interface DowntimeSheets {
  /** The sheet that this key opens; nothing for any other text. */
  find(key: string): Html | undefined
  /** Reads the chart anew. */
  refresh(): void
}

export interface SheetSources {
  readonly record: ChartRecord
  readonly orders: OrderBook
  readonly nowMs: () => number
}

export function createDowntimeSheets(
  doors: readonly DowntimeSettings[],
  sources: SheetSources,
): DowntimeSheets {
  const digests = doors.map(({ key }) => digestOf(key))
  let sheets: readonly Html[] = []
  const refresh = (): void => {
    const asOfMs = sources.nowMs()
    sheets = doors.map(({ wards }) => downtimePage(wardsOf(wards, sources), asOfMs))
  }
  refresh()
  return {
    refresh,
    find: (key) => {
      const given = digestOf(key)
      // Every one is compared, and as long as any other: the time taken tells nothing.
      const fits = digests.map((digest) => timingSafeEqual(digest, given))
      return sheets[fits.indexOf(true)]
    },
  }
}

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest()

function wardsOf(ids: readonly string[], { record, orders }: SheetSources): DowntimeWard[] {
  return record.wards
    .filter((ward) => ids.includes(ward.id))
    .map((ward) => ({
      ward,
      entries: record.staysOf(ward.id).map((stay) => ({
        stay,
        vitals: record.vitals(stay.patient.id),
        // What no pharmacist has verified is not given, in a downtime less than ever.
        orders: orders.ordersOf(stay.patient.id).filter((order) => !orders.isUnverified(order.id)),
      })),
    }))
}
