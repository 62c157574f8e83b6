// Streams and feeds that do not exist, for the pages' own tests.

import { feedsPage } from '@wardkey/protocol/admin/streams/feeds'
import { streamsPage } from '@wardkey/protocol/admin/streams/streams'

const minuteMs = 60_000

export function inventStreams(nowMs: number) {
  const usual = {
    identifiers: 'ids',
    isHere: true,
    nextIndex: 48_211,
    handedIndex: 48_211,
  } as const
  return streamsPage.parse({
    streams: [
      { ...usual, name: 'siem', kind: 'syslog', state: 'waiting', behind: 0, sentMs: nowMs },
      {
        ...{ ...usual, name: 'audit-repository', kind: 'fhir', state: 'failing', behind: 1204 },
        ...{ sentMs: nowMs - 40 * minuteMs, failingMs: nowMs - 39 * minuteMs },
        ...{ reason: 'status-503', attempts: 42 },
      },
      { ...usual, name: 'archive', kind: 'file', state: 'sending', behind: 3, sentMs: nowMs },
    ],
  })
}

export function inventFeeds(nowMs: number) {
  return feedsPage.parse({
    feeds: [
      {
        ...{ name: 'doors', kind: 'webhook', lastMs: nowMs - minuteMs },
        counts: { taken: 9120, repeated: 3, ignored: 410, unmapped: 17 },
        unmapped: [
          { why: 'door', what: 'CELLAR-2', count: 16 },
          { why: 'time', what: '', count: 1 },
        ],
      },
    ],
  })
}
