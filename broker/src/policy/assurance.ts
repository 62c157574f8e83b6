// What the factors of a session are worth, in the words that tokens use. Pure.

/** The badge was shown, nothing more: a grace window is not an authentication of its own. */
export const acrBadge = 'urn:wardkey:acr:badge'
/** Badge, and a PIN now or within the grace window; `auth_time` says when. */
export const acrBadgePin = 'urn:wardkey:acr:badge-pin'
/** Badge and PIN within this very request: what a grace window never gives. */
export const acrFresh = 'urn:wardkey:acr:badge-pin-fresh'
/** Emergency access: what policy would have refused; `purpose` is BTG, `amr` says what was proved. */
export const acrBreakGlass = 'urn:wardkey:acr:break-glass'

export const acrValues = [acrBadge, acrBadgePin, acrFresh, acrBreakGlass] as const

/**
 * RFC 8176 methods. A UID that anybody can copy is presence at most ("user"), never "hwk" or "sc":
 * claiming more would let an EHR trust a cloned card.
 */
export const amrBadgePin: readonly string[] = ['pin', 'user']
/** The badge alone, in a zone that asks no PIN. */
export const amrBadge: readonly string[] = ['user']
/** A staff number names and proves nothing: the PIN alone. */
export const amrPin: readonly string[] = ['pin']
