// Every time limit of the machine in one place. Each waiting phase has one and ends in locked.

/** The broker answers a tap in milliseconds; after this it is asked no longer. */
export const askMs = 8000
/** A person has this long to begin and finish the PIN. */
export const pinMs = 30_000
/** The broker's PIN threads may have a queue at a change of shift. */
export const checkMs = 12_000
/** From admitted to a chart that can be seen. */
export const openMs = 20_000
/** A refusal stays readable for this long. */
export const refusedMs = 12_000
export const signMs = 60_000
/** Windows kept for people who will come back; the oldest is closed for the next. */
export const coveredMax = 4
