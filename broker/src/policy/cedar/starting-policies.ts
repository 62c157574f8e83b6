// A starting point for a hospital's own policies: the usual roles at the usual kinds of zones,
// with a sentence for each. It validates as it is; a table test holds it to what it says. Pure.

import { usualPolicies } from './usual-policies.ts'

const byKind = `// Wardkey: a starting point for a hospital's own policies.
//
// Who may use a workstation is said here by the kind of its zone instead of by each zone's roles.
// Take out what is not yours, and put in what is; then:
//
//   wardkey-broker policy check policies.cedar
//   wardkey-broker policy replay policies.cedar --days 30     what it would have said to taps
//   wardkey-broker policy propose policies.cedar --note "…"   somebody else approves it
//
// permit  lets in. Nobody is let in whom no permit names.
// forbid  refuses, whatever permits say, with the words of its @refusal: locked-down,
//         zone-not-hers, role-not-in-zone, escort-needed, training-lapsed, off-shift,
//         not-permitted.
// @id     is the rule that every decision names, for \`wardkey-broker why\`.

// Nurses: the ward, its medication room, and infusion bays.
@id("nurses-at-the-bedside")
permit (principal in Role::"nurse", action == Action::"use", resource)
when { ["nurse-station", "medication-room", "infusion-bay"].contains(resource.zone.kind) };

// Physicians: where patients are, and the pharmacy's counter is not.
@id("physicians-where-patients-are")
permit (principal in Role::"physician", action == Action::"use", resource)
when { ["nurse-station", "medication-room", "infusion-bay"].contains(resource.zone.kind) };

@id("pharmacists")
permit (principal in Role::"pharmacist", action == Action::"use", resource)
when { ["pharmacy", "medication-room", "infusion-bay"].contains(resource.zone.kind) };

// Technicians prepare and stock; at the bedside they give nothing.
@id("pharmacy-technicians")
permit (principal in Role::"pharmacy-technician", action == Action::"use", resource)
when { ["pharmacy", "medication-room"].contains(resource.zone.kind) };

@id("registration-desks")
permit (principal in Role::"registration", action == Action::"use", resource)
when { resource.zone.kind == "registration" };

// Billing works at registration's desks; it has no business where patients are.
@id("billing-at-desks")
permit (principal in Role::"billing", action == Action::"use", resource)
when { resource.zone.kind == "registration" };

@id("it-in-server-rooms")
permit (principal in Role::"it", action == Action::"use", resource)
when { resource.zone.kind == "server-room" };

// Vendors come for one thing: HR or their sponsor names their zones, and an escort where due.
@id("vendors-in-their-zones")
permit (principal in Role::"vendor", action == Action::"use", resource)
when {
  ["server-room", "pharmacy", "infusion-bay"].contains(resource.zone.kind) &&
  principal has ownZones && principal.ownZones.contains(resource.zone)
};

// Kiosks show nothing that is anybody's: whoever has a role here may use one.
@id("staff-at-kiosks")
permit (principal, action == Action::"use", resource)
when {
  resource.zone.kind == "public-kiosk" &&
  (principal in Role::"nurse" || principal in Role::"physician" ||
   principal in Role::"registration" || principal in Role::"it")
};

// Where drugs are, a badge that anybody can copy is not enough without the PIN.
@id("strong-badge-or-pin-at-drugs")
forbid (principal, action == Action::"useByBadgeAlone", resource)
when {
  ["medication-room", "pharmacy"].contains(resource.zone.kind) && context.assurance < 3
};
`

/** The usual policies but for the one that this replaces. */
const rest = usualPolicies.slice(usualPolicies.indexOf('// Where neither'))

export const startingPolicies = `${byKind}
// What zones ask by their settings: asksShift, asksTraining, lockdownRoles.

${rest}`
