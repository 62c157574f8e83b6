// A set of Cedar policies: read once, checked against the schema, and asked about one person at one
// workstation at a time. What does not validate is no set; an error while evaluating denies. Pure:
// the engine only computes.

import '../../platform/steady-webassembly.ts'
import { createHash } from 'node:crypto'
import { policySetTextToParts, policyToJson, validate } from '@cedar-policy/cedar-wasm/nodejs'
import type { DetailedError, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { RefusalCode } from '@wardkey/protocol/codes'
import { annotationFlaws, refusalOf, saysRefusal } from './annotations.ts'
import { SlottedPolicies } from './engine-slots.ts'
import { entitiesOf, requestOf } from './entity-slice.ts'
import type { Asked } from './entity-slice.ts'
import { textOfQuestion } from './policy-question.ts'
import type { PolicyQuestion } from './policy-question.ts'
import { schemaText } from './schema.ts'
import type { Action } from './schema.ts'
import { textFlaws } from './text-flaws.ts'

/** What the policies say of one action, and the rule that says so. */
export type PolicyAnswer =
  | { readonly kind: 'permit'; readonly rule: string }
  | { readonly kind: 'forbid'; readonly rule: string; readonly code: RefusalCode }

export interface Verdict {
  readonly use: PolicyAnswer
  readonly badgeAlone: PolicyAnswer
  /** By which set, and what it was asked: for the record. */
  readonly policies: string
  readonly saw: string
}

export interface PolicySet {
  /** Of its text: the same text is the same set. */
  readonly id: string
  readonly text: string
  readonly ask: (question: PolicyQuestion, personId: string) => Verdict
}

export type Compiled =
  | { readonly kind: 'compiled'; readonly policies: PolicySet }
  | { readonly kind: 'invalid'; readonly complaints: readonly string[] }

export const policyTextMax = 200_000
const policiesMax = 1000
/** Verdicts that are kept, of questions that differ in anything that a policy can see. */
const keptMax = 10_000

interface Policy {
  readonly id: string
  readonly text: string
  readonly json: PolicyJson
}

/** Texts that were read here, the one that was asked for last at the end. */
const read = new Map<string, Compiled>()
/** A house has one set in force, and a few that are looked at. */
const readMax = 8

/**
 * The same text is the same set, so it is read once: at each look at the versions, and by each who
 * opens the house again, it would cost as much as some hundred taps.
 */
export function compilePolicies(text: string): Compiled {
  if (text.length > policyTextMax) return invalid(['it is longer than a set may be'])
  const compiled = read.get(text) ?? compile(text)
  read.delete(text)
  read.set(text, compiled)
  const [oldest] = read.keys()
  if (read.size > readMax && oldest !== undefined) read.delete(oldest)
  return compiled
}

function compile(text: string): Compiled {
  const unreadable = textFlaws(text)
  if (unreadable.length > 0) return invalid(unreadable)
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure') return invalid(parts.errors.map(complaintOf))
  if (parts.policy_templates.length > 0) return invalid(['templates with slots are not taken'])
  if (parts.policies.length > policiesMax) return invalid(['it has more policies than a set may'])
  const policies = parts.policies.map(policyOf)
  const flaws = annotationFlaws(policies)
  if (flaws.length > 0) return invalid(flaws)
  const staticPolicies = Object.fromEntries(policies.map(({ id, text: one }) => [id, one]))
  const checked = validate({ schema: schemaText, policies: { staticPolicies } })
  if (checked.type === 'failure') return invalid(checked.errors.map(complaintOf))
  if (checked.validationErrors.length > 0) {
    return invalid(checked.validationErrors.map(({ error }) => complaintOf(error)))
  }
  const id = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const slotted = new SlottedPolicies(staticPolicies)
  const unread = slotted.load()
  if (unread) return invalid(unread.map(complaintOf))
  return { kind: 'compiled', policies: makeSet(id, text, policies, slotted) }
}

function makeSet(
  id: string,
  text: string,
  policies: readonly Policy[],
  slotted: SlottedPolicies,
): PolicySet {
  const byId = new Map(policies.map((policy) => [policy.id, policy]))
  const json = JSON.stringify(policies.map((policy) => policy.json))
  // Who is who is handed over only to policies that name somebody: then all others are as one.
  const namesPeople = json.includes('"Person"')
  const kept = new Map<string, Verdict>()
  const answer = (action: Action, asked: Asked): PolicyAnswer => {
    const entities = entitiesOf(asked)
    const said = slotted.ask({ ...requestOf(action, asked), entities })
    // Cedar leaves a policy out that it cannot evaluate; were it a forbid, that would let in.
    if (said.type === 'failure' || said.response.diagnostics.errors.length > 0) {
      return { kind: 'forbid', rule: 'policy-error', code: 'policy-failed' }
    }
    const { decision, diagnostics } = said.response
    const rules = [...diagnostics.reason].sort()
    if (decision === 'allow') return { kind: 'permit', rule: rules[0] ?? 'unnamed' }
    return forbidBy(rules, byId) ?? nothingPermits(action, policies)
  }
  const ask = (question: PolicyQuestion, personId: string): Verdict => {
    const saw = textOfQuestion(question)
    const person = namesPeople ? personId : 'she'
    const key = `${person} ${saw}`
    const found = kept.get(key)
    if (found) return found
    const asked = { person, question }
    const use = answer('use', asked)
    const badgeAlone = answer('useByBadgeAlone', asked)
    const verdict = { use, badgeAlone, policies: id, saw }
    if (kept.size >= keptMax) kept.clear()
    kept.set(key, verdict)
    return verdict
  }
  return { id, text, ask }
}

/** Of several the gravest speaks. */
function forbidBy(
  rules: readonly string[],
  policies: ReadonlyMap<string, Policy>,
): PolicyAnswer | undefined {
  const forbids = rules.flatMap((rule) => {
    const policy = policies.get(rule)
    return policy ? [{ kind: 'forbid' as const, rule, code: refusalOf(policy.json) }] : []
  })
  return forbids.sort((a, b) => saysRefusal(a.code) - saysRefusal(b.code))[0]
}

/** Where there is but one that could have let her in, that one is the rule. */
function nothingPermits(action: Action, policies: readonly Policy[]): PolicyAnswer {
  const permits = policies.filter(({ json }) => json.effect === 'permit' && isFor(action, json))
  const rule = permits.length === 1 ? permits[0]?.id : undefined
  return { kind: 'forbid', rule: rule ?? 'no-permit', code: 'role-not-in-zone' }
}

function isFor(action: Action, { action: on }: PolicyJson): boolean {
  return on.op !== '==' || JSON.stringify(on).includes(`"${action}"`)
}

function policyOf(text: string): Policy {
  const said = policyToJson(text)
  if (said.type === 'failure') throw new Error('a part of a policy set is no policy')
  const { json } = said
  return { id: json.annotations?.['id'] ?? '', text, json }
}

function complaintOf({ message, help }: DetailedError): string {
  return help === null ? message : `${message} (${help})`
}

function invalid(complaints: readonly string[]): Compiled {
  return { kind: 'invalid', complaints: complaints.slice(0, 50) }
}
