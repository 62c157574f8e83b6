// What the page tells of badges and PINs at a workstation: for whom, what it was, who spoke for her,
// and why not.

import { describe, expect, it } from 'vitest'
import { FactView } from './fact-view.ts'
import { tellErrand } from './tell-errand.ts'

const rosa = '018f3c1e-0000-7000-8000-000000000001'
const ben = '018f3c1e-0000-7000-8000-000000000002'
const vera = '018f3c1e-0000-7000-8000-000000000003'
const stranger = '018f3c1e-0000-7000-8000-0000000000ff'
const west = '018f3c1e-0000-7000-8000-00000000000a'
const names = { [rosa]: 'Rosa', [ben]: 'Ben', [vera]: 'Vera', [west]: '4 West' }

const tell = (code: string, fields: object, more: object = {}) =>
  tellErrand(new FactView({ code, person: rosa, workstation: west, fields, ...more }, names))

describe('of an errand the record tells', () => {
  it.each([
    ['enrol', 'Rosa got a new badge at 4 West.'],
    ['loaner', 'Rosa got a loaner badge at 4 West.'],
    ['new-pin', 'Rosa chose a new PIN at 4 West, for one that was forgotten.'],
    ['change-pin', 'Rosa changed the PIN at 4 West.'],
    ['lost', 'Rosa reported the badge lost at 4 West.'],
    ['found', 'Rosa has found the badge again, and said so at 4 West.'],
    ['constructor', 'Rosa had something done about a badge or a PIN at 4 West.'],
  ])('what was done: %s', (errand, expected) => {
    expect(tell('ERD-004', { errand })).toBe(expected)
  })

  it.each([
    [ben, '; Ben spoke for Rosa.'],
    [`${ben} ${vera}`, '; Ben and Vera spoke for Rosa.'],
    [`${ben} ${stranger}`, '; Ben and a colleague spoke for Rosa.'],
    ['hospital-account', '; the hospital account spoke for Rosa.'],
    [`${ben} hospital-account`, '; Ben and the hospital account spoke for Rosa.'],
  ])('who spoke for her: %s', (witness, expected) => {
    expect(tell('ERD-004', { errand: 'enrol', witness })).toBe(
      `Rosa got a new badge at 4 West${expected}`,
    )
  })

  it.each([
    [
      'a colleague who speaks for somebody not yet named',
      'ERD-002',
      { errand: 'enrol', witness: ben },
      { person: undefined },
      'Ben spoke for somebody at 4 West with badge and PIN, about a new badge.',
    ],
    [
      'a colleague who speaks for her',
      'ERD-002',
      { errand: 'new-pin', witness: ben },
      {},
      'Ben spoke for Rosa at 4 West with badge and PIN, about a new PIN for one that was forgotten.',
    ],
    [
      'a badge that could not speak for her, and whose it was',
      'ERD-102',
      { errand: 'loaner', witness: ben },
      {},
      'Ben’s badge could not speak for Rosa at 4 West, about a loaner badge.',
    ],
    [
      'a badge of nobody that could not',
      'ERD-102',
      { errand: 'enrol' },
      { person: undefined },
      'A badge could not speak for somebody at 4 West, about a new badge.',
    ],
    [
      'a badge that was not the right one, as no refusal of the whole',
      'ERD-101',
      { errand: 'found' },
      { rule: 'badge-is-hers', person: undefined },
      'At 4 West a badge was shown that was not the right one for a badge that was found.',
    ],
    [
      'a refusal without more to say',
      'ERD-101',
      {},
      { rule: 'workstation-enrolled' },
      'At 4 West something about a badge or a PIN for Rosa was refused.',
    ],
    [
      'her own new PIN',
      'PIN-201',
      { by: `errand ${stranger}` },
      { workstation: undefined },
      'Rosa’s PIN was set.',
    ],
    ['a PIN that a colleague spoke for', 'PIN-201', { by: ben }, {}, 'Rosa’s PIN was set.'],
    [
      'a PIN that an office set',
      'PIN-201',
      { by: 'token badge office' },
      {},
      'The badge office set a PIN for Rosa.',
    ],
    ['a PIN that somebody set', 'PIN-201', { by: `person ${ben}` }, {}, 'Ben set a PIN for Rosa.'],
  ])('%s', (_what, code, fields, more, expected) => {
    expect(tell(code, fields, more)).toBe(expected)
  })

  it('why it was refused', () => {
    expect(tell('ERD-101', { errand: 'enrol', code: 'badge-taken' })).toMatch(
      /^At 4 West a new badge for Rosa was refused\. [A-Z].+\.$/,
    )
  })

  it('its steps to programs only', () => {
    for (const code of ['ERD-001', 'ERD-003']) expect(tell(code, {})).toBeUndefined()
  })
})
