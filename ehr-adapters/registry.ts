// Every adapter there is, by the name that settings use.

import type { EhrAdapter } from './contract/ehr-adapter.ts'
import { oidcWeb } from './oidc-web/plan.ts'

const adapters: readonly EhrAdapter[] = [oidcWeb]

/** The adapter of that name; settings that name another are refused when the broker starts. */
export function findAdapter(kind: string): EhrAdapter | undefined {
  return adapters.find((adapter) => adapter.kind === kind)
}
