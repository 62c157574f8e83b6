// Until when a bundle is good, and when it is made anew: promise 4, as arithmetic. Pure.

/**
 * A bundle says what was so at `asOfMs`, and no more than the zone's limit after that moment anything
 * is decided with it. Whoever is revoked at R is in no bundle of a moment after R, so that the last
 * one that lets her in is over before R + the limit. The end of the workstation's certificate is not
 * waited for nor looked at: one that cannot renew it is cut off, which is what this is for.
 */
export function expiryOf(asOfMs: number, offlineMaxMs: number): number {
  return asOfMs + offlineMaxMs
}

/** From two fifths to half of its life, so that not all workstations come at once. */
export function renewalOf(
  bundle: { readonly issuedMs: number; readonly expiresMs: number },
  spread: number,
): number {
  const lifeMs = bundle.expiresMs - bundle.issuedMs
  return bundle.issuedMs + Math.floor(lifeMs * (0.4 + 0.1 * spread))
}
