// What the console's sign-in leans on, where settings offer it.

import type { ConsoleRole } from '@wardkey/protocol/console/signed-in'
import type { AccountProvider } from '../../identity/account/account-provider.ts'
import type { AccountNeeds } from '../errands/sign-in/account-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'

export interface ConsoleWays extends Pick<AccountNeeds, 'person' | 'hrKey' | 'random'> {
  readonly provider: AccountProvider
  /** Sign-ins and the second word of a session come from it. */
  readonly key: Uint8Array
  /** By console role: groups of the provider, one of which gives it. */
  readonly groups: Readonly<Record<ConsoleRole, readonly string[]>>
  /** Whether people see what is kept about themselves, and those without a role come in for it. */
  readonly ownRecord: boolean
  /** Whether they see by name who looked, and not by office alone. */
  readonly ownRecordNames: boolean
  /** Scheme, host and port as browsers see the administration port. */
  readonly adminUrl: string
}

export interface ConsoleNeeds extends FlowNeeds {
  readonly staffKey: Uint8Array
  readonly console: ConsoleWays
}
