// Faults of the workstation's machine, each one small and each one somebody's harm: a chart seen by
// another, a clinician locked out, a session that the record does not know of.

import { inLeaving, inWaiting } from './in-leaving.ts'
import { inItsOwn, inLimits } from './in-limits.ts'
import { inAnswers, inTaps } from './in-taps.ts'
import type { Mutant } from './mutant.ts'

export const inMachine: readonly Mutant[] = [
  ...inTaps,
  ...inAnswers,
  ...inLeaving,
  ...inWaiting,
  ...inLimits,
  ...inItsOwn,
]
