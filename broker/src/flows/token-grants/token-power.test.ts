// What a token may be given by one person alone: each scope is said to be one of the two, so that a
// new one is not given alone because nobody thought of it.

import { describe, expect, it } from 'vitest'
import { scopes } from '@wardkey/protocol/admin/scopes'
import { hasPower } from './token-power.ts'

describe('scopes that one person alone gives', () => {
  it('are these and no others: they show, or do what takes nobody’s rights away for good', () => {
    const alone = scopes.filter((scope) => !hasPower([scope]))
    expect(alone.filter((scope) => !scope.endsWith(':read'))).toEqual([
      'workstations:write',
      'house:lock',
      'presence:write',
      'streams:write',
      'policy:replay',
      'mode:write',
      'alerts:people',
      'alerts:technical',
      'evidence:make',
    ])
  })
  it('refuses to have one that only shows need two', () => {
    expect(scopes.filter((scope) => scope.endsWith(':read') && hasPower([scope]))).toEqual([])
  })
})
