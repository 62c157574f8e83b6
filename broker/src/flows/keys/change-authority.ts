// The workstation authority by the database: read by each broker, and changed where the host has
// ordered it. Of several brokers one does it, with a fact. No key is in the row.

import { encodeFact } from '../../audit/fact.ts'
import type { AuthorityOrder } from '../../platform/keys/authority-keys.ts'
import type { Log } from '../../platform/log.ts'
import type { Store } from '../../store/store.ts'
import { countWithout } from '../enrolment/believed-authorities.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { brokersLacking } from './authority-lacks.ts'
import { readStanding, standingWrite } from './authority-row.ts'
import type { KnownStanding } from './authority-row.ts'
import { ended, stepFor, withNext, withOrder } from './authority-standing.ts'
import type {
  AuthorityStanding,
  NamedAuthority,
  NextStanding,
  Seen,
  StandingStep,
} from './authority-standing.ts'

export interface AuthorityChangeNeeds extends FlowNeeds {
  readonly store: Store
  readonly log: Log
  /** SHA-256 of the certificate that the key folder began with. */
  readonly caSha256: string
  /** Both files, durable when it resolves; gives the SHA-256 of the certificate. */
  readonly makeNext: (generation: string) => Promise<string>
  /** Which of its files this key folder lacks, or has otherwise. */
  readonly missing: (authority: NamedAuthority) => readonly string[]
}

/** Reads how it stands, and carries out what was ordered. */
export async function keepAuthority(
  order: AuthorityOrder | undefined,
  needs: AuthorityChangeNeeds,
): Promise<AuthorityStanding | undefined> {
  const known = await readStanding(needs)
  const before = known?.standing
  if (!order || before?.orders.includes(order.id) === true) return before
  const seen = await seenOf(before?.next, needs)
  const step = await madeOf(stepFor(order, before?.next, seen), needs)
  const looked = withOrder(before, order.id)
  if (step.kind === 'change' || step.kind === 'end') {
    const standing = step.kind === 'end' ? ended(looked, step.present) : withNext(looked, step.next)
    return change(known, standing, needs)
  }
  // Only that the order was seen is new.
  const writes = [standingWrite(known, looked, needs)]
  const done = await needs.store.commit({ kind: 'housekeeping', writes })
  if (step.kind === 'refused' && done.kind === 'committed') {
    needs.log.error('authority.order-refused', { kind: order.step, reason: step.reason })
  }
  return before
}

async function change(
  known: KnownStanding | undefined,
  standing: AuthorityStanding,
  needs: AuthorityChangeNeeds,
): Promise<AuthorityStanding | undefined> {
  const fields = { by: 'host', ...changeFields(known?.standing, standing, needs.caSha256) }
  const facts = [encodeFact(newFact(needs, 'KEY-006', { fields }))] as const
  const writes = [standingWrite(known, standing, needs)]
  const done = await needs.store.commit({ kind: 'recorded', writes, facts })
  // Another broker was first, or somebody enrolled: what it is now is read at the next look.
  return done.kind === 'committed' ? standing : known?.standing
}

/** Of KEY-006: the present one as it was before, and what became of the next one. */
export function changeFields(
  before: AuthorityStanding | undefined,
  { present, next }: AuthorityStanding,
  firstSha256: string,
): Readonly<Record<'authority' | 'next' | 'state', string>> {
  const authority = before?.present?.sha256 ?? firstSha256
  const about = next ?? { sha256: present?.sha256 ?? '', state: 'ended' }
  return { authority, next: about.sha256, state: about.state }
}

async function seenOf(next: NextStanding | undefined, needs: AuthorityChangeNeeds): Promise<Seen> {
  if (!next) return { lacking: 0, without: 0 }
  const own = needs.missing(next).length > 0 ? 1 : 0
  const others = await brokersLacking(next.sha256, needs)
  return { lacking: own + others.length, without: await countWithout(next.sha256, needs) }
}

type Done = Exclude<StandingStep, { kind: 'make' }>

async function madeOf(step: StandingStep, needs: AuthorityChangeNeeds): Promise<Done> {
  if (step.kind !== 'make') return step
  // Before anybody is told of them: a row never names files that are not there.
  const sha256 = await needs.makeNext(step.generation)
  const { generation } = step
  return { kind: 'change', next: { generation, sha256, state: 'prepared' } }
}
