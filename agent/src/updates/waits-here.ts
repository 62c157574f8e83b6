// Why a workstation is not to be updated now, as only it can know: somebody is there, or may be
// back any moment, or no broker hears of it. Pure; in doubt it waits.

import type { Phase, State } from '../machine/state.ts'

export type WaitsHere = 'in-use' | 'card-in-reader' | 'emergency' | 'asked' | 'offline'

/** Nothing where nobody is there. The worst thing to do to somebody is said first. */
export function waitsHere(state: State): WaitsHere | undefined {
  const { phase, covered, inPlace, body, late } = state
  if ('seated' in phase && phase.seated.emergency) return 'emergency'
  const why = ofPhase(phase.kind)
  if (why) return why
  if (inPlace) return 'card-in-reader'
  // Her windows wait behind the lock screen: an update would end what she is coming back to.
  if (covered.length > 0 || body?.isNear === true) return 'in-use'
  if (late.length > 0) return 'asked'
  return isAlone(state) ? 'offline' : undefined
}

function ofPhase(kind: Phase['kind']): WaitsHere | undefined {
  switch (kind) {
    case 'locked':
      return undefined
    case 'choosing-reason':
    case 'identifying':
    case 'witnessing':
      return 'emergency'
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
    case 'choosing-errand':
    case 'errand':
    case 'errand-done':
    case 'refused':
      return 'asked'
    case 'opening':
    case 'open':
    case 'leaving':
    case 'handing-over':
    case 'signing':
      return 'in-use'
  }
}

/** What it decided by itself has to be told first, by the release that decided it. */
function isAlone({ linkDownSinceMs, confirmByMs }: State): boolean {
  return linkDownSinceMs !== undefined || confirmByMs !== undefined
}
