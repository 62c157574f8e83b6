// One clinician, two workstations, back and forth: from the answer at the one to the lock at the
// other. Each roam is waited out before the next.

import type { BareBrowser, BareTimes } from './bare-browser.ts'
import { sharedMs } from './shared-clock.ts'
import type { RemoteStation, Ward } from './ward.ts'

/** All in milliseconds; those of the old screen count from the answer, and may be before it. */
export interface Roam {
  readonly answerMs: number
  readonly openedMs: number
  readonly heardMs: number
  readonly lockedMs: number
  readonly goneMs: number
  readonly lineLostMs: number
  /** From the broker's word to the lock. */
  readonly lockingMs: number
  readonly isLocked: boolean
  readonly isMoved: boolean
  /** Charts beyond the one she is at now. */
  readonly chartsLeft: number
}

/** What did not happen is as slow as this, and is not left out. */
const neverMs = 10_000
const lineWithinMs = 3000
const betweenMs = 150
const bareEvery = 6

/** Both with a browser: the new chart opens on the cores that the old one is to be locked by. */
export async function measureTogether(
  ward: Ward,
  [a, b]: readonly [RemoteStation, RemoteStation],
  count: number,
): Promise<readonly Roam[]> {
  const roams: Roam[] = []
  for (let turn = 0; turn < count; turn++) {
    roams.push(turn % 2 === 0 ? await roam(ward, a, b, 1) : await roam(ward, b, a, 1))
  }
  return roams
}

/**
 * From a workstation with a browser to one without: on a ward the new one has cores of its own. The
 * way back is not counted. Beside it, now and then, the bare browser.
 */
export async function measureApart(
  ward: Ward,
  [old, without]: readonly [RemoteStation, RemoteStation],
  bare: BareBrowser,
  count: number,
): Promise<{ readonly roams: readonly Roam[]; readonly bare: readonly BareTimes[] }> {
  const roams: Roam[] = []
  const times: BareTimes[] = []
  for (let turn = 0; turn < count; turn++) {
    roams.push(await roam(ward, old, without, 0))
    await old.tap(ward.badges[0])
    await pause(betweenMs)
    if (turn % bareEvery === bareEvery - 1) times.push(await bare.measure(ward.charts.url))
  }
  return { roams, bare: times }
}

async function roam(
  ward: Ward,
  from: RemoteStation,
  to: RemoteStation,
  charts: number,
): Promise<Roam> {
  const tap = await to.tap(ward.badges[0])
  const left = await from.left(tap.atMs)
  const lineLost = await lineLostAfter(ward, tap.atMs)
  const since = (atMs: number | undefined): number =>
    atMs === undefined ? neverMs : atMs - tap.answeredMs
  const { heardMs, coveredMs, goneMs, isLocked } = left
  const isCovered = coveredMs !== undefined && heardMs !== undefined
  await pause(betweenMs)
  return {
    answerMs: tap.answeredMs - tap.atMs,
    openedMs: tap.shownMs - tap.atMs,
    heardMs: since(heardMs),
    lockedMs: since(coveredMs),
    goneMs: since(goneMs),
    lineLostMs: since(lineLost),
    lockingMs: isCovered ? coveredMs - heardMs : neverMs,
    isLocked: isLocked && coveredMs !== undefined,
    isMoved: tap.movedFrom !== undefined,
    chartsLeft: Math.max(0, ward.charts.open - charts),
  }
}

async function lineLostAfter({ charts }: Ward, sinceMs: number): Promise<number | undefined> {
  const untilMs = sharedMs() + lineWithinMs
  while (charts.goneAfter(sinceMs) === undefined && sharedMs() < untilMs) await pause(5)
  return charts.goneAfter(sinceMs)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
