// What HR can do about somebody as things stand, and what it is told when it is done. Pure.

import type { HrAct } from '../demo-messages.ts'
import type { Hired } from './hr-book.ts'
import { positions } from './positions.ts'

/** Dismissal is for good: it is not taken back, but somebody can be hired again. */
export function acts({ employment, pin, before }: Hired): readonly Exclude<HrAct, 'hire'>[] {
  const undo = before ? (['undo'] as const) : []
  const give = pin === undefined && employment === 'active' ? (['give-pin'] as const) : []
  switch (employment) {
    case 'active':
      return [...give, 'move', 'leave', 'suspend', 'dismiss', ...undo]
    case 'on-leave':
      return ['return', 'suspend', 'dismiss', ...undo]
    case 'suspended':
      return ['return', 'dismiss', ...undo]
    case 'terminated':
      return ['hire-again']
  }
}

export function wordsAfter(act: HrAct, person: Hired): string {
  const name = `${person.given} ${person.family}`
  const { label, opens } = positions[person.position]
  switch (act) {
    case 'hire':
      return `${name} is hired: ${label}. The badge opens ${opens}. Take it to a reader.`
    case 'hire-again':
      return `${name} is hired again, with a new badge, number and PIN. The old badge opens nothing.`
    case 'give-pin':
      return `${name}’s badge has its PIN.`
    case 'move':
      return `${name} is now: ${label}. The badge opens ${opens}. An open screen that is no longer theirs is locked.`
    default:
      return standingWords(name, person)
  }
}

function standingWords(name: string, { employment, position }: Hired): string {
  switch (employment) {
    case 'active':
      return `${name} is at work: ${positions[position].label}. Badge and PIN open what they did, the PIN first.`
    case 'on-leave':
      return `${name} is on leave. An open screen is locked; badge and PIN are kept, and open nothing until the return.`
    case 'suspended':
      return `${name} is suspended. An open screen is locked; badge and PIN are kept, and open nothing.`
    case 'terminated':
      return `${name} is dismissed. Badge, PIN and staff number have ended for good, and an open screen is locked.`
  }
}
