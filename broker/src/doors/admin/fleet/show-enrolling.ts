// Enrolment tokens and computers that ask, as they are shown. Nothing of a token itself is there to
// be shown.

import { sql } from 'kysely'
import { addressRanges } from '@wardkey/protocol/admin/fleet/address-ranges'
import type { EnrolAskShown, EnrolTokenShown } from '@wardkey/protocol/admin/fleet/enrolling'
import { fingerprintWords } from '@wardkey/protocol/workstation/fleet/fingerprint-words'
import type { FlowNeeds } from '../../../flows/flow-needs.ts'
import type { EnrolAskTable, EnrolTokenTable } from '../../../store/tables/fleet-tables.ts'

type Looks = Pick<FlowNeeds, 'db' | 'nowMs'>

export async function showEnrolTokens({ db, nowMs }: Looks): Promise<readonly EnrolTokenShown[]> {
  const rows = await db
    .selectFrom('enrol_token')
    .selectAll()
    .orderBy('expires_ms', 'desc')
    .limit(1000)
    .execute()
  return rows.map((row) => ({
    tokenId: row.hash,
    zoneId: row.zone_id,
    state: stateOf(row, nowMs()),
    usesLeft: row.uses_left,
    expiresMs: row.expires_ms,
    ...(row.uses === null ? {} : { uses: row.uses }),
    ...(row.made_ms === null ? {} : { madeMs: row.made_ms }),
    ...(row.made_by === null ? {} : { madeBy: row.made_by }),
    ...(row.addresses === null
      ? {}
      : { addresses: addressRanges.parse(JSON.parse(row.addresses)) }),
    ...(row.workstation_id === null ? {} : { reissueOf: row.workstation_id }),
  }))
}

function stateOf(row: EnrolTokenTable, nowMs: number): EnrolTokenShown['state'] {
  if (row.revoked_ms !== null) return 'revoked'
  if (row.uses_left < 1) return 'used-up'
  return row.expires_ms <= nowMs ? 'expired' : 'good'
}

/** Those that wait, and what was decided lately. What ended without a word is not shown. */
export async function showAsks({ db, nowMs }: Looks): Promise<readonly EnrolAskShown[]> {
  const rows = await db
    .selectFrom('enrol_ask')
    .selectAll()
    .where((eb) => eb.or([eb('state', '<>', sql.lit('waiting')), eb('ends_ms', '>', nowMs())]))
    .orderBy('asked_ms')
    .limit(1000)
    .execute()
  const tags = rows.flatMap(({ asset_tag, state }) =>
    asset_tag === null || state !== 'waiting' ? [] : [asset_tag],
  )
  const standing = tags.length === 0 ? [] : await withTags(tags, db)
  const asks = rows.map((row) => shown(row, standing))
  return [...asks].sort((a, b) => Number(b.state === 'waiting') - Number(a.state === 'waiting'))
}

function withTags(tags: readonly string[], db: Looks['db']) {
  return db
    .selectFrom('workstation')
    .select(['asset_tag', 'place'])
    .where('status', '=', sql.lit('active'))
    .where('asset_tag', 'in', tags)
    .execute()
}

type Standing = Awaited<ReturnType<typeof withTags>>

function shown(row: EnrolAskTable, standing: Standing): EnrolAskShown {
  const publicKey = Buffer.from(row.public_key, 'base64')
  const old =
    row.asset_tag === null || row.state !== 'waiting'
      ? undefined
      : standing.find(({ asset_tag }) => asset_tag === row.asset_tag)
  return {
    askId: row.id,
    state: row.state,
    place: row.place,
    words: [...fingerprintWords(publicKey, row.salt)],
    address: row.address,
    askedMs: row.asked_ms,
    endsMs: row.ends_ms,
    ...(row.asset_tag === null ? {} : { assetTag: row.asset_tag }),
    ...(row.zone_id === null ? {} : { zoneId: row.zone_id }),
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    ...(row.workstation_id === null ? {} : { workstationId: row.workstation_id }),
    ...(old ? { takesPlaceOf: old.place } : {}),
  }
}
