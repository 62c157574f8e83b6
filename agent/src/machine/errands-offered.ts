// What can be done about badges and PINs at this workstation now. Pure.

import type { ErrandKind } from '@wardkey/protocol/workstation/errands'
import type { State } from './state.ts'

/** Only where a broker can be asked: nobody is enrolled by what a workstation knows by itself. */
export function errandsOffered({ rules, surroundings }: State): readonly ErrandKind[] {
  const isPossible = surroundings.link === 'up' && surroundings.browser === 'ready'
  return isPossible ? (rules.errands ?? []) : []
}
