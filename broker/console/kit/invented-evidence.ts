// A making of evidence that nobody asked for, for the pages' own tests: as far as a test says that
// it is.

import { evidenceStanding } from '@wardkey/protocol/admin/evidence/evidence'

/** How far it is; the broker has forgotten it where it is `unknown`. */
export type HowFar = 'gathering' | 'ready' | 'failed' | 'unknown'

const archive = Buffer.from('an archive that was never made')

/** Its archive where `third` asks for that; nothing where the broker has forgotten it. */
export function inventEvidence(third: string | undefined, how: HowFar) {
  if (how === 'unknown') return undefined
  if (third === 'archive') return how === 'ready' ? archive : undefined
  if (how === 'failed') return evidenceStanding.parse({ state: how })
  if (how === 'gathering') return evidenceStanding.parse({ state: how, read: 81_500, of: 200_001 })
  return evidenceStanding.parse({
    ...{ state: how, name: 'wardkey-evidence-2026-07-01-2026-09-30.zip', bytes: 1_204_736 },
    sha256: 'c4'.repeat(32),
    verdicts: { met: 12, 'not-met': 2, 'not-applicable': 5, judgement: 17 },
  })
}
