// What every route of Larkfield Chart may use; made once in server.ts and handed down.

import type { DowntimeSheets } from './downtime/downtime-sheets.ts'
import type { Log } from './log.ts'
import type { ChartRecord } from './records/chart-record.ts'
import type { ReadySettings } from './settings.ts'
import type { ChartSessions } from './sign-in/chart-sessions.ts'
import type { LastPlaces } from './sign-in/last-places.ts'
import type { PendingRequests } from './sign-in/pending.ts'
import type { ProviderSearch } from './sign-in/provider.ts'
import type { ReplayCache } from './sign-in/replay-cache.ts'
import type { OrderBook } from './signing/order-book.ts'

export interface Ehr {
  readonly settings: ReadySettings
  /** The origin that browsers see; known once the port is. */
  readonly origin: () => string
  readonly provider: ProviderSearch
  readonly sessions: ChartSessions
  readonly pending: PendingRequests
  readonly lastPlaces: LastPlaces
  readonly logoutsTaken: ReplayCache
  readonly record: ChartRecord
  readonly orders: OrderBook
  /** Nothing where settings name no key. */
  readonly downtime: DowntimeSheets | undefined
  readonly log: Log
  readonly nowMs: () => number
  readonly newId: () => string
}
