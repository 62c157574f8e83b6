// A token that one person makes alone: without power over others, but for the first of those; and
// under no name that is somebody else's.

import type { Scope } from '@wardkey/protocol/admin/scopes'
import { makeAdminToken } from '../admin-tokens.ts'
import type { AdminCaller } from '../admin-tokens.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { refuseToken } from './refuse-token.ts'
import { guardTokens } from './token-guard.ts'
import { findMaker } from './token-maker.ts'
import { hasPower, isNameTaken, isWithinAlone, mayGiveAlone } from './token-power.ts'

export interface MadeToken {
  readonly kind: 'made'
  readonly token: string
  readonly expiresMs: number
}

export async function giveToken(
  caller: Pick<AdminCaller, 'by' | 'madeMs'>,
  order: {
    readonly name: string
    readonly scopes: readonly Scope[]
    readonly lifeMs: number
  },
  needs: FlowNeeds & { readonly random: (bytes: number) => Buffer },
): Promise<Recorded<MadeToken | AdminRefused>> {
  const { name, scopes, lifeMs } = order
  const { by } = caller
  const about = { by, token: name }
  const isAlone = hasPower(scopes)
  const guards = [await guardTokens(`named ${name}`, needs)]
  if (isAlone) guards.push(await guardTokens('made alone', needs))
  if (isAlone && !(await mayGiveAlone(caller, needs))) {
    return refuseToken('token-grant-needs-two', about, needs)
  }
  if (isAlone && !(await isWithinAlone(order, needs))) {
    return refuseToken('token-alone-too-much', about, needs)
  }
  if (await isNameTaken(order, by, needs)) return refuseToken('token-name-taken', about, needs)
  const whose = await findMaker(by, needs)
  if (!whose) return refuseToken('person-unknown', about, needs)
  const { maker, confirmedMs } = whose
  const made = makeAdminToken({ ...order, by, maker, confirmedMs, isAlone }, needs)
  const { token } = made.answer
  return {
    ...made,
    answer: { kind: 'made', token, expiresMs: needs.nowMs() + lifeMs },
    writes: [...guards, ...whose.writes, ...made.writes],
  }
}
