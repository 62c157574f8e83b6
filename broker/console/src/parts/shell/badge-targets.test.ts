// What the command bar says of badges that were found: whose, how they stand, four digits at most.

import { expect, it } from 'vitest'
import { badgesFound } from '@wardkey/protocol/admin/badges/badge-find'
import { foundTargets, foundWords } from './badge-targets.ts'

const id = '018f3c1e-0001-7000-8000-00000000000'
const seen = badgesFound.parse({
  badges: [
    {
      ...{ badgeId: `${id}5`, personId: `${id}1`, technology: 'csn', status: 'lost', form: 'hex' },
      isResting: false,
      name: { given: 'Rosa', family: 'Testcase' },
    },
    {
      ...{ badgeId: `${id}6`, personId: `${id}2`, technology: 'csn', form: 'hex' },
      ...{ status: 'suspended', isResting: true },
    },
  ],
  hasMore: false,
})

it('goes to whoever has it, and shows four digits at most', () => {
  const targets = foundTargets('00a1f3b2', seen)
  expect(targets).toMatchObject([
    { label: 'Badge …f3b2 of Rosa Testcase', kind: 'lost, csn', search: { open: `${id}1` } },
    {
      label: 'Badge …f3b2 of Person 000002',
      kind: 'rests while a loaner stands in, csn',
      search: { open: `${id}2` },
    },
  ])
  expect(JSON.stringify(targets)).not.toContain('a1f3b2')
})

it('says what to do where none ends so, or too many', () => {
  expect(foundWords('4711', { badges: [], hasMore: false })).toContain('No badge ends in …4711')
  expect(foundWords('4711', { ...seen, hasMore: true })).toContain('give more of its digits')
  expect(foundWords('4711', seen)).toBe('')
})
