// Every time limit of the machine in one place. Each waiting phase has one and ends in locked.

/**
 * The broker answers a tap in milliseconds, and the screen says after 4 s what else can be done; a
 * link that breaks and comes back has until here to bring the answer.
 */
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
/** The own badge again so soon after the chart came was meant to bring it, not to leave. */
export const settleMs = 1500
/** Each report is a fact in the record: often enough to say who was here, and no more. */
export const presenceEveryMs = 60_000
/** Keys and pointer may be anybody's; the badge is hers. */
export const confidenceOf = { input: 0.5, tap: 0.8 } as const
/** Windows kept for people who will come back; the oldest is closed for the next. */
export const coveredMax = 4
/** Nobody comes back to a chart after this long without wanting a fresh one. */
export const coveredKeepMs = 2 * 60 * 60 * 1000
/** More at once is no accident; what is beyond is given back at once. */
export const lateMax = 8
