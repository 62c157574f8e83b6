// Emergency access as a bundle and the zone's rules offer it together. Pure. What either of them does
// not say is not offered: an older bundle never means that no colleague is needed.

import type { ZoneRules } from '@wardkey/protocol/workstation/broker-frames'
import type { OfflineBundle } from '@wardkey/protocol/workstation/offline-bundle'

export interface EmergencyOffer {
  readonly lastsMs: number
  readonly witness: NonNullable<OfflineBundle['emergencyWitness']>
  readonly reasons: NonNullable<ZoneRules['emergency']>['reasons']
}

/** Nothing where none is offered. */
export function offerOf(
  bundle: Pick<OfflineBundle, 'emergencyLastsMs' | 'emergencyWitness'>,
  rules: Pick<ZoneRules, 'emergency'>,
): EmergencyOffer | undefined {
  const { emergencyLastsMs: lastsMs, emergencyWitness: witness } = bundle
  if (lastsMs === 0 || witness === undefined || !rules.emergency) return undefined
  return { lastsMs, witness, reasons: rules.emergency.reasons }
}
