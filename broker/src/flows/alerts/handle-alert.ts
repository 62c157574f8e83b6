// What is done about an alert: acknowledged, assigned, closed with an outcome and a note. Never by
// somebody whom it is about, never twice closed, and each act and each refusal is a fact.

import { alertRules } from '@wardkey/protocol/admin/alerts/alert-rules'
import type { AlertKind } from '@wardkey/protocol/admin/alerts/alert-rules'
import type { AlertClosing } from '@wardkey/protocol/admin/alerts/alerts'
import type { PersonId } from '@wardkey/protocol/ids'
import { sealFields } from '../../audit/sealed-fields.ts'
import type { Fact } from '../../audit/fact.ts'
import { findPerson } from '../../identity/people.ts'
import { newFact } from '../flow-needs.ts'
import { byPerson } from '../own-record.ts'
import type { Actor, AdminRefused, PersonFlowNeeds } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { isOneHand } from '../two-people.ts'
import { sealAlertNote } from './alert-note.ts'
import { changeAlert, findAlert } from './alert-row.ts'
import type { Alert } from './alert-row.ts'

export interface AlertActor extends Actor {
  /** The kinds that she may see: others are not there for her. */
  readonly kinds: readonly AlertKind[]
}

type Act =
  | { readonly act: 'acknowledge' }
  | { readonly act: 'assign'; readonly personId: PersonId }
  | ({ readonly act: 'close' } & AlertClosing)

export type AlertAct = Act & AlertActor & { readonly alertId: string }
type Handled = Recorded<{ readonly kind: 'handled' } | AdminRefused>

const factOf = { acknowledge: 'ALR-003', assign: 'ALR-004', close: 'ALR-005' } as const

export async function handleAlert(act: AlertAct, needs: PersonFlowNeeds): Promise<Handled> {
  const alert = await findAlert(needs.db, act.alertId)
  const no = await reasonAgainst(act, alert, needs)
  if (no !== undefined || !alert) return refuse(no ?? 'alert-unknown', act, alert, needs)
  const { by } = act
  const nowMs = needs.nowMs()
  const fact = aboutAlert(factOf[act.act], alert, act, needs)
  const done = { answer: { kind: 'handled' }, notices: [] } as const
  switch (act.act) {
    case 'acknowledge': {
      const change = { state: 'acknowledged', acknowledged_by: by, acknowledged_ms: nowMs } as const
      return { ...done, facts: [fact], writes: [changeAlert(needs.db, alert, change)] }
    }
    case 'assign': {
      const change = {
        ...({ state: 'assigned', assignee_id: act.personId } as const),
        ...{ assigned_by: by, assigned_ms: nowMs },
      }
      return { ...done, facts: [fact], writes: [changeAlert(needs.db, alert, change)] }
    }
    case 'close': {
      const { sealed, writes } = await sealAlertNote(act.note, alert, needs)
      const change = {
        ...({ state: 'closed', outcome: act.outcome } as const),
        ...{ closed_by: by, closed_ms: nowMs, note_sealed: sealed },
      }
      const facts = [await withNote(fact, alert, act.note, needs)] as const
      return { ...done, facts, writes: [changeAlert(needs.db, alert, change), ...writes] }
    }
  }
}

async function reasonAgainst(
  act: AlertAct,
  alert: Alert | undefined,
  needs: PersonFlowNeeds,
): Promise<AdminRefused['code'] | undefined> {
  if (!alert || !act.kinds.includes(alertRules[alert.rule].kind)) return 'alert-unknown'
  if (alert.state === 'closed') return 'alert-closed'
  const askers = await tokenAskers(needs)
  const isOwn = alert.people.some(
    (id) => act.by.endsWith(` ${id}`) || isOneHand(byPerson(id), act.by, askers),
  )
  if (isOwn) return 'alert-own'
  if (act.act === 'acknowledge' && alert.state !== 'open') return 'alert-known'
  if (act.act !== 'assign') return undefined
  if (alert.people.includes(act.personId)) return 'alert-own'
  const assignee = await findPerson(needs.db, act.personId)
  return assignee?.status === 'active' ? undefined : 'person-unknown'
}

function aboutAlert(
  code: 'ALR-003' | 'ALR-004' | 'ALR-005',
  { id, rule, people, workstation_id: workstation, zone_id: zone }: Alert,
  act: AlertAct,
  needs: PersonFlowNeeds,
): Fact {
  const [person] = people
  return newFact(needs, code, {
    ...(person === undefined ? {} : { person }),
    ...(workstation === null ? {} : { workstation }),
    ...(zone === null ? {} : { zone }),
    rule,
    fields: {
      ...{ by: act.by, alert: id },
      ...(act.act === 'assign' ? { assignee: act.personId } : {}),
      ...(act.act === 'close' ? { outcome: act.outcome } : {}),
    },
  })
}

/** The record keeps the note, too, where it is about one person, whose key can forget it. */
async function withNote(
  fact: Fact,
  { people }: Alert,
  note: string,
  { personKeys }: PersonFlowNeeds,
): Promise<Fact> {
  const [person, ...others] = people
  const key = person === undefined || others.length > 0 ? undefined : await personKeys.find(person)
  if (!key || person === undefined) return fact
  return { ...fact, sealed: sealFields({ id: fact.id, person }, { note }, key) }
}

function refuse(
  code: AdminRefused['code'],
  act: AlertAct,
  alert: Alert | undefined,
  needs: PersonFlowNeeds,
): Handled {
  const fields = { by: act.by, act: act.act, alert: act.alertId }
  const [person] = alert?.people ?? []
  const whom = person === undefined ? {} : { person }
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'ALR-101', { ...whom, rule: code, fields })],
    writes: [],
    notices: [],
  }
}
