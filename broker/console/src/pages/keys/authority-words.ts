// How far workstations have come with the authority after the present one, and what is best waited
// for before the next command. Pure.

import type { KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { counted } from '../../parts/names.ts'

export function workstationWords({ workstations }: KeyShown): string {
  if (!workstations) return ''
  const { active, told, renewed } = workstations
  return `told ${String(told)}, renewed ${String(renewed)} of ${counted(active, 'workstation')}`
}

export function waitWords({ state, without = 0 }: KeyShown): string {
  if (state === 'ending') return 'Nothing: what it signed is taken until it ends.'
  if (state === 'shown') return 'Wait until workstations have been told of it, then rotate to it.'
  if (without === 0) {
    return 'Every active workstation has its certificate: the present one can be ended.'
  }
  const who = `${counted(without, 'workstation')} ${without === 1 ? 'has' : 'have'}`
  return `Wait until ${who} its certificate, then end the present one.`
}
