import { describe, expect, it } from 'vitest'
import { mapRoles, missesOf } from './map-roles.ts'

const rules = [
  { name: 'nurses', jobCode: ['RN*', 'LPN'], roles: ['nurse'] },
  { name: 'icu-nurses', jobCode: ['RN*'], department: ['ICU'], roles: ['icu-nurse'] },
  { name: 'pharmacists', group: ['Pharmacy – all'], roles: ['pharmacist'] },
  { name: 'charge', scimRole: ['charge-nurse'], roles: ['charge-nurse', 'nurse'] },
]
const nobody = { scimRoles: [], groups: [] }

describe('roles', () => {
  it.each([
    ['nothing gives none', nobody, [], []],
    ['a job code', { ...nobody, jobCode: 'RN-2' }, ['nurse'], ['nurses']],
    ['small letters', { ...nobody, jobCode: 'lpn' }, ['nurse'], ['nurses']],
    ['a longer code is not the exact one', { ...nobody, jobCode: 'LPN2' }, [], []],
    ['all words of a rule', { ...nobody, department: 'ICU' }, [], []],
    [
      'rules add up',
      { ...nobody, jobCode: 'RN1', department: 'icu' },
      ['icu-nurse', 'nurse'],
      ['nurses', 'icu-nurses'],
    ],
    ['a group', { ...nobody, groups: ['pharmacy – ALL'] }, ['pharmacist'], ['pharmacists']],
    [
      'a role is given once',
      { ...nobody, jobCode: 'RN1', scimRoles: ['charge-nurse'] },
      ['charge-nurse', 'nurse'],
      ['nurses', 'charge'],
    ],
    ['a role that HR names and no rule', { ...nobody, scimRoles: ['nurse', 'admin'] }, [], []],
  ] as const)('%s', (_name, about, roles, names) => {
    expect(mapRoles(rules, about)).toEqual({ roles, rules: names })
  })
  it('are not given to everybody by a rule without a word', () => {
    expect(mapRoles([{ name: 'all', roles: ['nurse'] }], nobody).roles).toEqual([])
  })
  it('say what did not fit', () => {
    const [, icu] = rules
    expect(icu && missesOf(icu, { ...nobody, jobCode: 'RN1' })).toEqual(['department'])
  })
})
