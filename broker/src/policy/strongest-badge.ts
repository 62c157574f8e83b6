// What the best badge is worth: taken where a rule is asked of somebody, whatever she shows. Pure.

/** On the scale of a badge's own `assurance`. */
export const strongestBadge = 5
