// What a rule of the evidence consists of: what the law asks, what is looked at to answer, and what
// that does not prove. Pure; nothing here says that a house keeps the law.

import type { FactCode } from '@wardkey/protocol/fact-codes'

export interface Period {
  readonly fromMs: number
  /** Not itself. */
  readonly untilMs: number
}

/** A fact as checks see it. */
export interface SeenFact {
  readonly index: number
  readonly code: string
  readonly recordedMs: number
  readonly person?: string | undefined
  readonly session?: string | undefined
  readonly badge?: string | undefined
  readonly fields: Readonly<Record<string, string | number | boolean>>
}

/** A zone's rules, as far as checks ask for them. */
export interface SeenZone {
  readonly idleMs: number
  readonly lockedMaxMs: number
  readonly offlineMaxMs: number
  readonly publicView: boolean
  readonly pin: string
}

/** Settings of the broker that made the evidence, as far as checks ask for them. */
export interface SeenSettings {
  readonly pinDigitsMin: number
  readonly sessionMaxMs: number
  readonly hasTls: boolean
  readonly witnesses: number
  readonly complianceChannels: number
}

export interface Outcome {
  /** Of how many the check speaks. */
  readonly looked: number
  readonly breaking: number
  /** Counts of parts, and measures: `p95 ms`. */
  readonly figures: Readonly<Record<string, number>>
  /** Places in the record: a few that were looked at, and the first that break it. */
  readonly shows: readonly number[]
  readonly breaks: readonly number[]
}

/** Takes the facts of a period in their order; knows nothing of those before. */
export interface Run {
  take(fact: SeenFact): void
  end(period: Period): Outcome
}

interface CheckBase {
  /** Never used again for something else. */
  readonly id: string
  readonly says: string
}

export interface FactCheck extends CheckBase {
  readonly kind: 'facts'
  readonly codes: readonly FactCode[]
  /** The query in words, behind its codes. */
  readonly query: string
  begin(picks: Picks): Run
}

/** Keeps some of what it is offered, by a draw that nobody can arrange. */
export interface Picks {
  draw(): { offer(index: number): void; readonly picked: readonly number[] }
}

/**
 * One statement for both engines, with one row of `looked` and `breaking`, and holes for times:
 * `:now` and `:sessionMax`.
 */
export interface TableCheck extends CheckBase {
  readonly kind: 'tables'
  readonly sql: string
}

export interface ZoneCheck extends CheckBase {
  readonly kind: 'zones'
  readonly query: string
  holds(zone: SeenZone): boolean
}

/** Nothing where the setting alone does not say. */
export interface SettingCheck extends CheckBase {
  readonly kind: 'settings'
  readonly query: string
  holds(settings: SeenSettings): boolean | undefined
}

export interface RecordCheck extends CheckBase {
  readonly kind: 'record'
  readonly query: string
  readonly of: 'hashes' | 'growth' | 'reach'
}

export type Check = FactCheck | TableCheck | ZoneCheck | SettingCheck | RecordCheck

export interface EvidenceRule {
  /** Never used again for something else. */
  readonly id: string
  /** Where the law says it. */
  readonly law: string
  /** What it asks, in one sentence. */
  readonly asks: string
  readonly checks: readonly Check[]
  /** What the checks do not prove, however they come out. */
  readonly limits: string
  /** What a person has to judge beside them: where there is something, counting never meets it. */
  readonly left?: string
  /**
   * Why it does not apply: unless its checks saw something, which a person then has to look at.
   */
  readonly notHere?: string
}
