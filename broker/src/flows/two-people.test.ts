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
    expect(wordAgainst(proposal, { outcome, by }, new Map())).toBe(expected)
  })

  const askers = new Map([
    ['token b', new Set(['token a'])],
    ['token c', new Set(['token b'])],
    ['token d', new Set(['token a'])],
    ['token e', new Set(['token x'])],
    // Two that asked for each other's, one after the other.
    ['token y', new Set(['token z'])],
    ['token z', new Set(['token y'])],
  ])
  it.each([
    ['took the approver’s token out', 'token a', 'token b', 'own'],
    ['had her token from the approver', 'token b', 'token a', 'own'],
    ['took out the token that took it out', 'token a', 'token c', 'own'],
    ['had hers from whoever had it from the approver', 'token c', 'token a', 'own'],
    ['had hers from the same hand', 'token b', 'token d', 'own'],
    ['had hers from a token of the same hand', 'token c', 'token d', 'own'],
    ['had hers from the hand that had the other’s first', 'token d', 'token c', 'own'],
    ['had hers from somebody else', 'token b', 'token e', undefined],
    ['asked for nothing', 'token q', 'token b', undefined],
    ['goes round in a circle', 'token y', 'token z', 'own'],
    ['goes round in a circle, and the other does not', 'token y', 'token b', undefined],
  ] as const)('where who proposed it %s', (_name, proposed_by, by, expected) => {
    const proposal = { outcome: null, proposed_by }
    expect(wordAgainst(proposal, { outcome: 'approved', by }, askers)).toBe(expected)
    expect(wordAgainst(proposal, { outcome: 'rejected', by }, askers)).toBeUndefined()
  })
})
