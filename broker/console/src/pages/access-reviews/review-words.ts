// Entries of access reviews in words. Pure.

import type { CampaignShown } from '@wardkey/protocol/admin/access-reviews/campaigns'
import type { ItemsQuery, ReviewItem } from '@wardkey/protocol/admin/access-reviews/entries'

const kinds: Readonly<Record<ReviewItem['kind'], string>> = {
  role: 'Role',
  exception: 'Exception',
  'console-role': 'Console role',
  badge: 'Badge',
  token: 'Token',
}

/** As managers may know them; any other technology is said by its own name. */
const cards: Readonly<Record<string, string | undefined>> = {
  csn: 'by the card’s number',
  simulated: 'simulated',
  'prox-125khz': 'proximity, 125 kHz',
}

/** `Role charge-nurse`; a badge or an exception by what it is, never by an id. */
export function whatText({ kind, what, evidence }: ReviewItem): string {
  if (kind === 'badge') {
    const technology = evidence.opens[0] ?? ''
    return `${kinds.badge}, ${cards[technology] ?? technology}`
  }
  const named = kind === 'role' || kind === 'console-role' ? what : (evidence.opens[0] ?? '')
  return `${kinds[kind]} ${named}`
}

const sources: Readonly<Record<ReviewItem['evidence']['source'], string>> = {
  hr: 'HR',
  'by-hand': 'given by hand',
  'two-people': 'agreed by two people',
  provider: 'group of the hospital account',
  enrolment: 'enrolled',
  token: 'made as a token',
}
export const sourceText = ({ evidence }: ReviewItem): string => sources[evidence.source]

const outcomes: Readonly<Record<NonNullable<ReviewItem['outcome']>, string>> = {
  kept: 'kept',
  taken: 'taken away',
  'hr-task': 'held back; a task for HR',
  'provider-task': 'held back; a task for the groups',
  gone: 'was over before',
}

export function decidedText({ decision, outcome, decided }: ReviewItem): string {
  if (decision === undefined) return ''
  const silence = decided?.isSilence === true ? ' by silence' : ''
  const word = decision === 'told' ? 'told, and left' : decision
  return `${word}${silence}${outcome === undefined || outcome === 'kept' ? '' : `: ${outcomes[outcome]}`}`
}

const campaignKinds: Readonly<Record<CampaignShown['kind'], string>> = {
  quarterly: 'quarterly',
  monthly: 'monthly',
  'by-hand': 'opened by hand',
}
export const kindText = (kind: CampaignShown['kind']): string => campaignKinds[kind]

const states = {
  open: 'open',
  'waits-for-two': 'waits for two people',
  closed: 'closed',
} as const
export const stateText = (state: keyof typeof states): string => states[state]

/** Held to the protocol's list by its type: importing that would bring its schemas along. */
export const entryStates: readonly (readonly [NonNullable<ItemsQuery['state']>, string])[] = [
  ['undecided', 'undecided'],
  ['certified', 'certified'],
  ['revoked', 'revoked'],
  ['told', 'told, and left'],
  ['silent', 'decided by silence'],
  ['unassigned', 'without a reviewer'],
]

/** As an address has it; whatever is none asks for all. */
export const parseState = (text: string | undefined): ItemsQuery['state'] =>
  entryStates.find(([value]) => value === text)?.[0]
