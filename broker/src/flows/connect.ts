// A workstation says hello: what it says is open is compared with what is, and every difference
// ends in locked.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame, BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import type { NextAuthority } from '@wardkey/protocol/workstation/fleet/next-authority'
import { protocolVersion } from '@wardkey/protocol/workstation/version'
import { rulesFor } from '../policy/zone-settings.ts'
import type { PinDigits } from '../policy/zone-settings.ts'
import { sessionAt } from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import { noteHardware } from './enrolment/refuse-copy.ts'
import { findWorkstation } from './find-workstation.ts'
import type { Workstation } from './find-workstation.ts'
import { newFact, newMessageId } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { leftAs } from './leave.ts'
import { lockHere } from './lock-here.ts'
import type { LockedHere } from './lock-here.ts'
import { notOpenHere } from './not-open-here.ts'
import { bookTime } from './offline/clamp-time.ts'
import { noteGaps } from './offline/note-gaps.ts'
import type { Recorded } from './recorded.ts'
import { leftNotice } from './session-notices.ts'
import { noteReached, trustFrom } from './trust-from.ts'

export interface ConnectNeeds extends FlowNeeds {
  readonly pinDigits: PinDigits
  /** Addresses of the other brokers that hold this record. */
  readonly brokers: readonly string[]
  /** What bundles are signed with, as workstations are told; absent where none are made. */
  readonly bundleKey?: string
  /** The authority after the present one, while workstations are to be told of it. */
  readonly nextAuthority?: () => NextAuthority | undefined
}

/**
 * Nothing as the answer is a workstation that may not connect. Otherwise `welcome`, and after it a
 * `lock` where the screen shows a session that is not open there.
 */
export async function connect(
  hello: AgentFrameOf<'hello'>,
  id: WorkstationId,
  needs: ConnectNeeds,
): Promise<Recorded<readonly BrokerFrame[] | undefined>> {
  const workstation = await findWorkstation(needs.db, id)
  if (workstation?.status !== 'active') {
    const about = { workstation: id, fields: { reason: 'not-enrolled' } }
    return {
      answer: undefined,
      facts: [newFact(needs, 'WKS-102', about)],
      writes: [],
      notices: [],
    }
  }
  const open = await sessionAt(needs.db, id)
  const isRestarted = workstation.bootId !== hello.bootId
  // Open in our books, but its screen does not show it: it crashed, or never got the answer.
  const isShown = open?.id === hello.openSessionId
  const left = isShown ? undefined : hello.left?.find((one) => isOf(one, open))
  const locked = open && !isShown ? lockedBy(open, left, needs) : undefined
  const gone = await noteGaps(hello.gaps ?? [], workstation, needs)
  const claimed = hello.openSessionId
  const frames: BrokerFrame[] = [welcome(hello, workstation, left, needs)]
  if (claimed !== undefined && claimed !== open?.id) {
    frames.push(await notOpenHere(claimed, id, needs))
  }
  return {
    answer: frames,
    facts: [
      newFact(needs, 'WKS-004', {
        workstation: id,
        zone: workstation.zone.id,
        fields: { agentVersion: hello.agentVersion, platform: hello.platform, isRestarted },
      }),
      ...gone.facts,
      ...(locked?.facts ?? []),
    ],
    writes: [
      noteReached(needs.db, id, needs.nowMs()),
      ...noteHardware(needs.db, id, workstation.hardware, hello.hardware),
      ...(isRestarted ? [trustFrom(needs.db, workstation, hello.bootId, needs.nowMs())] : []),
      ...gone.writes,
      ...(locked?.writes ?? []),
    ],
    notices: locked && open ? [...locked.notices, ...goneNotices(open, isRestarted)] : [],
  }
}

type Left = NonNullable<AgentFrameOf<'hello'>['left']>[number]

const isOf = ({ sessionId, opening }: Left, open: LivingSession | undefined): boolean =>
  sessionId === open?.id && opening === open.version

/** As its workstation says that it was left; where it does not, nobody knows when and why. */
function lockedBy(open: LivingSession, left: Left | undefined, needs: FlowNeeds): LockedHere {
  if (!left) return lockHere(open, 'not-on-screen', needs)
  const { ms: lockedMs, isAhead } = bookTime(left.atMs, needs.nowMs(), open.changedMs)
  return leftAs(open, left.reason, needs, isAhead ? { isAhead } : { lockedMs })
}

/** After a restart nothing of the chart is left there; its EHR must not believe that it is. */
function goneNotices(open: LivingSession, isRestarted: boolean) {
  return isRestarted ? [leftNotice(open, 'ended')] : []
}

function welcome(
  hello: AgentFrameOf<'hello'>,
  workstation: Workstation,
  left: Left | undefined,
  needs: ConnectNeeds,
): BrokerFrameOf<'welcome'> {
  const nextAuthority = needs.nextAuthority?.()
  return {
    kind: 'welcome',
    id: newMessageId(needs),
    replyTo: hello.id,
    version: Math.min(protocolVersion, hello.version),
    workstationId: workstation.id,
    place: workstation.place,
    rules: rulesFor(workstation.zone, needs.pinDigits),
    serverTimeMs: needs.nowMs(),
    brokers: [...needs.brokers],
    ...(needs.bundleKey === undefined ? {} : { bundleKey: needs.bundleKey }),
    ...(nextAuthority ? { nextAuthority } : {}),
    ...(left ? { noted: [left.id] } : {}),
    ...(hello.gaps ? { gapsNoted: true } : {}),
    probes: true,
  }
}
