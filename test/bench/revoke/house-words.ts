// What the broker of the benchmark and the house that is built in it both say.

export const nurses = 'Bench nurses'
/** Whom HR names so is a nurse, whatever group she is in. */
export const nurseCode = 'RN'
/** Screens that one person may have open. */
export const screensEach = 3
