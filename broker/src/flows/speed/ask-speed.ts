// How long each stage took in some time: read from what brokers kept by the hour, and added up by
// zone and by release.

import { z } from 'zod'
import { speedStage, speedStages } from '@wardkey/protocol/admin/speed/speed'
import type {
  SpeedOfRelease,
  SpeedOfZone,
  SpeedShown,
  SpeedStage,
} from '@wardkey/protocol/admin/speed/speed'
import type { FlowNeeds } from '../flow-needs.ts'
import { findSlower } from './find-slower.ts'
import { addUp, countOf, readTimes, withinMs } from './histogram.ts'
import type { Histogram } from './histogram.ts'

const hourMs = 3_600_000
/** Read in pieces, so that whoever taps meanwhile waits for one of them at most. */
const pieceMs = 6 * hourMs

type Part = SpeedOfRelease['part']
/** Whose doing a stage is: that part's releases are compared by it. */
const partsOf: Readonly<Record<SpeedStage, readonly Part[]>> = {
  reader: ['agent'],
  agent: ['agent'],
  broker: ['agent', 'broker'],
  policy: ['broker'],
  flush: ['broker'],
  screen: ['agent'],
  'sign-in': ['agent', 'broker'],
  'first-paint': ['agent'],
  total: ['agent', 'broker'],
}
const kept = z.partialRecord(speedStage, z.string())

interface Sum {
  readonly zoneId: string
  readonly stage: SpeedStage
  readonly part?: Part
  readonly release?: string
  readonly times: Histogram
  firstMs: number
  lastMs: number
}

/** Whole hours: the one in which it begins is in it. */
export async function askSpeed(
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<SpeedShown> {
  const sums = new Map<string, Sum>()
  for (let at = Math.floor(fromMs / hourMs) * hourMs; at < toMs; at += pieceMs) {
    const rows = await db
      .selectFrom('stage_time')
      .where('hour_ms', '>=', at)
      .where('hour_ms', '<', Math.min(at + pieceMs, toMs))
      .select(['hour_ms', 'zone_id', 'agent', 'broker', 'times'])
      .execute()
    for (const row of rows) addRow(sums, row)
    // A database in this process answers at once: by itself no piece would let anybody in between.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const zones = await db.selectFrom('zone').select(['id', 'label']).orderBy('id').execute()
  const labels = new Map(zones.map(({ id, label }) => [id, label]))
  const all = [...sums.values()].sort(inOrder)
  const byRelease = all.flatMap(ofRelease)
  return {
    ...{ fromMs, toMs },
    zones: zones.map(({ id, label }) => ({ zoneId: id, label })),
    byZone: all.flatMap((sum) => (sum.part === undefined ? [timesOf(sum)] : [])),
    byRelease,
    slower: [...findSlower(byRelease, labels)],
  }
}

interface Row {
  readonly hour_ms: number
  readonly zone_id: string
  readonly agent: string
  readonly broker: string
  readonly times: string
}

function addRow(sums: Map<string, Sum>, row: Row): void {
  for (const [name, text] of Object.entries(kept.parse(JSON.parse(row.times)))) {
    const stage = speedStage.parse(name)
    const times = readTimes(text)
    addTo(sums, row, { stage }, times)
    for (const part of partsOf[stage]) addTo(sums, row, { stage, part, release: row[part] }, times)
  }
}

function addTo(
  sums: Map<string, Sum>,
  { hour_ms: atMs, zone_id: zoneId }: Row,
  what: Pick<Sum, 'stage' | 'part' | 'release'>,
  times: Histogram,
): void {
  const key = [zoneId, what.stage, what.part, what.release].join('\n')
  const sum = sums.get(key) ?? { zoneId, ...what, times: new Map(), firstMs: atMs, lastMs: atMs }
  sums.set(key, sum)
  sum.firstMs = Math.min(sum.firstMs, atMs)
  sum.lastMs = Math.max(sum.lastMs, atMs)
  addUp(sum.times, times)
}

const inOrder = (a: Sum, b: Sum): number =>
  a.zoneId.localeCompare(b.zoneId) ||
  speedStages.indexOf(a.stage) - speedStages.indexOf(b.stage) ||
  a.firstMs - b.firstMs

function ofRelease(sum: Sum): readonly SpeedOfRelease[] {
  const { part, release, firstMs, lastMs } = sum
  if (part === undefined || release === undefined) return []
  return [{ part, release, firstMs, lastMs, ...timesOf(sum) }]
}

const timesOf = ({ zoneId, stage, times }: Sum): SpeedOfZone => ({
  ...{ zoneId, stage, count: countOf(times) },
  ...{ p50Ms: withinMs(times, 50), p95Ms: withinMs(times, 95), p99Ms: withinMs(times, 99) },
})
