// The pages, in the order of their use, and what each needs to be of use. Pure.

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
  readonly label: string
  /** What it answers, as its heading has it. */
  readonly question: string
  /** Any of them. */
  readonly needs: readonly Scope[]
  readonly waits?: 'reviews' | 'alerts' | 'proposals' | 'entries'
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
  { to: '/people', label: 'People', question: 'Who may come in?', needs: ['people:read'] },
  {
    to: '/workstations',
    label: 'Workstations',
    question: 'Which workstations need a hand?',
    needs: ['workstations:read'],
  },
  {
    to: '/access-reviews',
    label: 'Access reviews',
    question: 'Who still needs what she may?',
    needs: ['reviews:read', 'reviews:decide'],
    waits: 'entries',
  },
  {
    to: '/speed',
    label: 'Speed & figures',
    question: 'Is it slow, and where?',
    needs: ['workstations:read'],
  },
  {
    to: '/policy',
    label: 'Zones & policy',
    question: 'What holds here?',
    needs: ['policy:read'],
    waits: 'proposals',
  },
]

export const entriesFor = (can: (scope: Scope) => boolean): readonly RailEntry[] =>
  railEntries.filter(({ needs }) => needs.some(can))
