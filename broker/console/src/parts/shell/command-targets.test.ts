import { describe, expect, it } from 'vitest'
import { personId, workstationId } from '@wardkey/protocol/ids'
import { findTargets } from './command-targets.ts'
import { pageEntries } from './rail-entries.ts'

const id = '018f3c1e-0001-7000-8000-00000000000'
const known = {
  pages: pageEntries,
  people: [
    {
      personId: personId.parse(`${id}1`),
      name: { given: 'Rosa', family: 'Testcase' },
      status: 'active' as const,
      roles: ['nurse'],
    },
  ],
  workstations: [
    {
      workstationId: workstationId.parse(`${id}2`),
      place: '4 West, station 2',
      zoneId: '4-west',
      status: 'active' as const,
      enrolledMs: 0,
      certificateEndsMs: 0,
      troubles: [],
    },
  ],
  can: () => true,
}
const found = (text: string, more = {}) =>
  findTargets(text, { ...known, ...more }).map(({ to, search }) => [to, search])

describe('the command bar', () => {
  it('finds a person, a workstation and a page by any of their words', () => {
    expect(found('test ros')).toEqual([['/people', { open: `${id}1` }]])
    expect(found('west 2')).toEqual([['/workstations', { open: `${id}2` }]])
    expect(found('time line')).toEqual([['/timeline', {}]])
  })
  it('takes a tap’s code, with or without its line, for who may ask why', () => {
    expect(found('k7p2xm')).toEqual([['/why', { tap: 'K7P-2XM' }]])
    expect(found('K7P-2XM')).toEqual([['/why', { tap: 'K7P-2XM' }]])
    expect(found('K7P-2XM', { can: () => false })).toEqual([])
  })
  it('offers to look for a badge by its last digits, for who may, and shows four at most', () => {
    const offered = (text: string, more = {}) =>
      findTargets(text, { ...known, ...more }).filter(({ ends }) => ends !== undefined)
    expect(offered('4711')).toMatchObject([{ ends: '4711' }])
    expect(offered('badge …00A1f3')).toMatchObject([{ ends: '00a1f3' }])
    expect(JSON.stringify(offered('12345678')[0]?.label)).not.toContain('45678')
    for (const text of ['471', '123456789', 'face', 'west 2', '47 11', 'badge']) {
      expect(offered(text), text).toEqual([])
    }
    expect(offered('4711', { can: (scope: string) => scope !== 'badges:read' })).toEqual([])
  })
  it('finds somebody’s badges where badges are asked for, for who may see them', () => {
    expect(found('badge ros')).toEqual([['/people', { open: `${id}1` }]])
    expect(found('badge ros', { can: () => false })).toEqual([])
  })
  it('finds the tabs of pages by their names, for who may see them', () => {
    expect(found('evidence')).toEqual([['/policy', { show: 'evidence' }]])
    expect(found('exceptions')).toEqual([['/people', { show: 'exceptions' }]])
    expect(found('evidence', { can: (scope: string) => scope !== 'evidence:make' })).toEqual([])
  })
  it('shows all pages before anything is typed, and nothing for nonsense', () => {
    expect(
      found('')
        .slice(0, 2)
        .map(([to]) => to),
    ).toEqual(['/', '/reviews'])
    const all = found('').map(([to]) => to)
    expect(all).toEqual(expect.arrayContaining(pageEntries.map(({ to }) => to)))
    expect(found('zzzzzzzzz')).toEqual([])
  })
})
