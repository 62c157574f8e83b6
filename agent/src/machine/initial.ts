// How a workstation wakes: locked, knowing nothing, with the strictest rules until a broker has
// told it its own.

import { zoneId } from '@wardkey/protocol/ids'
import type { State } from './state.ts'

const secondsMs = 1000

export function initialState(serviceDesk: string): State {
  return {
    phase: { kind: 'locked' },
    surroundings: {
      place: '',
      reader: 'none',
      link: 'connecting',
      browser: 'died',
      serviceDesk,
      publicView: true,
      isAlone: false,
      hasEmergency: false,
    },
    rules: {
      zoneId: zoneId.parse('unknown'),
      zoneKind: 'unknown',
      label: 'unknown',
      idleMs: 60 * secondsMs,
      fadeMs: 10 * secondsMs,
      staleMs: 10 * secondsMs,
      publicView: true,
      presentIdleMs: 60 * secondsMs,
      awayIdleMs: 5 * secondsMs,
      activeMs: 60 * secondsMs,
      cardStays: false,
      takeOver: 'at-once',
      takeOverMs: 10 * secondsMs,
      suspendedMax: 4,
      offlineMaxMs: 0,
      pinDigitsMin: 8,
      pinDigitsMax: 8,
      nameShown: 'none',
      serviceDesk,
    },
    covered: [],
    late: [],
  }
}
