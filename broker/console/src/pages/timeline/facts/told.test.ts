// A time line's facts as sentences: with names and places, in the viewer's zone, and never an id
// where a name is known.

import { expect, it } from 'vitest'
import { timeline } from '@wardkey/protocol/console/timeline'
import type { TimelineFact } from '@wardkey/protocol/console/timeline'
import { toldText } from './told.ts'

const rosa = '018f3c1e-0000-7000-8000-000000000001'
const ben = '018f3c1e-0000-7000-8000-000000000002'
const west = '018f3c1e-0000-7000-8000-00000000000a'
const pharmacy = '018f3c1e-0000-7000-8000-00000000000b'
const atMs = Date.UTC(2026, 10, 24, 14, 2)
const mergedMs = Date.UTC(2026, 10, 24, 14, 9)

const shown = (fact: object) =>
  timeline.parse({
    ...{ fromMs: 0, toMs: mergedMs, label: 'Rosa', spans: [], differences: [], isCut: false },
    people: [{ personId: rosa, name: { given: 'Rosa', family: 'Sample' } }],
    workstations: [{ workstationId: west, place: '4 West', zoneId: '4-west' }],
    mentioned: {
      people: [{ personId: ben }],
      workstations: [{ workstationId: pharmacy, place: 'Pharmacy', zoneId: 'pharmacy' }],
    },
    facts: [
      {
        ...{ index: 7, atMs, sentence: 'In general.', isSealed: true },
        ...{ personId: rosa, workstationId: west },
        ...fact,
      },
    ],
  })
function tell(fact: Partial<TimelineFact>, zone = 'UTC'): string | undefined {
  const all = shown(fact)
  const [only] = all.facts
  return only && toldText(only, all, zone)
}

it('names who and where, also those whom only a field names', () => {
  expect(tell({ code: 'SES-002', fields: { from: pharmacy, wasOpen: true } })).toBe(
    'Rosa Sample moved from Pharmacy to 4 West; the screen at Pharmacy was told to lock.',
  )
})

it('knows somebody whose name was forgotten by the end of the id', () => {
  expect(tell({ code: 'BTG-004', fields: { witness: ben } })).toBe(
    'Person 000002 spoke for Rosa Sample with a badge.',
  )
})

it('tells when it happened and when the record got it, in the zone that is asked for', () => {
  const lock = { kind: 'left', reason: 'idle', journal: 'j', atMs }
  const fact = { code: 'OFF-003', recordedMs: mergedMs, fields: lock }
  expect(tell(fact)).toMatch(/^Without the broker, at 14:02: .* Merged at 14:09\.$/)
  expect(tell(fact, 'Europe/Berlin')).toMatch(/at 15:02: .* Merged at 15:09\.$/)
})

it('has no story of what only programs care about', () => {
  expect(tell({ code: 'PIN-002' })).toBeUndefined()
  expect(tell({ code: 'FOO-999' })).toBeUndefined()
})
