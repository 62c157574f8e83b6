// Workstations as they are shown: what each says it is made of, when it was last there, and what is
// wrong with it.

import { workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { WorkstationDetails, WorkstationShown } from '@wardkey/protocol/admin/workstations'
import { inventoryBody } from '@wardkey/protocol/workstation/fleet/inventory'
import type { InventoryBody } from '@wardkey/protocol/workstation/fleet/inventory'
import { isElsewhere } from '../../../flows/in-reach.ts'
import type { AdminNeeds } from '../admin-needs.ts'

type Looks = Pick<AdminNeeds, 'db' | 'connectionOf' | 'nowMs' | 'brokers'>

/** An agent renews by itself before: whoever comes so near has been away, or cannot. */
const certificateSoonMs = 2 * 86_400_000

export async function showWorkstations(needs: Looks): Promise<readonly WorkstationShown[]> {
  const rows = await rowsOf(needs).orderBy('place').orderBy('id').execute()
  return rows.map((row) => shown(row, needs))
}

export async function showWorkstation(
  id: WorkstationId,
  needs: Looks,
): Promise<WorkstationDetails | undefined> {
  const row = await rowsOf(needs).where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const tapped = await needs.db
    .selectFrom('fact')
    .select('at_ms')
    .where('workstation_id', '=', id)
    .where('code', 'in', ['TAP-001', 'TAP-002', 'TAP-003', 'TAP-101'])
    .orderBy('at_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  const settings = storedInventory(row.body)?.settings
  return {
    ...shown(row, needs),
    ...(tapped ? { lastTapMs: tapped.at_ms } : {}),
    ...(settings ? { settings } : {}),
  }
}

function rowsOf({ db }: Looks) {
  return db
    .selectFrom('workstation')
    .leftJoin('workstation_inventory as made', 'made.workstation_id', 'workstation.id')
    .selectAll('workstation')
    .select(['made.body as body', 'made.at_ms as told_ms'])
}

type Row = Awaited<ReturnType<ReturnType<typeof rowsOf>['execute']>>[number]

function shown(row: Row, { connectionOf, nowMs, brokers }: Looks): WorkstationShown {
  const id = workstationId.parse(row.id)
  const connection = connectionOf(id)
  const made = storedInventory(row.body)
  const hasIt = connection !== undefined || isElsewhere(row.reached_ms, nowMs(), { brokers })
  const seenMs = connection ? nowMs() : (row.reached_ms ?? undefined)
  return {
    workstationId: id,
    place: row.place,
    zoneId: row.zone_id,
    status: row.status,
    ...(row.asset_tag === null ? {} : { assetTag: row.asset_tag }),
    enrolledMs: row.enrolled_ms,
    certificateEndsMs: row.cert_not_after_ms,
    ...(connection === undefined ? {} : { connection }),
    ...(seenMs === undefined ? {} : { seenMs }),
    ...(connection?.lastTapMs === undefined ? {} : { lastTapMs: connection.lastTapMs }),
    ...(made && row.told_ms !== null ? { madeOf: summaryOf(made, row.told_ms) } : {}),
    troubles: troublesOf(row, { connection, hasIt }, made, nowMs()),
  }
}

function summaryOf({ agentVersion, system, readers, updates }: InventoryBody, toldMs: number) {
  return { agentVersion, system, readers, ...(updates ? { updates } : {}), toldMs }
}

/** What this release cannot read any more is as if it had not been told. */
function storedInventory(body: string | null): InventoryBody | undefined {
  return body === null ? undefined : inventoryBody.safeParse(JSON.parse(body)).data
}

function troublesOf(
  row: Row,
  { connection, hasIt }: { connection: WorkstationShown['connection']; hasIt: boolean },
  made: InventoryBody | undefined,
  nowMs: number,
): WorkstationShown['troubles'] {
  if (row.status === 'revoked') return []
  const reader = connection?.reader ?? (made?.readers.length === 0 ? 'none' : undefined)
  return [
    ...(row.cert_not_after_ms <= nowMs ? (['certificate-over'] as const) : []),
    ...(!hasIt ? (['away'] as const) : []),
    ...(reader !== undefined && reader !== 'ready' ? (['reader'] as const) : []),
    ...(connection?.browser !== undefined && connection.browser !== 'ready'
      ? (['browser'] as const)
      : []),
    ...(row.cert_not_after_ms > nowMs && row.cert_not_after_ms - nowMs < certificateSoonMs
      ? (['certificate-soon'] as const)
      : []),
  ]
}
