// What errands lean on where people may sign in with their hospital accounts.

import { accountErrands } from '@wardkey/protocol/workstation/errands'
import type { AccountProvider } from '../../../identity/account/account-provider.ts'
import type { Errand } from '../errand.ts'

export interface AccountNeeds {
  readonly provider: AccountProvider
  /** What names a sign-in are matched with; never a mail address. */
  readonly person: 'user-name' | 'staff-number'
  /** Keyed hash of user names (flows/hr/hr-lookups). */
  readonly hrKey: Uint8Array
  /** Makes what one sign-in is bound by. */
  readonly key: Uint8Array
  readonly random: (bytes: number) => Buffer
  /** Scheme, host and port as workstations' browsers see the broker. */
  readonly webUrl: string
}

/** Once in an errand, and only where the site has it. */
export function offersAccount(
  { kind, proofs }: Pick<Errand, 'kind' | 'proofs'>,
  { accounts }: { readonly accounts?: AccountNeeds | undefined },
): boolean {
  return accounts !== undefined && accountErrands.includes(kind) && !proofs.hasAccount
}
