// What each policy says of itself: `@id`, the rule that decisions name, and for a forbid `@refusal`,
// the words that the person gets. Pure.

import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { RefusalCode } from '@wardkey/protocol/codes'

/** What a policy may refuse with, the gravest first: of several that speak, it is the answer. */
export const policyRefusals = [
  'locked-down',
  'zone-not-hers',
  'role-not-in-zone',
  'escort-needed',
  'training-lapsed',
  'off-shift',
  'not-permitted',
] as const satisfies readonly RefusalCode[]
type PolicyRefusal = (typeof policyRefusals)[number]

const ruleName = /^[a-z][a-z0-9-]{0,62}$/
const known = new Set(['id', 'refusal'])

interface Annotated {
  readonly id: string
  readonly json: PolicyJson
}

export function annotationFlaws(policies: readonly Annotated[]): readonly string[] {
  const seen = new Set<string>()
  const flaws = policies.flatMap(({ id, json }, at) => {
    const name = id === '' ? `policy ${String(at + 1)}` : `policy "${id}"`
    const isTwice = seen.has(id)
    seen.add(id)
    return flawsOf(json, isTwice).map((flaw) => `${name} ${flaw}`)
  })
  const permits = policies.some(({ json }) => json.effect === 'permit')
  return permits ? flaws : [...flaws, 'no policy permits anything: nobody could sign in']
}

function flawsOf(policy: PolicyJson, isTwice: boolean): string[] {
  const { annotations = {}, effect, action } = policy
  const { id, refusal } = annotations
  const flaws: string[] = []
  if (id === undefined || !ruleName.test(id))
    flaws.push('needs an @id of small letters and hyphens')
  if (isTwice) flaws.push('has an @id that another one has')
  const unknown = Object.keys(annotations).filter((name) => !known.has(name))
  if (unknown.length > 0) flaws.push(`has annotations that mean nothing: ${unknown.join(', ')}`)
  if (effect === 'permit' && refusal !== undefined) flaws.push('permits, and has a @refusal')
  if (JSON.stringify(policy).includes('"type":"Workstation"')) {
    flaws.push('names one workstation: only zones are told apart')
  }
  const isAboutBadge = action.op === '==' && JSON.stringify(action).includes('useByBadgeAlone')
  if (effect === 'forbid' && !isAboutBadge && !isRefusal(refusal)) {
    flaws.push(`forbids, and needs a @refusal: ${policyRefusals.join(', ')}`)
  }
  return flaws
}

/** A forbid that only asks for the PIN has none, and needs none. */
export function refusalOf({ annotations }: PolicyJson): PolicyRefusal {
  const refusal = annotations?.['refusal']
  return isRefusal(refusal) ? refusal : 'not-permitted'
}

/** Its place among the refusals; the smaller is the graver. */
export function saysRefusal(code: RefusalCode): number {
  const at = policyRefusals.findIndex((one) => one === code)
  return at < 0 ? policyRefusals.length : at
}

function isRefusal(code: string | undefined): code is PolicyRefusal {
  return policyRefusals.some((one) => one === code)
}
