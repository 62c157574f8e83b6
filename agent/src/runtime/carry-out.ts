// Carries out what the machine wants done: words to the broker, windows to the launch. It decides
// nothing, and adds only what the machine does not know: ids of messages, clock times,
// measurements.

import type { Effect } from '../machine/effect.ts'
import { askMs, checkMs, signMs } from '../machine/limits.ts'
import type { Card } from '../machine/state.ts'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { Link } from '../link/link.ts'
import type { Clock } from '../platform/clock.ts'
import type { StageTimes } from './stage-times.ts'
import type { Windows } from './windows.ts'

export interface CarryOutNeeds {
  readonly link: Pick<Link, 'ask' | 'tell' | 'tellSurely'>
  readonly clock: Clock
  readonly windows: Windows
  readonly stages: StageTimes
}

export function carryOut(effect: Effect, { link, clock, windows, stages }: CarryOutNeeds): void {
  const nowMs = clock.monoMs()
  const atMs = clock.wallMs()
  switch (effect.kind) {
    case 'send-tap': {
      const { tapId, card } = effect
      stages.begin(tapId, nowMs)
      link.ask({ kind: 'tap', tapId, card: claimOf(card), atMs }, askMs)
      return
    }
    case 'send-pin':
      stages.mark('pin-given', nowMs)
      link.ask({ kind: 'pin', tapId: effect.tapId, pin: effect.pin }, checkMs)
      return
    case 'send-sign-tap': {
      const { ceremonyId, tapId, card } = effect
      link.ask({ kind: 'sign-tap', ceremonyId, tapId, card: claimOf(card), atMs }, signMs)
      return
    }
    case 'send-sign-pin':
      link.ask({ kind: 'sign-pin', ceremonyId: effect.ceremonyId, pin: effect.pin }, signMs)
      return
    case 'send-cancel':
      link.tell({ kind: 'cancel', tapId: effect.tapId, reason: effect.reason })
      return
    case 'send-sign-cancel':
      link.tell({
        kind: 'sign-cancel',
        ceremonyId: effect.ceremonyId,
        reason: effect.reason,
      })
      return
    case 'send-health':
      link.tell({ kind: 'health', reader: effect.reader, browser: effect.browser })
      return
    case 'send-leave': {
      const { sessionId, reason } = effect
      link.tellSurely({ kind: 'leave', sessionId, reason, atMs })
      return
    }
    case 'send-resumed':
      link.tellSurely({ kind: 'resumed', atMs })
      return
    case 'send-presence': {
      const { sessionId, evidence, confidence } = effect
      link.tellSurely({ kind: 'presence', sessionId, evidence, confidence, atMs })
      return
    }
    case 'send-launched': {
      const { sessionId, outcome } = effect
      link.tellSurely({ kind: 'launched', sessionId, outcome, stagesMs: stages.marks() })
      return
    }
    case 'cover':
      windows.cover(effect.sessionId)
      return
    case 'end-launch':
      windows.end(effect.sessionId)
      return
    case 'reveal':
      windows.reveal(effect.sessionId)
      return
    case 'launch':
      windows.launch(effect.sessionId, effect.steps)
  }
}

function claimOf({ technology, canonical, format }: Card): CardClaim {
  return { technology, canonical, ...(format === undefined ? {} : { format }) }
}
