// What something that the doctor finds means: how bad it is, in a sentence, and what to do. Pure.

export type Level = 'ok' | 'warn' | 'fail'

export interface Meaning {
  readonly level: Level
  readonly sentence: string
  readonly next: string
}

export const nothing = 'Nothing.'

/** With a word of what comes next, where that is no fault either. */
export const well = (sentence: string, next = nothing): Meaning => ({ level: 'ok', sentence, next })
export const warn = (sentence: string, next: string): Meaning => ({ level: 'warn', sentence, next })
export const fail = (sentence: string, next: string): Meaning => ({ level: 'fail', sentence, next })
