// The house's rules as they are where nobody has written any, in UTC and without holidays, and the
// one chart that everybody opens.

import type { AccessReviewRules } from '@wardkey/broker/flows/access-reviews/review-needs'
import type { HouseRules } from '@wardkey/broker/flows/house-book'
import { compilePolicies } from '@wardkey/broker/policy/cedar/policy-set'
import type { PolicySet } from '@wardkey/broker/policy/cedar/policy-set'
import { usualPolicies } from '@wardkey/broker/policy/cedar/usual-policies'
import type { EhrApp } from '@wardkey/ehr-adapters/contract/ehr-adapter'

/** Throws where they do not validate, saying why. */
export function compiledOf(text: string): PolicySet {
  const compiled = compilePolicies(text)
  if (compiled.kind === 'invalid') throw new Error(compiled.complaints.join('\n'))
  return compiled.policies
}

export const usualHouse: HouseRules = {
  policies: compiledOf(usualPolicies),
  calendar: { timeZone: 'UTC', holidays: new Set() },
  number: 0,
  sinceMs: 0,
}

/** One chart, that everybody opens everywhere. */
export const usualApps: readonly EhrApp[] = [
  {
    id: 'chart',
    adapter: 'oidc-web',
    launchUrl: 'https://ehr.example/sign-in',
    origins: [],
    roles: [],
    zoneKinds: [],
  },
]

/** As settings have it where they say nothing. */
export const usualAccessReviews: AccessReviewRules = {
  ...{ isScheduled: false, highRiskRoles: [], days: 14, onSilence: 'revoke' },
  ...{ twoPeopleAbove: 20, reviewers: [] },
}
