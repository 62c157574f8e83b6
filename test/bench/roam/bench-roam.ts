// npm run bench -- roam: how soon the old screen is locked once a clinician has tapped elsewhere,
// and what a tap costs without the broker beside the same tap with it.

import { loadavg } from 'node:os'
import { quantile } from '../tap/floors.ts'
import { BareBrowser } from './bare-browser.ts'
import type { BareTimes } from './bare-browser.ts'
import { measureOffline } from './offline-windows.ts'
import type { OfflineWindows, TapTimes } from './offline-windows.ts'
import { measureApart, measureTogether } from './roams.ts'
import type { Roam } from './roams.ts'
import { Ward } from './ward.ts'
import type { RecordCounts } from './ward-broker.ts'

interface Plan {
  readonly apart: number
  /** Even: she ends where she began. */
  readonly together: number
  readonly pairs: number
  readonly taps: number
}

const whole: Plan = { apart: 60, together: 16, pairs: 4, taps: 12 }
const short: Plan = { apart: 6, together: 4, pairs: 1, taps: 6 }

/** The product's promises. */
const goals = { oldScreenLockedAfterAnswerMsP99: 20, offlineOverOnline: 1 }

export async function benchRoam(args: readonly string[]): Promise<object> {
  const plan = args.includes('--short') ? short : whole
  say(`load average ${loadavg().map(twoPlaces).join(' ')}`)
  const ward = await Ward.open(['station 1', 'station 2', 'station 3', 'station 4'])
  try {
    const roams = await roamsOf(ward, plan)
    const station = await ward.openStation({ canBeCut: true })
    const windows = await measureOffline(ward, station, plan)
    tellWindows(windows)
    say(`load average ${loadavg().map(twoPlaces).join(' ')}`)
    return summary(roams, windows, await ward.record())
  } finally {
    await ward.close()
  }
}

interface Roams {
  readonly apart: readonly Roam[]
  readonly together: readonly Roam[]
  readonly bare: readonly BareTimes[]
}

async function roamsOf(ward: Ward, plan: Plan): Promise<Roams> {
  const a = await ward.openStation()
  const b = await ward.openStation()
  // Before the first PIN: one proved before a workstation has started counts for nothing there.
  const without = await ward.openStation({ hasBrowser: false })
  // With the PIN, and once each way: it warms both up and is not counted.
  for (const station of [a, b, a]) await station.tap(ward.badges[0])
  const together = await measureTogether(ward, [a, b], plan.together)
  tellRoams('both with a browser', together)
  const { roams: apart, bare } = await beside((browser) =>
    measureApart(ward, [a, without], browser, plan.apart),
  )
  tellRoams('the new workstation without one', apart)
  say(`bare browser, to the front ${tell(bare.map(({ activateMs }) => activateMs))}`)
  say(`bare browser, disposed of  ${tell(bare.map(({ disposeMs }) => disposeMs))}`)
  await ward.closeStations()
  return { apart, together, bare }
}

async function beside<T>(measure: (browser: BareBrowser) => Promise<T>): Promise<T> {
  const browser = await BareBrowser.open()
  try {
    return await measure(browser)
  } finally {
    await browser.close()
  }
}

function summary(roams: Roams, windows: OfflineWindows, record: RecordCounts) {
  const { apart, together, bare } = roams
  const { online, offline, flushes, pinsAsked, decidedAlone } = windows
  const all = [...apart, ...together]
  const locked = spread(apart.map(({ lockedMs }) => lockedMs))
  const locking = spread(apart.map(({ lockingMs }) => lockingMs))
  const activate = spread(bare.map(({ activateMs }) => activateMs))
  const opened = pairOf(online, offline, ({ openedMs }) => openedMs)
  const answer = pairOf(online, offline, ({ answerMs }) => answerMs)
  return {
    figures: {
      roams: apart.length,
      roamsTogether: together.length,
      notLocked: all.filter(({ isLocked }) => !isLocked).length,
      notMoved: all.filter(({ isMoved }) => !isMoved).length,
      chartsLeft: all.reduce((sum, { chartsLeft }) => sum + chartsLeft, 0),
      oldScreenLockedAfterAnswerMs: locked,
      oldScreenLockedAfterAnswerTogetherMs: spread(together.map(({ lockedMs }) => lockedMs)),
      lockHeardAfterAnswerMs: spread(apart.map(({ heardMs }) => heardMs)),
      lockHeardToLockedMs: locking,
      oldChartGoneAfterAnswerMs: spread(apart.map(({ goneMs }) => goneMs)),
      oldChartLineLostAfterAnswerMs: spread(apart.map(({ lineLostMs }) => lineLostMs)),
      roamAnswerMs: spread(apart.map(({ answerMs }) => answerMs)),
      roamOpenedTogetherMs: spread(together.map(({ openedMs }) => openedMs)),
      tapsOnline: online.length,
      tapsOffline: offline.length,
      pinsAsked,
      decidedAlone,
      decidedAloneInRecord: record['OFF-002'] ?? 0,
      onlineAnswerMs: answer.online,
      offlineAnswerMs: answer.offline,
      onlineOpenedMs: opened.online,
      offlineOpenedMs: opened.offline,
    },
    floors: {
      browserActivateMs: activate,
      browserDisposeMs: spread(bare.map(({ disposeMs }) => disposeMs)),
      flushMs: spread(flushes),
    },
    ratios: {
      oldScreenLockedAfterAnswerMsP99: locked.p99,
      lockOverBareBrowser: locking.p50 / activate.p50,
      offlineOverOnline: opened.offline.p50 / opened.online.p50,
      offlineOverOnlineP99: opened.offline.p99 / opened.online.p99,
      offlineAnswerOverOnline: answer.offline.p50 / answer.online.p50,
    },
    goals,
  }
}

function pairOf(
  online: readonly TapTimes[],
  offline: readonly TapTimes[],
  of: (times: TapTimes) => number,
) {
  return { online: spread(online.map(of)), offline: spread(offline.map(of)) }
}

interface Spread {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

function spread(values: readonly number[]): Spread {
  const at = (share: number): number => Math.round(quantile(values, share) * 100) / 100
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) }
}

function tellRoams(how: string, roams: readonly Roam[]): void {
  say(`${String(roams.length)} roams, ${how}; of the old screen, ms after the answer:`)
  say(`  word to lock ${tell(roams.map(({ heardMs }) => heardMs))}`)
  say(`  locked       ${tell(roams.map(({ lockedMs }) => lockedMs))}`)
  say(`  chart gone   ${tell(roams.map(({ goneMs }) => goneMs))}`)
  say(`  line lost    ${tell(roams.map(({ lineLostMs }) => lineLostMs))}`)
  say(`  ms from the tap: answer ${tell(roams.map(({ answerMs }) => answerMs))}`)
  say(`                   opened ${tell(roams.map(({ openedMs }) => openedMs))}`)
}

function tellWindows({ online, offline, pinsAsked, flushes }: OfflineWindows): void {
  say(`${String(online.length)} taps with the broker, ${String(offline.length)} without`)
  say(`  answer, with     ${tell(online.map(({ answerMs }) => answerMs))}`)
  say(`  answer, without  ${tell(offline.map(({ answerMs }) => answerMs))}`)
  say(`  opened, with     ${tell(online.map(({ openedMs }) => openedMs))}`)
  say(`  opened, without  ${tell(offline.map(({ openedMs }) => openedMs))}`)
  say(`  flush            ${tell(flushes)}; PINs asked for: ${String(pinsAsked)}`)
}

const twoPlaces = (value: number): string => value.toFixed(2)
const tell = (values: readonly number[]): string => {
  const { p50, p90, p99, max } = spread(values)
  return `p50 ${twoPlaces(p50)} p90 ${twoPlaces(p90)} p99 ${twoPlaces(p99)} max ${twoPlaces(max)}`
}
const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
