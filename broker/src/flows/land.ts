// How an admitted person lands: the frame that opens her screen, and the tickets that must be
// durable before it is sent. Made anew each time, since a ticket works once.

import { zoneId } from '@wardkey/protocol/ids'
import type { SessionId, TapId } from '@wardkey/protocol/ids'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import type { Holder } from '../identity/find-card-holder.ts'
import { openName, shownName } from '../identity/person-name.ts'
import type { HasChart, PlanLaunch, TicketRow } from '../launch/launch-plan.ts'
import { prepared } from '../store/prepared-query.ts'
import type { Write } from '../store/store.ts'
import { rolesAt } from '../policy/access-standing.ts'
import { newMessageId } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Workstation } from './find-workstation.ts'

export interface LandNeeds extends FlowNeeds {
  readonly personKeys: { find(person: string): Promise<Buffer | undefined> }
  readonly planLaunch: PlanLaunch
  readonly hasChart: HasChart
}

/** What the screen says of an emergency for as long as it is open. */
export interface Emergency {
  readonly reasonLabel: string
  readonly untilMs: number
}

export interface Landing {
  readonly frame: BrokerFrameOf<'admitted'>
  readonly writes: readonly Write[]
}

export async function land(
  where: {
    readonly tapId: TapId
    readonly sessionId: SessionId
    readonly holder: Holder
    readonly workstation: Workstation
    readonly movedFrom: string | undefined
    readonly emergency: Emergency | undefined
    /** The session's version once it is open: it stays while it is. */
    readonly opening: number
    readonly nowMs: number
  },
  needs: LandNeeds,
): Promise<Landing> {
  const { holder, workstation, sessionId } = where
  const roles = rolesAt(holder.roles, holder.access, where.nowMs)
  const launch = needs.planLaunch(
    {
      sessionId,
      personId: holder.personId,
      roles,
      isEmergency: where.emergency !== undefined,
      zoneId: zoneId.parse(workstation.zone.id),
      zoneKind: workstation.zone.kind,
      workstationId: workstation.id,
    },
    where.nowMs,
  )
  const frame: BrokerFrameOf<'admitted'> = {
    kind: 'admitted',
    id: newMessageId(needs),
    tapId: where.tapId,
    sessionId,
    name: (await nameOf(holder, 'full', needs)) ?? unnamed,
    role: roles[0] ?? unnamed,
    steps: [...launch.steps],
    opening: where.opening,
    ...(where.movedFrom === undefined ? {} : { movedFrom: where.movedFrom }),
    ...(where.emergency === undefined ? {} : { emergency: shownOf(where.emergency, where.nowMs) }),
  }
  return { frame, writes: launch.tickets.map((ticket) => ticketWrite(ticket, needs)) }
}

function shownOf({ reasonLabel, untilMs }: Emergency, nowMs: number) {
  return { reason: reasonLabel, lastsMs: Math.max(0, untilMs - nowMs) }
}

/** Of a person whose name was forgotten while she was signed in. */
const unnamed = '—'

/** The holder's name as far as it may be shown; nothing where it may not, or was forgotten. */
export async function nameOf(
  holder: Pick<Holder, 'personId' | 'nameSealed'>,
  shown: Parameters<typeof shownName>[1],
  { personKeys }: Pick<LandNeeds, 'personKeys'>,
): Promise<string | undefined> {
  if (shown === 'none') return undefined
  const key = await personKeys.find(holder.personId)
  return key && shownName(openName(holder.nameSealed, key, holder.personId), shown)
}

const inserting = prepared<Omit<TicketRow, 'hash'> & { hash: string }>()((db, hole) =>
  db.insertInto('launch_ticket').values({
    hash: hole('hash'),
    session_id: hole('sessionId'),
    workstation_id: hole('workstationId'),
    expires_ms: hole('expiresMs'),
    used_ms: null,
  }),
)

function ticketWrite(ticket: TicketRow, { db }: FlowNeeds): Write {
  const hash = Buffer.from(ticket.hash).toString('hex')
  return { query: inserting(db, { ...ticket, hash }), expectRows: 1 }
}
