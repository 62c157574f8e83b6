// What evidence is made with by this broker: its sealer, the record's key, and the settings that
// rules ask for. It opens nothing by itself.

import type { EvidenceNeeds } from '../flows/evidence/make-evidence.ts'
import { signerNow } from '../audit/key-changes/signer-now.ts'
import { signerOf, signersOf } from '../broker-core.ts'
import type { Base, Core } from '../broker-core.ts'

export function evidenceOf(base: Base, core: Core): EvidenceNeeds['evidence'] {
  const { settings, sealer } = base
  const keys = { db: core.db, signer: signerOf(base), findSigner: signersOf(base) }
  return {
    seal: () => sealer.sealNow(),
    signer: () => signerNow(keys),
    settings: {
      pinDigitsMin: core.pinDigits.min,
      sessionMaxMs: core.sessionMaxMs,
      hasTls: settings['web.tlsCertFile'] !== '',
      witnesses: settings['record.witnesses'].length,
      complianceChannels: core.emergency.channels.length,
    },
  }
}
