// What policies can speak of, in Cedar's own schema language: a policy that says anything else does
// not validate, and is never in force. Pure.

/** `use` is to be let in at all; `useByBadgeAlone` is to be let in without the PIN. */
export const actions = ['use', 'useByBadgeAlone'] as const
export type Action = (typeof actions)[number]

export const schemaText = `
entity Role;
entity Zone = {
  kind: String,
  roles: Set<Role>,
  asksShift: String,
  asksTraining: Set<String>,
  lockdownRoles: Set<Role>
};
entity Person in [Role] = {
  ownZones?: Set<Zone>,
  needsEscort: Bool,
  training: Set<String>
};
entity Workstation in [Zone] = { zone: Zone };
action use, useByBadgeAlone appliesTo {
  principal: [Person],
  resource: [Workstation],
  context: { mode: String, shift: String, assurance: Long, isEscorted: Bool }
};
`
