import { expect, it } from 'vitest'
import { workstationShown } from '@wardkey/protocol/admin/workstations'
import { isStale, needOf } from './workstation-needs.ts'

const now = 1_000_000_000_000
const day = 86_400_000
const well = {
  workstationId: '018f3c1e-0001-7000-8000-000000000001',
  place: 'Station 1',
  zoneId: 'a',
  status: 'active',
  enrolledMs: 0,
  certificateEndsMs: now + 30 * day,
  seenMs: now,
  connection: { agentVersion: '1', reader: 'ready', browser: 'ready' },
  troubles: [],
}
const of = (more: object) => workstationShown.parse({ ...well, ...more })
const need = (more: object): string => needOf(of(more)).says

it('tells the worst that is wrong with a workstation, and nothing where nothing is', () => {
  expect(need({})).toBe('nothing')
  expect(need({ status: 'revoked', connection: undefined })).toBe('revoked')
  expect(need({ troubles: ['certificate-over', 'away'] })).toContain('enrol it again')
  expect(need({ troubles: ['away'], connection: undefined })).toContain('not connected')
  expect(need({ troubles: ['certificate-soon'] })).toContain('within two days')
})
it('says of a reader or a browser what is wrong with it', () => {
  const connection = { agentVersion: '1', reader: 'unplugged', browser: 'blocked' }
  expect(need({ troubles: ['reader', 'browser'], connection })).toBe('badge reader unplugged')
  expect(need({ troubles: ['browser'], connection })).toBe('browser blocked by policy')
  expect(need({ troubles: ['reader'], connection: undefined })).toBe('no badge reader')
})
it('calls stale what nobody has seen for a week, and what was enrolled and never came', () => {
  expect(isStale(of({ seenMs: now - 6 * day }), now)).toBe(false)
  expect(isStale(of({ seenMs: now - 8 * day }), now)).toBe(true)
  expect(isStale(of({ seenMs: undefined }), now)).toBe(true)
  expect(isStale(of({ seenMs: undefined, enrolledMs: now - day }), now)).toBe(false)
  expect(isStale(of({ status: 'revoked', seenMs: now - 90 * day }), now)).toBe(false)
})
