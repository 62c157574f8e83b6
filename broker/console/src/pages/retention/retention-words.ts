// Words of retention and of legal holds as the page writes them. Pure.

import type { ForgettingShown } from '@wardkey/protocol/admin/forget/forget'
import type { RetentionShown, RuleShown } from '@wardkey/protocol/admin/forget/retention'
import { counted } from '../../parts/names.ts'

const yearDays = 365.25

/** `366 days (1 year)`: days are agreed, years are what people think in. */
export function daysText(days: number): string {
  const years = Math.round(days / yearDays)
  const isWhole = years > 0 && Math.abs(days - years * yearDays) <= 2
  const text = counted(days, 'day')
  return isWhole ? `${text} (${counted(years, 'year')})` : text
}

const ruleStates: Readonly<Record<RuleShown['state'], string>> = {
  proposed: 'waits for somebody else',
  'in-force': 'in force',
  replaced: 'replaced',
  rejected: 'turned down',
}
export const ruleStateText = ({ state }: Pick<RuleShown, 'state'>): string => ruleStates[state]

const forgettingStates: Readonly<Record<ForgettingShown['state'], string>> = {
  asked: 'waits for somebody else',
  approved: 'forgotten',
  rejected: 'turned down',
}
export const forgettingStateText = ({ state }: Pick<ForgettingShown, 'state'>): string =>
  forgettingStates[state]

const flaws: Readonly<Record<string, string | undefined>> = {
  'clock-leapt': 'more time passed from one fact to the next than a house is ever silent',
  'witness-differs': 'a witness says that it is another time',
}
export const flawText = ({ flaw }: NonNullable<RetentionShown['stopped']>): string =>
  flaws[flaw] ?? flaw.replaceAll('-', ' ')

/** The answer above the fold. */
export function sentenceOf({ rules }: Pick<RetentionShown, 'rules'>): string {
  const inForce = rules.find(({ state }) => state === 'in-force')
  const waiting = rules.filter(({ state }) => state === 'proposed').length
  const first = inForce
    ? `Rule ${String(inForce.number)} is in force`
    : 'Nothing goes: no rule is in force'
  const second = waiting === 0 ? 'nothing waits.' : `${counted(waiting, 'proposal')} to decide.`
  return `${first}; ${second}`
}
