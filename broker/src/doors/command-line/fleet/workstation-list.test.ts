// Which workstations a list picks, and that no spreadsheet runs what a place is called.

import { expect, it } from 'vitest'
import { workstationShown } from '@wardkey/protocol/admin/workstations'
import { csvOf, picker, tableOf } from './workstation-list.ts'
import type { ListOptions } from './workstation-list.ts'

const now = 1_800_000_000_000
const day = 86_400_000
const made = (n: number, more: object) =>
  workstationShown.parse({
    workstationId: `018f3c1e-0001-7000-8000-00000000000${String(n)}`,
    ...{ place: `Station ${String(n)}`, zoneId: 'a', status: 'active', troubles: [] },
    ...{ enrolledMs: 0, certificateEndsMs: now, seenMs: now },
    ...more,
  })
const all = [
  made(1, { connection: { agentVersion: '1.1.0' } }),
  made(2, { seenMs: now - 8 * day, troubles: ['away'] }),
  made(3, { seenMs: undefined, zoneId: 'b', troubles: ['away', 'reader'] }),
  made(4, { status: 'revoked', seenMs: now - 90 * day }),
  made(5, {
    madeOf: {
      agentVersion: '1.0.0',
      system: { platform: 'win32', release: '10.0', arch: 'x64' },
      readers: [],
      toldMs: now,
    },
  }),
]
const picked = (options: ListOptions) =>
  all.filter(picker(options, now)).map(({ place }) => Number(place.at(-1)))

it('picks all, or those that all of the options fit', () => {
  expect(picked({})).toEqual([1, 2, 3, 4, 5])
  expect(picked({ zone: 'b' })).toEqual([3])
  expect(picked({ stale: true })).toEqual([2, 3])
  expect(picked({ stale: '30' })).toEqual([3])
  expect(picked({ unhealthy: true })).toEqual([2, 3])
  expect(picked({ unhealthy: true, zone: 'a' })).toEqual([2])
  expect(picked({ version: '1.0.0' })).toEqual([5])
  expect(picked({ version: '1.1.0' })).toEqual([1])
})
it.each(['0', '-1', 'x', '9999999'])('refuses --stale %s', (stale) => {
  expect(() => picked({ stale })).toThrow('--stale')
})
it('says what is not known as nothing, and never seen as never', () => {
  const [, , line = ''] = tableOf([made(3, { seenMs: undefined }), ...all]).split('\n')
  expect(tableOf(all)).toContain('never')
  expect(line).not.toContain('undefined')
})
it('says how an update went, at the end of each line, and nothing where none is told of', () => {
  const system = { platform: 'linux', release: '6.1', arch: 'x64' }
  const last = { to: '1.2.0', outcome: 'returned', flaw: 'no-reader' }
  const madeOf = { agentVersion: '1.1.0', system, readers: [], toldMs: now, updates: { last } }
  const [head = '', one = '', other = ''] = tableOf([made(1, { madeOf }), made(2, {})]).split('\n')
  const at = head.indexOf('UPDATE')
  expect(one.slice(at)).toBe('1.2.0 went back: no reader came up')
  expect(other.slice(at).trim()).toBe('')
  const [heads, line = ''] = csvOf([made(1, { madeOf })]).split('\r\n')
  expect(heads).toContain(',"CERTIFICATE UNTIL","UPDATE"')
  expect(line).toMatch(/,"1\.2\.0 went back: no reader came up"$/)
})
it('writes no formula into a spreadsheet', () => {
  const text = csvOf([made(1, { place: '=cmd()', assetTag: 'a"b,c' })])
  expect(text).toContain(`"'=cmd()"`)
  expect(text).toContain('"a""b,c"')
})
