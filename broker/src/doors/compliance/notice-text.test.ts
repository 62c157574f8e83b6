// What compliance reads of an emergency access: whether a broker gave it, or a workstation by itself.

import { describe, expect, it } from 'vitest'
import { mailText, webhookBody } from './notice-text.ts'

const told = {
  ...{ grantId: 'g', place: '4 West, station 2', zoneLabel: '4 West', zoneId: '4-west' },
  ...{ workstationId: 'w', personId: 'p', reason: 'care', reasonLabel: 'Care cannot wait' },
  ...{ identity: 'badge-and-pin', isWitnessed: false, isOffline: false },
  ...{ fromMs: 0, untilMs: 1, reviewDueMs: 2 },
}
const offlineOf = (isOffline: boolean): unknown => JSON.parse(webhookBody({ ...told, isOffline }))

describe('a notice', () => {
  it('says of an access that a workstation gave by itself that it did', () => {
    expect(offlineOf(true)).toMatchObject({ data: { offline: true } })
    expect(mailText({ ...told, isOffline: true }).text).toContain('while it was cut off')
  })
  it('refuses/to say so of one that a broker gave', () => {
    expect(offlineOf(false)).toMatchObject({ data: { offline: false } })
    expect(mailText(told).text).not.toContain('cut off')
  })
})
