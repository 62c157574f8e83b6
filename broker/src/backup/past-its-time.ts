// What a restored database has that is past its time: what was purged after its backup was made is
// back. Looked for by the rule that is in it, and said; it takes nothing itself.

import type { Kysely } from 'kysely'
import { previewRun } from '../flows/retention/preview-run.ts'
import { daysOf, ruleInForce } from '../flows/retention/retention-rules.ts'
import { tellTime } from '../flows/retention/trusted-time.ts'
import type { Schema } from '../store/schema.ts'

export interface PastItsTime {
  /** The rule in force; nothing where two people had agreed on none yet. */
  readonly rule: number | undefined
  readonly classes: readonly {
    readonly class: string
    readonly due: number
    /** There are more than were counted. */
    readonly hasMore: boolean
  }[]
  /** Retention will not run by itself: too much time lies between the record and now. */
  readonly isStopped: boolean
}

export const noRule: PastItsTime = { rule: undefined, classes: [], isStopped: false }

export async function lookPastItsTime(db: Kysely<Schema>, nowMs: number): Promise<PastItsTime> {
  const inForce = await ruleInForce({ db })
  if (!inForce) return noRule
  const previews = await previewRun(daysOf(inForce), { db, nowMs: () => nowMs })
  const classes = previews
    .filter(({ due, hasMore }) => due > 0 || hasMore)
    .map(({ class: name, due, hasMore }) => ({ class: name, due, hasMore }))
  const isStopped = (await tellTime(db, nowMs)).kind === 'flawed'
  return { rule: inForce.number, classes, isStopped }
}

export function pastItsTimeWords({ rule, classes, isStopped }: PastItsTime): string {
  if (rule === undefined) {
    return (
      'Retention: no rule is in force in it. Where two people agreed on one after this backup was\n' +
      'made, what was purged by it is back: propose and approve it again.\n'
    )
  }
  if (classes.length === 0) {
    return `Retention: by rule ${String(rule)} nothing in it is past its time.\n`
  }
  const counts = classes.map(
    ({ class: name, due, hasMore }) => `${String(due)}${hasMore ? ' and more' : ''} of ${name}`,
  )
  const again = isStopped
    ? 'The record ends long before now, so retention stops until two people have looked:\n' +
      '  wardkey-broker retention propose --clock-is-right --reason …, and retention approve\n'
    : 'The broker takes it again once it serves, once a day.\n'
  return (
    `Retention: by rule ${String(rule)} facts are past their time: ${counts.join(', ')}.\n` +
    `What was purged after this backup was made is BACK. ${again}` +
    `Look first what will go: wardkey-broker retention run --dry-run --rule ${String(rule)}\n`
  )
}
