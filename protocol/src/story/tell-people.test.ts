// What the page tells of changes to people: HR's as HR's, everybody else's by who made them.

import { describe, expect, it } from 'vitest'
import { FactView } from './fact-view.ts'
import { tellPeople } from './tell-people.ts'

const mira = '018f3c1e-0000-7000-8000-000000000001'
const vera = '018f3c1e-0000-7000-8000-000000000002'
const names = { [mira]: 'Mira', [vera]: 'Vera' }
const byVera = { by: `person ${vera}` }
const byHr = { by: 'token hr desk', source: 'hr' }

const tell = (code: string, fields: object, known: Readonly<Record<string, string>> = names) =>
  tellPeople(new FactView({ code, person: mira, fields }, known))

describe('of people the record tells', () => {
  it.each([
    ['whom HR hired', 'PER-001', { ...byHr, roles: 'nurse' }, 'HR hired Mira, as nurse.'],
    ['whom somebody added', 'PER-001', { ...byVera, roles: 'nurse' }, 'Vera added Mira, as nurse.'],
    [
      'what HR changed',
      'PER-002',
      { ...byHr, roles: 'ward-clerk' },
      'HR gave Mira other work, as ward clerk.',
    ],
    [
      'how she stands with HR',
      'PER-002',
      { ...byHr, status: 'active' },
      'HR says that Mira is at work.',
    ],
    ['what of HR says no more', 'PER-002', byHr, 'HR changed what it says of Mira.'],
    [
      'who brought HR’s word in',
      'PER-002',
      { ...byVera, source: 'file' },
      'Vera changed what HR says of Mira.',
    ],
    [
      'other work by who gave it',
      'PER-002',
      { ...byVera, roles: 'nurse doctor' },
      'Vera changed Mira’s work, as nurse, doctor.',
    ],
    [
      'a name and a number by who changed them',
      'PER-002',
      { ...byVera, nameChanged: true, staffNumberChanged: true },
      'Vera changed Mira’s name and staff number.',
    ],
    ['what says no more', 'PER-002', byVera, 'Vera changed Mira.'],
    [
      'a change with a token of no HR',
      'PER-002',
      { by: 'token badge office', nameChanged: true },
      'The badge office changed Mira’s name.',
    ],
    ['who brought her back', 'PER-002', { ...byVera, status: 'active' }, 'Vera brought Mira back.'],
    [
      'a suspension that is over while HR has her on leave',
      'PER-002',
      { ...byVera, status: 'on-leave' },
      'Vera ended the suspension of Mira: on leave.',
    ],
    [
      'who suspended her',
      'PER-003',
      { ...byVera, status: 'suspended' },
      'Mira was suspended by Vera: the access was taken away.',
    ],
    [
      'a token that dismissed her',
      'PER-003',
      { by: 'token badge office', status: 'terminated' },
      'Mira was dismissed by the badge office: the access was taken away.',
    ],
    [
      'HR’s end of it as HR’s',
      'PER-003',
      { ...byHr, status: 'terminated' },
      'HR took Mira’s access away: dismissed.',
    ],
    [
      'a status without a verb',
      'PER-003',
      { ...byVera, status: 'constructor' },
      'Vera took Mira’s access away.',
    ],
    ['who is back with HR', 'PER-005', byHr, /^HR hired Mira again/],
    [
      'a date that came',
      'PER-007',
      { by: 'dates', status: 'on-leave' },
      'A date of Mira’s employment came: on leave.',
    ],
  ])('%s', (_what, code, fields, expected) => {
    expect(tell(code, fields)).toMatch(
      typeof expected === 'string' ? new RegExp(`^${expected}$`) : expected,
    )
  })

  it('nobody’s change as HR’s, and no id of whoever has no name here', () => {
    expect(tell('PER-002', {})).toBe('Somebody changed Mira.')
    expect(tell('PER-003', { ...byVera, status: 'suspended' }, { [mira]: 'Mira' })).toBe(
      'Mira was suspended by somebody: the access was taken away.',
    )
  })
})
