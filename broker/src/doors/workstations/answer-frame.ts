// From a frame to its flow. One place where every kind of frame is named; a kind without a flow
// does not compile.

import type { AgentFrame } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { breakGlass } from '../../flows/break-glass.ts'
import { cancelTap } from '../../flows/cancel-tap.ts'
import { endSuspended } from '../../flows/end-suspended.ts'
import { answerErrand } from '../../flows/errands/answer-errand.ts'
import { beginErrandHere } from '../../flows/errands/begin-errand.ts'
import type { ErrandNeeds } from '../../flows/errands/errand-answers.ts'
import { enterPin } from '../../flows/enter-pin.ts'
import type { EnterPinNeeds } from '../../flows/pin-entry.ts'
import { newMessageId, notedFrame } from '../../flows/flow-needs.ts'
import { launchAgain } from '../../flows/launch-again.ts'
import { leave } from '../../flows/leave.ts'
import { mergeOffline } from '../../flows/merge-offline.ts'
import type { MergeNeeds } from '../../flows/merge-offline.ts'
import { noteWrongLock } from '../../flows/note-wrong-lock.ts'
import type { Answered } from '../../flows/perform.ts'
import { reportLaunch } from '../../flows/report-launch.ts'
import { reportPresence } from '../../flows/report-presence.ts'
import { resumeFromSleep } from '../../flows/resume-from-sleep.ts'
import { tapIn } from '../../flows/tap-in.ts'
import { vouch } from '../../flows/vouch.ts'
import type { Unrecorded } from './connection.ts'
import type { StepUpDoor } from './step-up-door.ts'
import type { Connection } from './connection.ts'

export interface AnswerNeeds extends EnterPinNeeds, MergeNeeds, ErrandNeeds {
  readonly stepUp: StepUpDoor
}

export type FrameAnswer =
  | { readonly kind: 'answered'; readonly answered: Answered<BrokerFrame> }
  | { readonly kind: 'unrecorded'; readonly frame: Unrecorded }

/** `hello` is the door's own: it makes the connection what it is. */
export async function answerFrame(
  frame: Exclude<AgentFrame, { kind: 'hello' }>,
  from: Pick<Connection, 'workstationId' | 'greetedMs'>,
  needs: AnswerNeeds,
): Promise<FrameAnswer> {
  if (frame.kind === 'ping') {
    const about = { id: newMessageId(needs), replyTo: frame.id, serverTimeMs: needs.nowMs() }
    return { kind: 'unrecorded', frame: { kind: 'pong', ...about } }
  }
  // About the machine, not about a person: kept by the connection, counted, and not in the record.
  if (frame.kind === 'health' || frame.kind === 'out-kept' || frame.kind === 'inventory')
    return { kind: 'unrecorded', frame: notedFrame(needs, frame.id) }
  return { kind: 'answered', answered: await answerRecorded(frame, from, needs) }
}

function answerRecorded(
  frame: Exclude<AgentFrame, { kind: 'hello' | 'ping' | 'health' | 'inventory' | 'out-kept' }>,
  { workstationId: at, greetedMs }: Parameters<typeof answerFrame>[1],
  needs: AnswerNeeds,
): Promise<Answered<BrokerFrame>> {
  const { perform, stepUp } = needs
  switch (frame.kind) {
    case 'tap': {
      const tap = { tapId: frame.tapId, workstationId: at, card: frame.card }
      return perform((look) => tapIn(tap, look, needs))
    }
    case 'pin':
      return enterPin({ tapId: frame.tapId, workstationId: at, pin: frame.pin }, needs)
    case 'cancel':
      return perform(() => cancelTap(frame, at, needs))
    case 'leave':
      return perform(() => leave(frame, at, needs))
    case 'resumed':
      return perform(() => resumeFromSleep(frame, at, needs))
    case 'launched':
      return perform(() => reportLaunch(frame, at, needs))
    case 'launch-again':
      return perform(() => launchAgain(frame, at, needs))
    case 'presence':
      return perform(() => reportPresence(frame, at, needs))
    case 'end':
      return perform(() => endSuspended(frame, at, needs))
    case 'lock-was-wrong':
      return perform(() => noteWrongLock(frame, at, needs))
    case 'break-glass':
      return perform(() => breakGlass(frame, at, needs))
    case 'witness':
      return perform(() => vouch(frame, at, needs))
    case 'errand':
      return perform(() => beginErrandHere(frame, at, needs))
    case 'errand-answer':
      return answerErrand(frame, at, needs)
    case 'offline-facts':
      return perform(() => mergeOffline(frame, at, needs, greetedMs))
    case 'sign-tap':
      return stepUp.tap(at, frame)
    case 'sign-pin':
      return stepUp.pin(at, frame)
    case 'sign-cancel':
      return stepUp.cancel(at, frame)
  }
}
