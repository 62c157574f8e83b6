// Versions of the written policies: proposed by one, decided by another, each kept with its text.
// What does not validate cannot be proposed, and nobody approves what she proposed herself.

import { compilePolicies } from '../policy/cedar/policy-set.ts'
import { usualPolicies } from '../policy/cedar/usual-policies.ts'
import type { Schema } from '../store/schema.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { inForce } from './house-book.ts'
import type { Actor, AdminRefused } from './person-flow.ts'
import type { Recorded } from './recorded.ts'
import { tokenAskers } from './token-grants/token-askers.ts'
import { wordAgainst } from './two-people.ts'

export interface Proposal extends Actor {
  readonly text: string
  readonly note: string
}

export type Proposed =
  | { readonly kind: 'proposed'; readonly number: number }
  | { readonly kind: 'invalid'; readonly complaints: readonly string[] }
  | AdminRefused

export type Version = Schema['policy_version']

/** Of two at once the second conflicts with the first one's number and takes the next. */
export async function proposePolicy(
  { text, note, by }: Proposal,
  needs: FlowNeeds,
): Promise<Recorded<Proposed>> {
  const { db } = needs
  const compiled = compilePolicies(text)
  if (compiled.kind === 'invalid') {
    const refused = refuse('policy-does-not-validate', 0, by, needs)
    return { ...refused, answer: { kind: 'invalid', complaints: compiled.complaints } }
  }
  const basedOn = await inForce(db)
  const before = await findVersion(basedOn, needs)
  if (before?.text === text) return refuse('policy-same', basedOn, by, needs)
  const last = await db
    .selectFrom('policy_version')
    .select(({ fn }) => fn.max('number').as('number'))
    .executeTakeFirst()
  const number = (last?.number ?? 0) + 1
  const policies = compiled.policies.id
  const proposed = { proposed_ms: needs.nowMs(), proposed_by: by }
  const open = { outcome: null, decided_ms: null, decided_by: null }
  const query = db
    .insertInto('policy_version')
    .values({ number, set_id: policies, text, note, based_on: basedOn, ...proposed, ...open })
    .compile()
  return {
    answer: { kind: 'proposed', number },
    facts: [newFact(needs, 'POL-001', { fields: { by, number, policies, basedOn, note } })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

export interface PolicyWord extends Actor {
  readonly number: number
  readonly outcome: 'approved' | 'rejected'
}

/** Approved is in force, from each broker's next look on. What it was based on must still be so. */
export async function decidePolicy(
  { number, outcome, by }: PolicyWord,
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'decided' } | AdminRefused>> {
  const { db } = needs
  const version = number === 0 ? undefined : await findVersion(number, needs)
  if (!version) return refuse('policy-unknown', number, by, needs)
  const no = wordAgainst(version, { outcome, by }, await tokenAskers(needs))
  if (no) return refuse(`policy-${no}`, number, by, needs)
  const isApproved = outcome === 'approved'
  if (isApproved && version.based_on !== (await inForce(db))) {
    return refuse('policy-moved', number, by, needs)
  }
  // An older release may have taken it that this one does not understand.
  if (isApproved && compilePolicies(version.text).kind === 'invalid') {
    return refuse('policy-does-not-validate', number, by, needs)
  }
  const query = db
    .updateTable('policy_version')
    .set({ outcome, decided_ms: needs.nowMs(), decided_by: by })
    .where('number', '=', number)
    .where('outcome', 'is', null)
    .compile()
  const fields = { by, number, policies: version.set_id, basedOn: version.based_on }
  const sized = { bytes: Buffer.byteLength(version.text), proposedBy: version.proposed_by }
  return {
    answer: { kind: 'decided' },
    facts: [
      newFact(needs, isApproved ? 'POL-002' : 'POL-003', { fields: { ...fields, ...sized } }),
    ],
    writes: [{ query, expectRows: 1 }],
    notices: isApproved ? [{ kind: 'rules-changed', place: '*' }] : [],
  }
}

/** 0 is what Wardkey brings along. */
export async function findVersion(
  number: number,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<Version | undefined> {
  if (number === 0) return usualVersion()
  return db.selectFrom('policy_version').selectAll().where('number', '=', number).executeTakeFirst()
}

/** The newest first; the usual ones at the end. */
export async function listVersions({ db }: Pick<FlowNeeds, 'db'>): Promise<readonly Version[]> {
  const rows = await db
    .selectFrom('policy_version')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(200)
    .execute()
  return [...rows, usualVersion()]
}

function usualVersion(): Version {
  const compiled = compilePolicies(usualPolicies)
  return {
    number: 0,
    set_id: compiled.kind === 'compiled' ? compiled.policies.id : '',
    text: usualPolicies,
    note: 'what Wardkey brings along',
    ...{ based_on: 0, proposed_ms: 0, proposed_by: '' },
    ...{ outcome: 'approved', decided_ms: 0, decided_by: '' },
  }
}

function refuse(
  code: AdminRefused['code'],
  number: number,
  by: string,
  needs: FlowNeeds,
): Recorded<AdminRefused> {
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'POL-101', { rule: code, fields: { by, number } })],
    writes: [],
    notices: [],
  }
}
