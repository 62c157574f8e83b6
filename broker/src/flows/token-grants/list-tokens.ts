// All tokens as whoever looks after them needs to see them: what each may, until when, whose powers
// it gives, and whether those are still hers. Reads only; never what a token is.

import type { z } from 'zod'
import type { tokensPage } from '@wardkey/protocol/admin/tokens'
import { scope } from '@wardkey/protocol/admin/scopes'
import { parseTexts } from '../../identity/json-column.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { makerStanding } from './maker-standing.ts'
import { isServices } from './token-maker.ts'

type Listed = z.output<typeof tokensPage>['tokens'][number]

export async function listTokens({
  db,
  nowMs,
}: Pick<FlowNeeds, 'db' | 'nowMs'>): Promise<Listed[]> {
  const rows = await db
    .selectFrom('admin_token')
    .leftJoin('person', 'person.id', 'admin_token.maker_id')
    .selectAll('admin_token')
    .select(['person.status', 'person.held_ms', 'person.access'])
    .orderBy('created_ms')
    .execute()
  return rows.map((row) => {
    const scopes = scope.array().parse(parseTexts(row.scopes))
    const standing = makerStanding(row, nowMs())
    const isResting = standing !== 'here' && !isServices(scopes)
    const { maker_id: personId } = row
    return {
      ...{ tokenId: row.hash, name: row.name, scopes, createdMs: row.created_ms },
      ...(row.expires_ms === null ? {} : { expiresMs: row.expires_ms }),
      ...(row.made_by === null ? {} : { madeBy: row.made_by }),
      ...(row.made_alone === 1 ? { isMadeAlone: true } : {}),
      ...(personId === null ? {} : { maker: { personId, standing, isResting } }),
    }
  })
}
