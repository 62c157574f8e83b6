// What evidence is made with by this broker: its sealer, which knows the record's keys, and the settings that
// rules ask for. It opens nothing by itself.

import type { EvidenceNeeds } from '../flows/evidence/make-evidence.ts'
import type { Base, Core } from '../broker-core.ts'

export function evidenceOf(base: Base, core: Core): EvidenceNeeds['evidence'] {
  const { settings, sealer } = base
  return {
    seal: () => sealer.sealNow(),
    signerOfNote: (note) => sealer.signerOfNote(note),
    settings: {
      pinDigitsMin: core.pinDigits.min,
      sessionMaxMs: core.sessionMaxMs,
      hasTls: settings['web.tlsCertFile'] !== '',
      witnesses: settings['record.witnesses'].length,
      complianceChannels: core.emergency.channels.length,
    },
  }
}
