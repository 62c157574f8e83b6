// Times that nobody took, for the page of speed: three wards, two releases, one of them slower.

import { speedQuery, speedShown, speedStages } from '@wardkey/protocol/admin/speed/speed'

const usualMs = [24, 2, 31, 3, 6, 48, 190, 55, 350] as const
const wards = [
  ['4-west', '4 West', 1],
  ['emergency', 'Emergency department', 1.2],
  ['pharmacy', 'Pharmacy', 0.9],
] as const
const hourMs = 3_600_000

export function inventSpeed(asked: Readonly<Record<string, string>>) {
  const { fromMs, toMs } = speedQuery.parse(asked)
  const timesOf = (zoneId: string, at: number, factor: number, count: number) => {
    const ms = (by: number): number => Math.ceil((usualMs[at] ?? 1) * factor * by)
    return {
      ...{ zoneId, stage: speedStages[at] ?? 'total', count },
      ...{ p50Ms: ms(1), p95Ms: ms(2.1), p99Ms: ms(3.4) },
    }
  }
  const each = wards.flatMap(([zoneId, , factor]) =>
    speedStages.map((stage, at) => ({ zoneId, at, factor, stage })),
  )
  const release = (number: string, back: number, slow: number) =>
    each.map(({ zoneId, at, factor, stage }) => ({
      ...{ part: 'agent' as const, release: number },
      ...{ firstMs: toMs - back * hourMs, lastMs: toMs - hourMs },
      ...timesOf(
        zoneId,
        at,
        stage === 'screen' && zoneId === '4-west' ? factor * slow : factor,
        240,
      ),
    }))
  return speedShown.parse({
    ...{ fromMs, toMs },
    zones: wards.map(([zoneId, label]) => ({ zoneId, label })),
    byZone: each.map(({ zoneId, at, factor }) => timesOf(zoneId, at, factor, 480)),
    byRelease: [...release('0.1.0', 160, 1), ...release('0.2.0', 30, 2)],
    slower: [
      {
        ...{ zoneId: '4-west', part: 'agent', release: '0.2.0', before: '0.1.0', stage: 'screen' },
        ...{ p95Ms: 202, beforeP95Ms: 101 },
        says:
          '4 West: the window for the chart takes longer since agent 0.2.0. 95 of 100 within ' +
          '202 ms; with 0.1.0 within 101 ms.',
      },
    ],
  })
}
