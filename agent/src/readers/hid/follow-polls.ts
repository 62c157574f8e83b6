// Turns what a polled reader answers, poll by poll, into cards that come and go. Pure.

import { canonicalOfBits } from '@wardkey/protocol/workstation/wiegand-format'
import { refused } from '../card-identity.ts'
import type { CardReading } from '../card-identity.ts'
import { identifyBits } from './identify-bits.ts'
import type { BitMeanings } from './identify-bits.ts'
import type { Poll } from './rf-ideas-reader.ts'

/** One empty poll may be a hiccup of the field. */
const emptyPollsToGo = 2
/** Nothing readable for so long is a card that cannot be read, not one on its way. */
const tornPollsToRefuse = 5

export interface PollState {
  readonly polls: 'none-yet' | 'some'
  /** What lies there, in the form that never changes with settings. */
  readonly lying: string | undefined
  readonly seen: boolean
  readonly emptyPolls: number
  readonly tornPolls: number
}

export const beforePolling: PollState = {
  polls: 'none-yet',
  lying: undefined,
  seen: false,
  emptyPolls: 0,
  tornPolls: 0,
}

export type PollNews =
  | { readonly kind: 'went' }
  | { readonly kind: 'came'; readonly reading: CardReading; readonly fresh: boolean }

/** What is new since the last poll; a card that stays is told once, refused or not. */
export function followPoll(
  state: PollState,
  poll: Poll,
  meanings: BitMeanings,
): { readonly state: PollState; readonly news: readonly PollNews[] } {
  if (poll.kind === 'torn') return followTorn(state)
  if (poll.kind === 'empty') return followEmpty(state)
  const here = canonicalOfBits(poll.bits)
  const still = { ...state, polls: 'some' as const, emptyPolls: 0, tornPolls: 0 }
  if (here === state.lying) return { state: still, news: [] }
  const reading = poll.stripped
    ? refused('card-parity-stripped')
    : identifyBits(poll.bits, meanings)
  const went: readonly PollNews[] = state.seen ? [{ kind: 'went' }] : []
  return {
    state: { ...still, lying: here, seen: reading.kind === 'card' },
    news: [...went, { kind: 'came', reading, fresh: state.polls === 'some' }],
  }
}

function followEmpty(state: PollState): {
  readonly state: PollState
  readonly news: readonly PollNews[]
} {
  const emptyPolls = Math.min(state.emptyPolls + 1, emptyPollsToGo)
  const next = { ...state, polls: 'some' as const, emptyPolls, tornPolls: 0 }
  if (state.lying === undefined || emptyPolls < emptyPollsToGo) return { state: next, news: [] }
  return {
    state: { ...next, lying: undefined, seen: false },
    news: state.seen ? [{ kind: 'went' }] : [],
  }
}

function followTorn(state: PollState): {
  readonly state: PollState
  readonly news: readonly PollNews[]
} {
  const tornPolls = Math.min(state.tornPolls + 1, tornPollsToRefuse + 1)
  const next = { ...state, polls: 'some' as const, tornPolls }
  if (tornPolls !== tornPollsToRefuse) return { state: next, news: [] }
  return {
    state: next,
    news: [{ kind: 'came', reading: refused('card-unreadable'), fresh: true }],
  }
}
