// What the factors of a session are worth, in the words that tokens use. Pure.

/** The badge was shown, nothing more: a grace window is not an authentication of its own. */
export const acrBadge = 'urn:wardkey:acr:badge'
/** Badge, and a PIN now or within the grace window; `auth_time` says when. */
export const acrBadgePin = 'urn:wardkey:acr:badge-pin'
/** Badge and PIN within this very request: what a grace window never gives. */
export const acrFresh = 'urn:wardkey:acr:badge-pin-fresh'

export const acrValues = [acrBadge, acrBadgePin, acrFresh] as const

/**
 * RFC 8176 methods. A UID that anybody can copy is presence at most ("user"), never "hwk" or "sc":
 * claiming more would let an EHR trust a cloned card.
 */
export const amrBadgePin: readonly string[] = ['pin', 'user']
/** The badge alone, in a zone that asks no PIN. */
export const amrBadge: readonly string[] = ['user']
