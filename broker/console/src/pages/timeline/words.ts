// Intervals and facts in words: who and where, as far as the subject does not say it. Pure.

import type { Span, Timeline, TimelineFact } from '@wardkey/protocol/console/timeline'
import { evidenceText, nameText } from '../../parts/names.ts'

type Named = Pick<Timeline, 'people' | 'workstations'>
type Whose = Pick<Span, 'personId' | 'workstationId'>

export function whoText({ personId }: Whose, { people }: Named): string | undefined {
  if (personId === undefined) return undefined
  return nameText(people.find((one) => one.personId === personId) ?? { personId })
}

export function placeText({ workstationId }: Whose, { workstations }: Named): string | undefined {
  if (workstationId === undefined) return undefined
  const known = workstations.find((one) => one.workstationId === workstationId)
  return known?.place ?? `workstation ${workstationId.slice(-6)}`
}

const doorWords: Readonly<Record<string, string>> = { in: 'in the zone', 'in-zone': 'in the zone' }
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
