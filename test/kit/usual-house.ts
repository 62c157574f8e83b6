// The house's rules as they are where nobody has written any, in UTC and without holidays, and the
// one chart that everybody opens.

import { randomBytes } from 'node:crypto'
import type { AccessReviewRules } from '@wardkey/broker/flows/access-reviews/review-needs'
import type { HouseRules } from '@wardkey/broker/flows/house-book'
import { makeHasChart, makePlanLaunch } from '@wardkey/broker/launch/plan-launch'
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

export const usualLaunch = {
  planLaunch: makePlanLaunch({
    apps: usualApps,
    redeemUrl: 'https://broker.example/launch',
    random: randomBytes,
  }),
  hasChart: makeHasChart(usualApps),
}

/** Of a broker's settings: a chart that brokers know, and that nobody opens. */
export const unopenedEhr = {
  ...{ clientId: 'chart', name: 'Kit Chart', secret: 'a-secret-of-the-kit-and-of-nothing-else' },
  redirectUris: ['http://127.0.0.1:9/callback'],
  launch: { id: 'chart', adapter: 'oidc-web', launchUrl: 'http://127.0.0.1:9/chart' },
}

/** As settings have it where they say nothing. */
export const usualAccessReviews: AccessReviewRules = {
  ...{ isScheduled: false, highRiskRoles: [], days: 14, onSilence: 'revoke' },
  ...{ twoPeopleAbove: 20, reviewers: [] },
}
