// What the written policies say of one person at one workstation now: what they are asked is worked
// out here, from person, workstation, calendar and clock, and goes into the record as it was asked.

import type { CardHolder, Holder } from '../identity/find-card-holder.ts'
import { standingAt } from '../policy/access-standing.ts'
import type { AccessStanding } from '../policy/access-standing.ts'
import { questionOf } from '../policy/cedar/policy-question.ts'
import type { Verdict } from '../policy/cedar/policy-set.ts'
import type { FactValue } from '../audit/fact.ts'
import type { Workstation } from './find-workstation.ts'
import type { HouseRules } from './house-book.ts'
import { modeAt } from './mode-of.ts'

export interface Judged {
  readonly verdict: Verdict
  readonly standing: AccessStanding
}

export function judgeTap(
  about: { readonly holder: CardHolder; readonly workstation: Workstation },
  nowMs: number,
  rules: HouseRules,
): Judged {
  return judgePerson(about, about.holder.assurance, nowMs, rules)
}

/** Somebody without a badge in hand, whose badge is taken to be worth so much. */
export function judgePerson(
  { holder, workstation }: { readonly holder: Holder; readonly workstation: Workstation },
  assurance: number,
  nowMs: number,
  { policies, calendar, onJudged }: HouseRules,
): Judged {
  const standing = standingAt(holder.access, calendar, nowMs)
  const { zone } = workstation
  const mode = modeAt(workstation.modes, nowMs)
  const { roles } = holder
  const question = questionOf({ roles, standing, assurance, mode, zone })
  const askedMs = performance.now()
  const verdict = policies.ask(question, holder.personId)
  onJudged?.(zone.id, performance.now() - askedMs)
  return { verdict, standing }
}

/** What a tap's fact keeps of it, so that it can be explained, and asked of other policies. */
export function judgedFields(
  { use, policies, saw }: Verdict,
  { grace }: Pick<Holder, 'grace'>,
): Readonly<Record<string, FactValue>> {
  const { zoneId, pinAtMs, lastMs } = grace ?? {}
  return {
    ...{ policies, policy: use.rule, saw },
    ...(zoneId === undefined ? {} : { graceZone: zoneId }),
    ...(pinAtMs === undefined ? {} : { gracePinAtMs: pinAtMs }),
    ...(lastMs === undefined ? {} : { graceLastMs: lastMs }),
  }
}
