// Faults planted on purpose, one at a time: each takes away or turns round one rule of the product,
// from outside. A simulation that does not find one of them proves nothing about that rule.

import { ownRules } from '../world/rules.ts'
import type { Rules } from '../world/rules.ts'
import type { Planted } from './fault.ts'
import { inAlone } from './in-alone.ts'
import { betweenBrokers, inFlows, inStore } from './in-broker.ts'
import { inEmergencies } from './in-emergencies.ts'
import { inLink, inMachine } from './in-workstation.ts'

export const planted: readonly Planted[] = [
  ...inMachine,
  ...inLink,
  ...inFlows,
  ...inEmergencies,
  ...inAlone,
  ...inStore,
  ...betweenBrokers,
]

export const rulesWith = ({ rules }: Planted): Rules => ({ ...ownRules, ...rules })
