// A fact as rules of alerts see it, and what a rule says when it has seen something. Pure.

import type { AlertRuleName } from '@wardkey/protocol/admin/alerts/alert-rules'

export interface AlertFact {
  /** Its place in the record. */
  readonly index: number
  readonly code: string
  /** When it happened; a cut-off workstation's facts come later than that. */
  readonly atMs: number
  readonly recordedMs: number
  readonly person?: string | undefined
  readonly workstation?: string | undefined
  readonly zone?: string | undefined
  readonly badge?: string | undefined
  readonly rule?: string | undefined
  readonly fields: Readonly<Record<string, string | number | boolean>>
  /** The badge's status now, where a tap was refused for it. */
  readonly badgeStatus?: string | undefined
}

/** A rule has seen it: what it is about, and the facts that say so. */
export interface Sighting {
  readonly rule: AlertRuleName
  /** Of one rule one alert stands about each. */
  readonly subject: string
  readonly people: readonly string[]
  readonly workstation?: string | undefined
  readonly zone?: string | undefined
  readonly badge?: string | undefined
  readonly fromMs: number
  readonly untilMs: number
  /** Places in the record, the oldest first. */
  readonly facts: readonly number[]
}

/** How the record stands when nothing comes. */
export interface RecordStanding {
  /** Of the oldest fact that no checkpoint is signed over. */
  readonly unsealed?: { readonly index: number; readonly atMs: number }
}

export interface AlertRule {
  readonly name: AlertRuleName
  /** In the order of the record, each fact once. */
  take(fact: AlertFact): readonly Sighting[]
  /** What time alone brings about; never earlier than the time before. */
  pass?(nowMs: number, record: RecordStanding): readonly Sighting[]
}

type About = Omit<Sighting, 'rule' | 'fromMs' | 'untilMs' | 'facts'>

export function sightingOf(
  rule: AlertRuleName,
  about: About,
  seen: readonly { readonly index: number; readonly atMs: number }[],
): Sighting {
  const times = seen.map(({ atMs }) => atMs)
  const facts = [...new Set(seen.map(({ index }) => index))].sort((a, b) => a - b)
  return { rule, ...about, fromMs: Math.min(...times), untilMs: Math.max(...times), facts }
}
