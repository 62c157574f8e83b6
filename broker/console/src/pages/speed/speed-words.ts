// Stages between a tap and its chart, as pages name them. Pure.

import type { SpeedStage } from '@wardkey/protocol/admin/speed/speed'

interface StageWords {
  readonly stage: SpeedStage
  readonly head: string
  readonly says: string
}

export const stageWords: readonly StageWords[] = [
  { stage: 'total', head: 'Tap to chart', says: 'all of it, without the time at the PIN pad' },
  { stage: 'reader', head: 'Reader', says: 'from the card until it is read' },
  { stage: 'agent', head: 'Agent', says: 'until the workstation has asked' },
  { stage: 'broker', head: 'Broker', says: 'from the question to the answer, network and all' },
  { stage: 'policy', head: 'Policy', says: 'within the broker: may she?' },
  { stage: 'flush', head: 'Flush', says: 'within the broker: written to the record' },
  { stage: 'screen', head: 'Screen', says: 'until there is a window for the chart' },
  { stage: 'sign-in', head: 'Sign-in', says: 'until the chart has signed her in' },
  { stage: 'first-paint', head: 'First paint', says: 'until the chart is to be seen' },
]

export const headOf = (stage: SpeedStage): string =>
  stageWords.find((one) => one.stage === stage)?.head ?? stage

export const percentiles = ['p50', 'p95', 'p99'] as const
export type Percentile = (typeof percentiles)[number]

interface Times {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}
export const timeOf = (times: Times, which: Percentile): number => times[`${which}Ms`]
