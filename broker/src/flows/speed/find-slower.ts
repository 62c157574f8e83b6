// Where the newest release takes longer than the one before it, in the same zone: said only where
// enough was counted of both, and the difference is one that people feel. Pure.

import type { SpeedOfRelease, SpeedShown, SpeedStage } from '@wardkey/protocol/admin/speed/speed'

type Slower = SpeedShown['slower'][number]

/** Fewer say nothing about one time in twenty. */
const countMin = 40
const timesMin = 1.25
/** Nobody feels less, and classes are 9 % wide. */
const moreMinMs = 15

const words: Readonly<Record<SpeedStage, string>> = {
  reader: 'the reader',
  agent: 'the workstation’s own work',
  broker: 'the broker’s answer',
  policy: 'policy',
  flush: 'writing the record',
  screen: 'the window for the chart',
  'sign-in': 'sign-in to the chart',
  'first-paint': 'the chart’s first picture',
  total: 'from tap to chart',
}

export function findSlower(
  rows: readonly SpeedOfRelease[],
  labels: ReadonlyMap<string, string>,
): readonly Slower[] {
  const groups = new Map<string, SpeedOfRelease[]>()
  for (const row of rows) {
    const key = `${row.part} ${row.stage} ${row.zoneId}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].flatMap((group) => {
    const [now, before] = [...group].sort((a, b) => b.firstMs - a.firstMs || b.lastMs - a.lastMs)
    return now && before && isSlower(now, before) ? [slowerOf(now, before, labels)] : []
  })
}

function isSlower(now: SpeedOfRelease, before: SpeedOfRelease): boolean {
  if (now.count < countMin || before.count < countMin) return false
  return now.p95Ms >= before.p95Ms * timesMin && now.p95Ms - before.p95Ms >= moreMinMs
}

function slowerOf(
  now: SpeedOfRelease,
  before: SpeedOfRelease,
  labels: ReadonlyMap<string, string>,
): Slower {
  const { zoneId, part, release, stage, p95Ms } = now
  const place = labels.get(zoneId) ?? zoneId
  const says =
    `${place}: ${words[stage]} takes longer since ${part} ${release}. 95 of 100 within ` +
    `${String(p95Ms)} ms; with ${before.release} within ${String(before.p95Ms)} ms.`
  const beforeP95Ms = before.p95Ms
  return { zoneId, part, release, before: before.release, stage, p95Ms, beforeP95Ms, says }
}
