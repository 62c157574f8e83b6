// What evidence is made with by this broker: its sealer, the record's keys, and the settings that
// rules ask for. It opens nothing by itself.

import { keysOf } from '../audit/key-changes/key-chain.ts'
import { verifierKey } from '../audit/signed-note.ts'
import type { EvidenceNeeds } from '../flows/evidence/make-evidence.ts'
import { signerOf, signersOf } from '../broker-core.ts'
import type { Base, Core } from '../broker-core.ts'

export function evidenceOf(base: Base, core: Core): EvidenceNeeds['evidence'] {
  const { settings, sealer } = base
  const first = signerOf(base)
  const findLater = signersOf(base)
  return {
    seal: () => sealer.sealNow(),
    keys: () => keysOf(sealer.chain),
    findSigner: (key) => (verifierKey(key) === verifierKey(first) ? first : findLater(key)),
    settings: {
      pinDigitsMin: core.pinDigits.min,
      sessionMaxMs: core.sessionMaxMs,
      hasTls: settings['web.tlsCertFile'] !== '',
      witnesses: settings['record.witnesses'].length,
      complianceChannels: core.emergency.channels.length,
    },
  }
}
