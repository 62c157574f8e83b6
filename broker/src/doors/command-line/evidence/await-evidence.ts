// Waits until the running broker has made the evidence, and says how far it is; not for ever: a
// broker that reads no further is given up.

import { setTimeout as pause } from 'node:timers/promises'
import type { EvidenceStanding } from '@wardkey/protocol/admin/evidence/evidence'
import { exitCodes, Refused } from '../exit.ts'

const askEveryMs = 250
const tellEveryMs = 2000
/** A record of years is read for long; one that is not read any further is not waited for. */
const standsStillMs = 30 * 60_000

type Ready = Extract<EvidenceStanding, { state: 'ready' }>

export interface Waiting {
  /** Goes on evenly. */
  readonly nowMs: () => number
  readonly tell: (line: string) => void
  readonly wait: (ms: number) => Promise<void>
}

const usual: Waiting = {
  nowMs: () => performance.now(),
  tell: (line) => process.stderr.write(line),
  wait: (ms) => pause(ms),
}

/** Throws Refused where it could not be made, or did not go on for half an hour. */
export async function awaitEvidence(
  ask: () => Promise<EvidenceStanding>,
  { nowMs, tell, wait }: Waiting = usual,
): Promise<Ready> {
  let toldMs = nowMs()
  let movedMs = toldMs
  let readBefore = -1
  for (;;) {
    const standing = await ask()
    if (standing.state === 'ready') return standing
    if (standing.state === 'failed') {
      const why = 'The evidence could not be made: the broker’s log says why.'
      throw new Refused(exitCodes.refused, why)
    }
    const { read, of } = standing
    if (read !== readBefore) movedMs = nowMs()
    readBefore = read
    if (nowMs() - movedMs >= standsStillMs) throw standsStill(read, of)
    if (nowMs() - toldMs >= tellEveryMs) {
      toldMs = nowMs()
      tell(`${String(read)} of ${String(of)} entries read …\n`)
    }
    await wait(askEveryMs)
  }
}

function standsStill(read: number, of: number): Refused {
  return new Refused(
    exitCodes.unavailable,
    `The broker has been at ${String(read)} of ${String(of)} entries for 30 minutes; ` +
      'nothing was written.\nLook at the broker’s log and its load, and ask again for fewer days. ' +
      'While it says evidence-busy, it is still at this one: a new start of the broker ends that.',
  )
}
