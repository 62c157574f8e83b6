// The protocol's one number and what each value of it meant. N and N-1 are spoken for one release.

/**
 * 1 · 2026-11 · the first: hello, tap, pin, cancel, leave, ticket, step-up, presence, launch
 * report.
 */
export const protocolVersion = 1
export const oldestSpoken = 1

/** The WebSocket sub-protocol both sides name at the upgrade. */
export const subprotocol = 'wardkey.v1'

/** Limits that both doors hold; a frame beyond them is Invalid whatever it says. */
export const frameBytesMax = 16_384
export const frameDepthMax = 8
/** Leaves that a hello brings; one is what there is as a rule. */
export const leftMax = 8
