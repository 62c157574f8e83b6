// The rules of alerts by name: which kind each is, what it is called, and its one sentence. What a
// rule sees is policy's (broker/src/policy/alerts); docs/alerts.md tells it at length.

import { z } from 'zod'

export const alertRuleName = z.enum([
  'off-shift-use',
  'repeated-refusals',
  'two-places',
  'badge-without-door',
  'badge-sharing',
  'clone-suspicion',
  'break-glass-rate',
  'feed-near-own-hand',
  'tap-disowned',
  'asked-in-vain',
  'record-gap',
  'checkpoint-late',
  'workstation-silent',
  'token-made-alone',
  'rollout-paused',
  'key-changed',
  'authority-ends',
  'retention-stopped',
])
export type AlertRuleName = z.infer<typeof alertRuleName>

/** Who looks after it: compliance and privacy, or those who run the machines. */
export type AlertKind = 'people' | 'technical'

interface AlertRuleWords {
  readonly kind: AlertKind
  readonly title: string
  readonly sentence: string
}

export const alertRules: Readonly<Record<AlertRuleName, AlertRuleWords>> = {
  'off-shift-use': {
    kind: 'people',
    title: 'Off-shift use',
    sentence:
      'Somebody opened a workstation while off shift, and was not at work around that time.',
  },
  'repeated-refusals': {
    kind: 'people',
    title: 'Repeated refusals',
    sentence: 'One person, or unknown cards at one workstation, were refused again and again.',
  },
  'two-places': {
    kind: 'people',
    title: 'Two places at once',
    sentence: 'One person was seen in two zones faster than anybody walks.',
  },
  'badge-without-door': {
    kind: 'people',
    title: 'Badge without door',
    sentence: 'A badge was used in a zone whose doors have not seen its owner come in.',
  },
  'badge-sharing': {
    kind: 'people',
    title: 'Alternating badges',
    sentence: 'Two badges took turns at one workstation so fast that they look shared.',
  },
  'clone-suspicion': {
    kind: 'people',
    title: 'Clone or lost badge',
    sentence: 'A badge was at two readers at once, or was used after it was reported lost.',
  },
  'break-glass-rate': {
    kind: 'people',
    title: 'Emergency access too often',
    sentence: 'One person, or one zone, had emergency access more often than is usual.',
  },
  'feed-near-own-hand': {
    kind: 'people',
    title: 'HR’s word near an own hand',
    sentence:
      'HR’s word gave a role to who asked for its token, or touched a name of the console’s.',
  },
  'tap-disowned': {
    kind: 'people',
    title: 'Not her tap',
    sentence:
      'Somebody said that a tap was not hers: her badge was suspended where it still opened.',
  },
  'asked-in-vain': {
    kind: 'people',
    title: 'Signatures asked for in vain',
    sentence: 'A chart asked one person for signatures again and again in vain: asking rests.',
  },
  'record-gap': {
    kind: 'technical',
    title: 'Gap in the record',
    sentence:
      'A fact of the record is missing, or a workstation’s journal does not follow or is not whole.',
  },
  'checkpoint-late': {
    kind: 'technical',
    title: 'Checkpoint late',
    sentence: 'Facts wait for a signed checkpoint for longer than they should.',
  },
  'workstation-silent': {
    kind: 'technical',
    title: 'Workstation silent',
    sentence: 'A workstation went silent with a session open on it, and has not come back.',
  },
  'token-made-alone': {
    kind: 'technical',
    title: 'Token made by one person alone',
    sentence:
      'One person alone made a token with power over others: nobody else could approve yet.',
  },
  'rollout-paused': {
    kind: 'technical',
    title: 'Roll-out paused',
    sentence: 'More workstations failed to update, or went back, than the roll-out allows.',
  },
  'key-changed': {
    kind: 'technical',
    title: 'Key changed by hand',
    sentence: 'A key was changed on the broker’s host by hand, or because others may have it.',
  },
  'authority-ends': {
    kind: 'technical',
    title: 'Workstation authority ends',
    sentence:
      'The certificate of the authority of the workstations ends soon: then none can connect.',
  },
  'retention-stopped': {
    kind: 'technical',
    title: 'Retention stopped',
    sentence: 'Nothing is removed any more: the time by which it would go cannot be trusted.',
  },
}

export const rulesOfKind = (kind: AlertKind): readonly AlertRuleName[] =>
  alertRuleName.options.filter((name) => alertRules[name].kind === kind)
