// Which roles of the console have a right, in words. Pure.

import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { ConsoleRole } from '@wardkey/protocol/console/signed-in'

/** Held to the protocol's list by a test: importing that would bring its schemas along. */
export const rolesWith: Readonly<Partial<Record<Scope, readonly ConsoleRole[]>>> = {
  'house:read': ['it', 'service-desk', 'manager', 'administrator'],
  'presence:read': ['compliance', 'privacy', 'administrator'],
  'emergency:read': ['compliance', 'privacy', 'manager', 'administrator'],
  'alerts:people': ['compliance', 'privacy'],
  'alerts:technical': ['compliance', 'it', 'administrator'],
  'reviews:read': ['compliance', 'administrator'],
  'reviews:decide': ['compliance', 'manager', 'administrator'],
  'record:read': ['compliance', 'privacy'],
  'holds:write': ['compliance', 'privacy'],
  'holds:approve': ['compliance'],
  'evidence:make': ['compliance'],
  'keys:read': ['compliance', 'it', 'administrator'],
  'taps:read': ['service-desk'],
  'people:read': ['compliance', 'privacy', 'service-desk', 'manager', 'administrator'],
  'workstations:read': ['compliance', 'privacy', 'it', 'service-desk', 'manager', 'administrator'],
  'policy:read': ['compliance', 'it', 'service-desk', 'administrator'],
}

export function consoleRolesWith(needs: readonly Scope[]): string {
  const known: Readonly<Record<string, readonly string[] | undefined>> = rolesWith
  const roles = [...new Set(needs.flatMap((scope) => known[scope] ?? []))]
  const last = roles.pop()
  if (last === undefined) return 'nobody by a role of the console'
  return roles.length === 0 ? last : `${roles.join(', ')} or ${last}`
}
