import { expect, it } from 'vitest'
import { consoleRoles, scopesOfRole } from '@wardkey/protocol/console/signed-in'
import { scope } from '@wardkey/protocol/admin/scopes'
import { pageEntries, railEntries, railFor } from './shell/rail-entries.ts'
import { consoleRolesWith, rolesWith } from './role-words.ts'

it('names the roles that the protocol gives each right', () => {
  for (const [right, roles] of Object.entries(rolesWith)) {
    const having = consoleRoles.filter((role) => scopesOfRole[role].includes(scope.parse(right)))
    expect(new Set(roles), right).toEqual(new Set(having))
  }
})

it('knows whom to ask for each page', () => {
  for (const { needs } of pageEntries) expect(consoleRolesWith(needs)).not.toContain('nobody')
})

it('has no more pages than a rail may hold', () => {
  expect(railEntries.length).toBeLessThanOrEqual(10)
  const { alone, record } = railFor(() => true)
  // Its group is one more thing to look at.
  expect(alone.length + 1).toBeLessThanOrEqual(10)
  expect([...alone, ...record]).toEqual(pageEntries)
})

it('shows a group without pages to nobody', () => {
  expect(railFor((scope) => scope === 'people:read')).toMatchObject({
    alone: [{ to: '/people' }],
    record: [],
  })
})
