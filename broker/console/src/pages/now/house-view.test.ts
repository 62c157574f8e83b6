import { describe, expect, it } from 'vitest'
import { houseNow } from '@wardkey/protocol/console/house'
import { countStates, filterHouse, houseSentence, isTroubled } from './house-view.ts'

const id = (n: number): string => `018f3c1e-0001-7000-8000-00000000000${String(n)}`
const session = (person: number, more = {}) => ({
  ...{ sessionId: id(9), personId: id(person), name: { given: 'Rosa', family: 'Testcase' } },
  ...{ state: 'open', acr: 'x', openedMs: 0, changedMs: 0, presence: [], ...more },
})
const workstation = (n: number, state: string, more = {}) => ({
  ...{ workstationId: id(n), place: `Station ${String(n)}`, state, sessions: [] },
  ...{ link: 'here', reader: 'A reader', ...more },
})
const emergency = { grantId: '018f3c1e-0001-7000-8000-000000000001', untilMs: 1 }
const house = houseNow.parse({
  atMs: 0,
  zones: [
    {
      ...{ zoneId: 'a', kind: 'ward', label: 'Ward', mode: 'normal' },
      workstations: [
        workstation(1, 'open', { sessions: [session(1)] }),
        workstation(2, 'open', { sessions: [session(1, { emergency })] }),
        workstation(3, 'silent', { link: 'away', reader: undefined }),
      ],
    },
    {
      ...{ zoneId: 'b', kind: 'ward', label: 'Store', mode: 'normal' },
      workstations: [workstation(4, 'free', { reader: undefined }), workstation(5, 'locked')],
    },
  ],
})
const placesOf = (zones: ReturnType<typeof filterHouse>): string[] =>
  zones.flatMap(({ workstations }) => workstations.map(({ place }) => place))

describe('the house', () => {
  it('is told in a sentence: each person once, trouble only where there is some', () => {
    expect(houseSentence(house)).toBe(
      '1 person at 2 open workstations, 1 emergency, 1 workstation silent.',
    )
    expect(houseSentence({ ...house, zones: [] })).toBe('0 people at 0 open workstations.')
  })
  it('is counted by state', () => {
    expect(countStates(house)).toEqual({
      ...{ all: 5, emergency: 1, open: 2, locked: 1, free: 1, trouble: 2 },
    })
  })
  it('counts a workstation without a reader as troubled, whatever its state', () => {
    expect(isTroubled(house.zones[1]!.workstations[0]!)).toBe(true)
    expect(isTroubled(house.zones[1]!.workstations[1]!)).toBe(false)
  })
  it('is filtered by who is there, by place and by zone; empty zones fall away', () => {
    expect(placesOf(filterHouse(house, 'all', 'rosa test'))).toEqual(['Station 1', 'Station 2'])
    expect(placesOf(filterHouse(house, 'all', 'store'))).toEqual(['Station 4', 'Station 5'])
    expect(filterHouse(house, 'locked', '').map(({ zoneId }) => zoneId)).toEqual(['b'])
    expect(filterHouse(house, 'emergency', 'store')).toEqual([])
  })
})
