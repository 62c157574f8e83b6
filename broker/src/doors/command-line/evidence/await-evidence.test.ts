// How long evidence is waited for: as long as the broker reads on, and no longer.

import { describe, expect, it } from 'vitest'
import type { EvidenceStanding } from '@wardkey/protocol/admin/evidence/evidence'
import { exitCodes } from '../exit.ts'
import { awaitEvidence } from './await-evidence.ts'

const minuteMs = 60_000
const verdicts = { met: 1, 'not-met': 0, 'not-applicable': 0, judgement: 0 }
const ready: EvidenceStanding = {
  ...{ state: 'ready', name: 'q1.zip', bytes: 1, sha256: 'a'.repeat(64), verdicts },
}
const gathering = (read: number): EvidenceStanding => ({ state: 'gathering', read, of: 900 })

/** Each answer comes so long after the one before; the last one again and again. */
function asked(everyMs: number, ...answers: readonly EvidenceStanding[]) {
  const told: string[] = []
  let nowMs = 0
  let at = 0
  const ask = (): Promise<EvidenceStanding> => {
    nowMs += everyMs
    return Promise.resolve(answers[Math.min(at++, answers.length - 1)] ?? ready)
  }
  const waiting = {
    nowMs: () => nowMs,
    tell: (line: string) => told.push(line),
    wait: () => Promise.resolve(),
  }
  return { done: awaitEvidence(ask, waiting), told, passedMs: () => nowMs }
}

describe('evidence', () => {
  it('is waited for while the broker reads on, however long that takes', async () => {
    const { done, told } = asked(29 * minuteMs, gathering(1), gathering(2), gathering(3), ready)
    expect(await done).toEqual(ready)
    expect(told).toContain('2 of 900 entries read …\n')
  })
  it('is given up where the broker reads no further, with what to do', async () => {
    const { done, passedMs } = asked(10 * minuteMs, gathering(7))
    await expect(done).rejects.toMatchObject({
      exitCode: exitCodes.unavailable,
      message: expect.stringMatching(/7 of 900 .* nothing was written[^]*fewer days/),
    })
    expect(passedMs()).toBe(40 * minuteMs)
  })
  it('is given up at once where the broker could not make it', async () => {
    const { done, passedMs } = asked(1, { state: 'failed' })
    await expect(done).rejects.toMatchObject({ exitCode: exitCodes.refused })
    expect(passedMs()).toBe(1)
  })
})
