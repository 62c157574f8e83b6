// The pages, in the order of their use, and what each needs to be of use; those that are opened
// seldom stand together in a group. Pure.

import type { Scope } from '@wardkey/protocol/admin/scopes'

export interface RailEntry {
  readonly to:
    | '/'
    | '/reviews'
    | '/alerts'
    | '/timeline'
    | '/why'
    | '/people'
    | '/workstations'
    | '/access-reviews'
    | '/speed'
    | '/policy'
    | '/retention'
    | '/keys'
  readonly label: string
  /** What it answers, as its heading has it. */
  readonly question: string
  /** Any of them. */
  readonly needs: readonly Scope[]
  readonly waits?: 'reviews' | 'alerts' | 'proposals' | 'entries' | 'lifts'
  /** Its tabs beside the first, which the command bar finds as well. */
  readonly views?: readonly RailView[]
}

export interface RailView {
  readonly show: string
  readonly label: string
  /** Beside what the page needs. */
  readonly needs?: Scope
}

export const railEntries: readonly RailEntry[] = [
  {
    to: '/',
    label: 'Now',
    question: 'Who is on the floor?',
    needs: ['house:read', 'presence:read'],
  },
  {
    to: '/reviews',
    label: 'Reviews',
    question: 'What waits for me?',
    needs: ['emergency:read'],
    waits: 'reviews',
  },
  {
    to: '/alerts',
    label: 'Alerts',
    question: 'What should somebody look at?',
    needs: ['alerts:people', 'alerts:technical'],
    waits: 'alerts',
  },
  {
    to: '/timeline',
    label: 'Time line',
    question: 'What happened here?',
    needs: ['presence:read'],
  },
  {
    to: '/why',
    label: 'Why refused',
    question: 'Why did it not open?',
    needs: ['record:read', 'taps:read'],
  },
  {
    to: '/people',
    label: 'People',
    question: 'Who may come in?',
    needs: ['people:read'],
    views: [{ show: 'exceptions', label: 'Exceptions', needs: 'exceptions:read' }],
  },
  {
    to: '/workstations',
    label: 'Workstations',
    question: 'Which workstations need a hand?',
    needs: ['workstations:read'],
  },
  {
    to: '/speed',
    label: 'Speed & figures',
    question: 'Is it slow, and where?',
    needs: ['workstations:read'],
    views: [
      { show: 'releases', label: 'Speed by release' },
      { show: 'locks', label: 'Locks that were wrong, by zone' },
      { show: 'figures', label: 'Figures of the house', needs: 'figures:read' },
    ],
  },
]

/** What the house holds to, and what shows that it did: for whoever has to answer for it. */
export const recordGroup = 'Rules & record'
const recordEntries: readonly RailEntry[] = [
  {
    to: '/policy',
    label: 'Zones & policy',
    question: 'What holds here?',
    needs: ['policy:read'],
    waits: 'proposals',
    views: [
      { show: 'zones', label: 'Zones' },
      { show: 'streams', label: 'Other systems', needs: 'streams:read' },
      { show: 'tokens', label: 'Tokens', needs: 'tokens:read' },
      { show: 'evidence', label: 'Evidence for an auditor', needs: 'evidence:make' },
    ],
  },
  {
    to: '/access-reviews',
    label: 'Access reviews',
    question: 'Who still needs what she may?',
    needs: ['reviews:read', 'reviews:decide'],
    waits: 'entries',
  },
  {
    to: '/retention',
    label: 'Retention',
    question: 'What is kept, and how long?',
    needs: ['record:read', 'holds:write', 'holds:approve'],
    waits: 'lifts',
    views: [
      { show: 'holds', label: 'Legal holds', needs: 'holds:write' },
      { show: 'next', label: 'What goes next' },
      { show: 'rules', label: 'Rules of retention' },
      { show: 'purges', label: 'What went: purges' },
      { show: 'forgotten', label: 'Whom it forgot: certificates' },
    ],
  },
  {
    to: '/keys',
    label: 'Keys',
    question: 'Which key changes when?',
    needs: ['keys:read'],
  },
]

export const pageEntries: readonly RailEntry[] = [...railEntries, ...recordEntries]

interface RailShown {
  readonly alone: readonly RailEntry[]
  readonly record: readonly RailEntry[]
}

export function railFor(can: (scope: Scope) => boolean): RailShown {
  const isOfUse = ({ needs }: RailEntry): boolean => needs.some(can)
  return { alone: railEntries.filter(isOfUse), record: recordEntries.filter(isOfUse) }
}
