import { expect, it } from 'vitest'
import { workstationShown } from '@wardkey/protocol/admin/workstations'
import { needOf } from './workstation-needs.ts'

const now = 1_000_000_000_000
const day = 86_400_000
const connection = { agentVersion: '1', reader: 'A reader' }
const well = {
  workstationId: '018f3c1e-0001-7000-8000-000000000001',
  place: 'Station 1',
  zoneId: 'a',
  status: 'active',
  enrolledMs: 0,
  certificateEndsMs: now + 30 * day,
  connection,
}
const need = (more: object): string =>
  needOf(workstationShown.parse({ ...well, ...more }), now).says

it('tells the worst that is wrong with a workstation, and nothing where nothing is', () => {
  expect(need({})).toBe('nothing')
  expect(need({ status: 'revoked', connection: undefined })).toBe('revoked')
  expect(need({ certificateEndsMs: now })).toContain('enrol it again')
  expect(need({ connection: undefined })).toContain('not connected')
  expect(need({ connection: { agentVersion: '1' } })).toBe('no badge reader')
  expect(need({ certificateEndsMs: now + 6 * day })).toBe('nothing')
  expect(need({ certificateEndsMs: now + day })).toContain('within two days')
  expect(need({ certificateEndsMs: now + 6 * day, connection: undefined })).toContain('not conn')
})
