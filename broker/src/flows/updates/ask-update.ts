// A workstation asks what there is, and whether it may begin. What goes out is a manifest as it was
// signed; the choice itself is may-update's, and what became of it is end-update's.

import { compareReleases } from '@wardkey/protocol/workstation/updates/release'
import { fileFor } from '@wardkey/protocol/workstation/updates/take-manifest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type {
  UpdateAnswer,
  UpdateRequest,
  UpdateWait,
} from '@wardkey/protocol/workstation/updates/update-exchange'
import { isInWindow } from '../../policy/update-windows.ts'
import { sessionAt } from '../../sessions/living-session.ts'
import type { Store } from '../../store/store.ts'
import { findWorkstation } from '../find-workstation.ts'
import { newFact } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'
import { notUnderWay } from './end-update.ts'
import { waitsToBegin, waitsToFetch } from './may-update.ts'
import type { UpdateSight } from './may-update.ts'
import { changeRollout, currentRollout, keepWait, manifestOf, silentMs } from './rollout-rows.ts'
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
  await tellWait(id, why ?? request.waits ?? waitsToBegin(sight), needs)
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
  if (seen?.rollout.number !== request.number) {
    return waits('no-rollout', notUnderWay(id, request, needs))
  }
  const { sight, rollout } = seen
  const why = waitsToBegin(sight) ?? whyNoFile(fileFor(manifestOf(rollout.text), request))
  if (why !== undefined) return waits(why, notUnderWay(id, request, needs, why))
  const { ring } = sight
  const begin_key = request.key ?? null
  const since = { from_release: request.running, at_ms: needs.nowMs() }
  const row = { state: 'began' as const, begin_key, ...since }
  const query = needs.db
    .insertInto('rollout_member')
    .values({ rollout_id: rollout.id, workstation_id: id, ring, ...row, flaw: null })
    .onConflict((conflict) =>
      conflict
        .columns(['rollout_id', 'workstation_id'])
        // Silent since it first began: one that begins again and again is well no sooner.
        .doUpdateSet(sight.member === 'began' ? { state: 'began', begin_key } : row)
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

async function tellWait(
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
  const write = keepWait(id, why ?? 'nothing', { db, nowMs })
  await store.commit({ kind: 'housekeeping', writes: [write] })
}

function aboutOf({ id, number, release }: Rollout) {
  return { rollout: id, number, release }
}

const waits = (why: UpdateWait, told: Recorded<UpdateAnswer>): Recorded<UpdateAnswer> => ({
  ...told,
  answer: { kind: 'wait', why, againMs: busyMs },
})
