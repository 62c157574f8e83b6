// What the roles of the console may, all of them together.

import { expect, it } from 'vitest'
import { scopes } from '../admin/scopes.ts'
import type { Scope } from '../admin/scopes.ts'
import { consoleRoles, scopesOfRole } from './signed-in.ts'

const all = consoleRoles.flatMap((role) => scopesOfRole[role])

it('is never somebody else’s chart: nobody gives a PIN to others, whatever roles she has', () => {
  expect(all).not.toContain('pins:write')
})

it('is not HR’s: people come by the token of HR’s own system', () => {
  expect(all.filter((scope) => scope.startsWith('scim:'))).toEqual([])
})

it('ends nothing that is kept: what is agreed about that, or about forgetting, is the command’s', () => {
  const ending = all.filter((scope) => /^(retention|forget):/.test(scope))
  expect(ending).toEqual([])
})

it('places legal holds for compliance and privacy, and lifts them for compliance alone', () => {
  const having = (scope: Scope) => consoleRoles.filter((role) => scopesOfRole[role].includes(scope))
  expect(having('holds:write')).toEqual(['compliance', 'privacy'])
  expect(having('holds:approve')).toEqual(['compliance'])
})

it('is what there is, each once in a role', () => {
  for (const role of consoleRoles) {
    const its = scopesOfRole[role]
    expect(new Set(its).size).toBe(its.length)
    expect(its.filter((scope) => !scopes.includes(scope))).toEqual([])
  }
})

it('shows who is where to compliance, privacy and administration, and to nobody else', () => {
  const seeing = consoleRoles.filter((role) => scopesOfRole[role].includes('presence:read'))
  expect(seeing).toEqual(['compliance', 'privacy', 'administrator'])
})
