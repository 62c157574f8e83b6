// Intervals and facts in words: who and where, as far as the subject does not say it. Pure.

import type { Span, Timeline, TimelineFact } from '@wardkey/protocol/console/timeline'
import { evidenceText, nameText } from '../../parts/names.ts'

type Named = Pick<Timeline, 'people' | 'workstations'>
/** What an interval or a fact is about. */
type Whose = Pick<Span, 'personId' | 'workstationId'>

/** Asked for each interval at each move of the axis: looked up, not looked for. */
const known = new WeakMap<readonly unknown[], ReadonlyMap<string, string>>()

function namesIn<One>(all: readonly One[], pair: (one: One) => readonly [string, string]) {
  const before = known.get(all)
  if (before) return before
  const names = new Map(all.map(pair))
  known.set(all, names)
  return names
}

export function whoText({ personId }: Whose, { people }: Named): string | undefined {
  if (personId === undefined) return undefined
  const names = namesIn(people, (one) => [one.personId, nameText(one)])
  return names.get(personId) ?? nameText({ personId })
}

export function placeText({ workstationId }: Whose, { workstations }: Named): string | undefined {
  if (workstationId === undefined) return undefined
  const names = namesIn(workstations, (one) => [one.workstationId, one.place])
  return names.get(workstationId) ?? `workstation ${workstationId.slice(-6)}`
}

const doorWords: Readonly<Record<string, string>> = { in: 'came in', out: 'went out' }
const sessionWords: Readonly<Record<string, string>> = {
  open: 'chart could be seen',
  locked: 'locked',
}

/** What an interval is: `keys and mouse, 80 %`. */
export function kindText({ lane, kind, confidence }: Span): string {
  if (lane === 'presence') {
    return `${evidenceText(kind)}${confidence === undefined ? '' : `, ${String(confidence)} %`}`
  }
  if (lane === 'door') return doorWords[kind] ?? kind
  return lane === 'session' ? (sessionWords[kind] ?? kind) : kind
}

export function marksText({ isEmergency, isOffline, isCut }: Span): string {
  return [
    ...(isEmergency ? ['emergency'] : []),
    ...(isOffline ? ['without the network'] : []),
    ...(isCut ? ['goes on outside of this time'] : []),
  ].join(', ')
}

/** The whole of an interval in one line, for whoever does not see it. */
export function spanText(span: Span, named: Named): string {
  const parts = [kindText(span), whoText(span, named), placeText(span, named), marksText(span)]
  return parts.filter((part) => part !== undefined && part !== '').join(', ')
}

export const fieldsText = ({ fields = {} }: TimelineFact): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ')

export const differenceWords = {
  'session-without-presence': 'Session without presence',
  'presence-without-door': 'Presence without a door',
  'two-places': 'Two places at once',
} as const
