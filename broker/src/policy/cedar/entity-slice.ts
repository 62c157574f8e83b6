// A question as Cedar takes it: the person, her roles, the workstation and its zone, and never more
// than these, so that a decision costs the same however many people there are. Pure.

import type { EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import type { PolicyQuestion } from './policy-question.ts'
import type { Action } from './schema.ts'

export interface Asked {
  readonly person: string
  readonly question: PolicyQuestion
}

/** Zones are what policies tell apart: of one workstation they never know which it is. */
const here = 'here'

export function requestOf(action: Action, { person, question }: Asked) {
  const { mode, shift, assurance } = question
  return {
    principal: uid('Person', person),
    action: uid('Action', action),
    resource: uid('Workstation', here),
    // Nobody is escorted yet: a colleague's badge beside hers is not asked for.
    context: { mode, shift, assurance, isEscorted: false },
  }
}

export function entitiesOf({ person, question }: Asked): EntityJson[] {
  const { zone, roles, ownZones, needsEscort, training } = question
  const zoneUid = uid('Zone', zone.id)
  return [
    {
      uid: uid('Person', person),
      attrs: {
        needsEscort,
        training,
        ...(ownZones === undefined ? {} : { ownZones: ownZones.map((id) => link('Zone', id)) }),
      },
      parents: roles.map((role) => uid('Role', role)),
    },
    {
      uid: uid('Workstation', here),
      attrs: { zone: { __entity: zoneUid } },
      parents: [zoneUid],
    },
    {
      uid: zoneUid,
      attrs: {
        kind: zone.kind,
        roles: zone.roles.map((role) => link('Role', role)),
        asksShift: zone.asksShift,
        asksTraining: zone.asksTraining,
        lockdownRoles: zone.lockdownRoles.map((role) => link('Role', role)),
      },
      parents: [],
    },
  ]
}

function uid(type: string, id: string): TypeAndId {
  return { type, id }
}

function link(type: string, id: string): { readonly __entity: TypeAndId } {
  return { __entity: uid(type, id) }
}
