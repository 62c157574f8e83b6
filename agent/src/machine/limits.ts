// Every time limit of the machine in one place. Each waiting phase has one and ends in locked.

/**
 * The broker answers a tap in milliseconds, and the screen says after 4 s what else can be done; a
 * link that breaks and comes back has until here to bring the answer.
 */
export const askMs = 8000
/** A link that broke is back by then where its broker only hands over to another one. */
export const blinkMs = 1000
/** A person has this long to begin and finish the PIN. */
export const pinMs = 30_000
/** The broker's PIN threads may have a queue at a change of shift. */
export const checkMs = 12_000
/** From admitted to a chart that can be seen. */
export const openMs = 20_000
/** A chart whose way was cut is asked for anew after a moment, each time a little later … */
export const againMs = 400
/** … so often, which leaves the last one most of the time that a chart has. */
export const againMax = 5
/** A refusal stays readable for this long. */
export const refusedMs = 12_000
export const signMs = 60_000
/** The own badge again so soon after the chart came was meant to bring it, not to leave. */
export const settleMs = 1500
/** A badge that signed out may take it back for so long, and nothing else may. */
export const undoMs = 3000
/** A reader's cable that wobbles, or its service that restarts, is back by then. */
export const readerLostMs = 10_000
/** A sensor that says nothing for so long has nothing to say any more. */
export const sensorSilentMs = 120_000
/** A reason for emergency access is chosen from a few, by somebody in a hurry. */
export const reasonMs = 60_000
/** A staff number is typed, or a colleague fetched. */
export const identifyMs = 45_000
export const witnessMs = 90_000
/** What is to be done about a badge or a PIN is chosen from a few … */
export const menuMs = 30_000
/** … each of its steps waits for somebody to type, or to be called over … */
export const errandMs = 120_000
/** … a sign-in with a second factor takes longer … */
export const signInMs = 180_000
/** … and that it is done stays readable for so long. */
export const doneMs = 8000
/** Once the link is back, a broker confirms within this what was decided without it. */
export const confirmMs = 10_000
/** Without a broker for so long, whoever reads a chart is told; a blink is over by then. */
export const tellDownMs = 5000
/** What is said of a lock and will not be so for long, is said for so long. */
export const noticeMs = 60_000
/** "This lock was wrong" can be said for so long after it. */
export const regretMs = 60_000
/** Each report is a fact in the record: often enough to say who was here, and no more. */
export const presenceEveryMs = 60_000
/** Keys and pointer may be anybody's; the badge is hers. */
export const confidenceOf = {
  input: 0.5,
  tap: 0.8,
  'card-in-place': 0.7,
  /** As anybody's as keys are, and as much of it as a page's own process could make up. */
  'ehr-activity': 0.4,
} as const
/** A sensor that is less sure than this is guessing: no wait changes by what it says. */
export const bodySureAt = 0.5
/** What a report of nobody near is worth as evidence that she is here. */
export const confidenceAway = 0.1
/** Windows kept for people who will come back; the oldest is closed for the next. */
export const coveredMax = 4
/** Nobody comes back to a chart after this long without wanting a fresh one. */
export const coveredKeepMs = 2 * 60 * 60 * 1000
/** More at once is no accident; what is beyond is given back at once. */
export const lateMax = 8
