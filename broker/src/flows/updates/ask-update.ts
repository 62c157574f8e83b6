// A workstation asks what there is, whether it may begin, and tells how it ended. What goes out is
// a manifest as it was signed; the choice itself is may-update's.

import { compareReleases } from '@wardkey/protocol/workstation/updates/release'
import { fileFor } from '@wardkey/protocol/workstation/updates/take-manifest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type {
  UpdateAnswer,
  UpdateRequest,
} from '@wardkey/protocol/workstation/updates/update-exchange'
import type { Fact } from '../../audit/fact.ts'
import { isInWindow } from '../../policy/update-windows.ts'
import { sessionAt } from '../../sessions/living-session.ts'
import type { Store, Write } from '../../store/store.ts'
import { findWorkstation } from '../find-workstation.ts'
import { newFact } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'
import { waitsToBegin, waitsToFetch } from './may-update.ts'
import type { UpdateSight } from './may-update.ts'
import { changeRollout, currentRollout, manifestOf, silentMs } from './rollout-rows.ts'
import type { Rollout } from './rollout-rows.ts'
import { ringOf } from './rings.ts'
import type { UpdateNeeds } from './update-needs.ts'

type RequestOf<K extends UpdateRequest['kind']> = Extract<UpdateRequest, { kind: K }>

const minuteMs = 60_000
/** While nothing goes out; while something does. */
const idleMs = 60 * minuteMs
const busyMs = 10 * minuteMs

interface Seen {
  readonly sight: UpdateSight
  readonly rollout: Rollout
}

/** What may be fetched now. Keeps why it waits, as the newest of its kind: that is no fact. */
export async function askUpdate(
  id: WorkstationId,
  request: RequestOf<'ask'>,
  needs: UpdateNeeds & { readonly store: Pick<Store, 'commit'> },
): Promise<UpdateAnswer> {
  const seen = await look(id, request, needs)
  if (!seen) return { kind: 'nothing', why: 'no-rollout', againMs: idleMs }
  const { sight, rollout } = seen
  const file = fileFor(manifestOf(rollout.text), request)
  const why = waitsToFetch(sight) ?? whyNoFile(file)
  const waits = why ?? request.waits ?? waitsToBegin(sight)
  await keepWait(id, waits, needs)
  const isOver = why === 'up-to-date' || why === 'no-rollout' || why === 'tried'
  if (why !== undefined) return { kind: 'nothing', why, againMs: isOver ? idleMs : busyMs }
  const manifests = [...(await handOversAfter(request.seen, rollout, needs)), rollout.text]
  const later = waitsToBegin(sight)
  return { kind: 'offer', manifests, ...(later ? { why: later } : {}), againMs: busyMs }
}

/** Counted as under way from here on, at most so many at once: the roll-out's row holds to it. */
export async function beginUpdate(
  id: WorkstationId,
  request: RequestOf<'begin'>,
  needs: UpdateNeeds,
): Promise<Recorded<UpdateAnswer>> {
  const seen = await look(id, request, needs)
  if (seen?.rollout.number !== request.number) return notUnderWay(id, request, needs)
  const { sight, rollout } = seen
  const why = waitsToBegin(sight) ?? whyNoFile(fileFor(manifestOf(rollout.text), request))
  if (why !== undefined) {
    const answer = { kind: 'wait', why, againMs: busyMs } as const
    return { ...notUnderWay(id, request, needs, why), answer }
  }
  const { ring } = sight
  const row = { state: 'began' as const, from_release: request.running, at_ms: needs.nowMs() }
  const query = needs.db
    .insertInto('rollout_member')
    .values({ rollout_id: rollout.id, workstation_id: id, ring, ...row, flaw: null })
    .onConflict((conflict) =>
      conflict
        .columns(['rollout_id', 'workstation_id'])
        // Silent since it first began: one that begins again and again is well no sooner.
        .doUpdateSet(sight.member === 'began' ? { state: 'began' } : row)
        .where('rollout_member.state', '=', sight.member ?? 'began'),
    )
    .compile()
  const fields = { ...aboutOf(rollout), ring, from: request.running }
  return {
    answer: { kind: 'go', number: rollout.number },
    facts: [newFact(needs, 'UPD-009', { workstation: id, fields })],
    writes: [{ query, expectRows: 1 }, changeRollout(rollout, {}, needs)],
    notices: [],
  }
}

const endings = { healthy: 'UPD-010', failed: 'UPD-102', returned: 'UPD-103' } as const

/** Told again it changes nothing: what it said first of this roll-out holds. */
export async function endUpdate(
  id: WorkstationId,
  request: RequestOf<'ended'>,
  needs: UpdateNeeds,
): Promise<Recorded<UpdateAnswer>> {
  const member = await needs.db
    .selectFrom('rollout_member')
    .innerJoin('rollout', 'rollout.id', 'rollout_member.rollout_id')
    .where('rollout.number', '=', request.number)
    .where('workstation_id', '=', id)
    .orderBy('begun_ms', 'desc')
    .select(['rollout_id', 'rollout_member.state', 'rollout_member.ring'])
    .executeTakeFirst()
  if (member?.state !== 'began') return notUnderWay(id, request, needs)
  const { outcome, flaw, running, number } = request
  const query = needs.db
    .updateTable('rollout_member')
    .set({ state: outcome, at_ms: needs.nowMs(), flaw: flaw ?? null })
    .where('rollout_id', '=', member.rollout_id)
    .where('workstation_id', '=', id)
    .where('state', '=', 'began')
    .compile()
  const about = { rollout: member.rollout_id, number, ring: member.ring, running }
  const fields = { ...about, ...(flaw === undefined ? {} : { flaw }) }
  return recorded(newFact(needs, endings[outcome], { workstation: id, fields }), [
    { query, expectRows: 1 },
  ])
}

async function look(
  id: WorkstationId,
  { running }: Pick<UpdateRequest, 'running'>,
  needs: UpdateNeeds,
): Promise<Seen | undefined> {
  const { db, updates } = needs
  const rollout = updates && (await currentRollout(needs))
  const here = rollout && (await findWorkstation(db, id))
  if (!updates || !here) return undefined
  const tag = await db
    .selectFrom('workstation')
    .select('asset_tag')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const members = await db
    .selectFrom('rollout_member')
    .select(['workstation_id', 'state', 'at_ms'])
    .where('rollout_id', '=', rollout.id)
    .where((eb) => eb.or([eb('workstation_id', '=', id), eb('state', '=', 'began')]))
    .execute()
  const mine = members.find(({ workstation_id: one }) => one === id)
  const { updateWindows } = here.zone.settings
  const sight: UpdateSight = {
    rollout: {
      ...{ state: rollout.state, ring: rollout.ring, isApproved: rollout.approved_ms !== null },
    },
    ring: ringOf({ id, zoneId: here.zone.id, assetTag: tag.asset_tag }, rollout.rings),
    ...(mine ? { member: mine.state } : {}),
    isThere: compareReleases(running, rollout.release) >= 0,
    isInWindow: isInWindow(updateWindows, updates.timeZone, needs.nowMs()),
    isOpen: (await sessionAt(db, id)) !== undefined,
    underWay: members.filter(
      (one) => one !== mine && one.state === 'began' && needs.nowMs() - one.at_ms < silentMs,
    ).length,
    atOnce: rollout.at_once,
  }
  return { sight, rollout }
}

function whyNoFile(file: ReturnType<typeof fileFor>): 'not-for-this' | 'too-far' | undefined {
  if (file === 'update-not-for-this') return 'not-for-this'
  return file === 'update-too-far' ? 'too-far' : undefined
}

/** So that whoever was away when a key was handed over still follows. */
async function handOversAfter(
  seen: number,
  { number }: Rollout,
  { db }: UpdateNeeds,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('update_release')
    .select('manifest')
    .where('number', '>', seen)
    .where('number', '<', number)
    .orderBy('number')
    .execute()
  const handOvers = rows.filter(({ manifest }) => manifestOf(manifest).nextKey !== undefined)
  return handOvers.slice(0, handOversMax).map(({ manifest }) => manifest)
}

const handOversMax = 8

async function keepWait(
  id: WorkstationId,
  why: string | undefined,
  { db, store, nowMs }: UpdateNeeds & { readonly store: Pick<Store, 'commit'> },
): Promise<void> {
  const known = await db
    .selectFrom('update_wait')
    .select('why')
    .where('workstation_id', '=', id)
    .executeTakeFirst()
  if (known?.why === (why ?? 'nothing')) return
  const row = { why: why ?? 'nothing', at_ms: nowMs() }
  const query = db
    .insertInto('update_wait')
    .values({ workstation_id: id, ...row })
    .onConflict((conflict) => conflict.column('workstation_id').doUpdateSet(row))
    .compile()
  await store.commit({ kind: 'housekeeping', writes: [{ query }] })
}

function aboutOf({ id, number, release }: Rollout) {
  return { rollout: id, number, release }
}

function notUnderWay(
  id: WorkstationId,
  { kind, number }: RequestOf<'begin'> | RequestOf<'ended'>,
  needs: UpdateNeeds,
  why = 'not-under-way',
): Recorded<UpdateAnswer> {
  const fields = { said: kind, number, why }
  const fact = newFact(needs, 'UPD-105', { workstation: id, fields })
  if (kind === 'ended') return recorded(fact, [])
  const answer = { kind: 'wait', why: 'no-rollout', againMs: busyMs } as const
  return { ...recorded(fact, []), answer }
}

function recorded(fact: Fact, writes: readonly Write[]): Recorded<UpdateAnswer> {
  return { answer: { kind: 'noted' }, facts: [fact], writes, notices: [] }
}
