// Decided once, and by somebody else.

import { describe, expect, it } from 'vitest'
import { wordAgainst } from './two-people.ts'

const open = { outcome: null, proposed_by: 'token a' }

describe('a word on a proposal', () => {
  it.each([
    ['counts of somebody else', open, 'approved', 'token b', undefined],
    ['never counts of who proposed it', open, 'approved', 'token a', 'own'],
    ['counts of her where it is a no', open, 'rejected', 'token a', undefined],
    ['counts once', { ...open, outcome: 'approved' }, 'rejected', 'token b', 'decided'],
    ['counts once, a no too', { ...open, outcome: 'rejected' }, 'approved', 'token b', 'decided'],
    [
      'is decided before it is anybody’s',
      { ...open, outcome: 'rejected' },
      'approved',
      'token a',
      'decided',
    ],
  ] as const)('%s', (_name, proposal, outcome, by, expected) => {
    expect(wordAgainst(proposal, { outcome, by })).toBe(expected)
  })
})
