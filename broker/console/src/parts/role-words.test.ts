import { expect, it } from 'vitest'
import { consoleRoles, scopesOfRole } from '@wardkey/protocol/console/signed-in'
import { scope } from '@wardkey/protocol/admin/scopes'
import { railEntries } from './shell/rail-entries.ts'
import { consoleRolesWith, rolesWith } from './role-words.ts'

it('names the roles that the protocol gives each right', () => {
  for (const [right, roles] of Object.entries(rolesWith)) {
    const having = consoleRoles.filter((role) => scopesOfRole[role].includes(scope.parse(right)))
    expect(new Set(roles), right).toEqual(new Set(having))
  }
})

it('knows whom to ask for each page', () => {
  for (const { needs } of railEntries) expect(consoleRolesWith(needs)).not.toContain('nobody')
})

it('has no more pages than a rail may hold', () => {
  expect(railEntries.length).toBeLessThanOrEqual(10)
})
