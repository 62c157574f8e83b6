// The policies that are in force where nobody has written any: what zones ask by their settings.
// Pure.

export const usualPolicies = `// Wardkey's usual policies: who may use a workstation is said by its zone's settings.

// The zone names the roles whose people may use its workstations.
@id("role-in-zone")
permit (principal, action == Action::"use", resource)
when { principal in resource.zone.roles };

// Where neither the zone's settings nor a policy ask for more, the badge is enough within the window.
@id("badge-alone")
permit (principal, action == Action::"useByBadgeAlone", resource);

// Somebody with zones of her own (a contractor) is let in nowhere else.
@id("own-zones-only")
@refusal("zone-not-hers")
forbid (principal, action == Action::"use", resource)
when { principal has ownZones && !principal.ownZones.contains(resource.zone) };

// Whoever needs an escort is let in only beside a colleague.
@id("escort-with-her")
@refusal("escort-needed")
forbid (principal, action == Action::"use", resource)
when { principal.needsEscort && !context.isEscorted };

// asksTraining: each of these has to be current.
@id("training-current")
@refusal("training-lapsed")
forbid (principal, action == Action::"use", resource)
when { !principal.training.containsAll(resource.zone.asksTraining) };

// asksShift: refuse. On call counts; in a code everybody is needed.
@id("on-shift")
@refusal("off-shift")
forbid (principal, action == Action::"use", resource)
when {
  resource.zone.asksShift == "refuse" &&
  context.mode != "code" &&
  !["on", "on-call"].contains(context.shift)
};

// asksShift: pin. Off shift the badge alone is not enough.
@id("off-shift-asks-pin")
forbid (principal, action == Action::"useByBadgeAlone", resource)
when { resource.zone.asksShift == "pin" && !["on", "on-call"].contains(context.shift) };

// In a lockdown only the roles that the zone names for it.
@id("lockdown")
@refusal("locked-down")
forbid (principal, action == Action::"use", resource)
when { context.mode == "lockdown" && !(principal in resource.zone.lockdownRoles) };
`
