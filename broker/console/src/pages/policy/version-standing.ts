// Where a version of the policies stands. Pure.

import type { VersionSummary } from '@wardkey/protocol/admin/policy'

export type Standing = 'in force' | 'waits' | 'turned down' | 'was in force'

export function standingOf({ isInForce, proposed, decided }: VersionSummary): Standing {
  if (isInForce) return 'in force'
  if (proposed && !decided) return 'waits'
  return decided?.outcome === 'rejected' ? 'turned down' : 'was in force'
}
