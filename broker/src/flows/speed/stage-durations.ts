// From a workstation's marks, each counted from the moment at which its reader noticed the card, to
// how long each stage took. Time at the PIN pad is a person's, and in none of them. Pure.

import type { SpeedStage } from '@wardkey/protocol/admin/speed/speed'

type Marks = Readonly<Record<string, number>>
type AgentStage = Exclude<SpeedStage, 'policy' | 'flush'>

/** Marks that are missing, or run backwards, make no stage. */
export function durationsOf(marks: Marks): ReadonlyMap<AgentStage, number> {
  const between = (from: number | undefined, to: number | undefined): number | undefined =>
    from === undefined || to === undefined || to < from ? undefined : to - from
  const { reader: asked, read, broker: answered } = marks
  const typed = typedMs(marks)
  const shown = marks['first-paint']
  const waited = between(asked, answered)
  const stages: Readonly<Record<AgentStage, number | undefined>> = {
    // An agent of before tells only when it asked.
    reader: between(0, read ?? asked),
    agent: between(read, asked),
    broker: waited === undefined || waited < typed ? undefined : waited - typed,
    screen: between(answered, marks['context-created']),
    'sign-in': between(marks['context-created'], marks['dom-ready']),
    'first-paint': between(marks['dom-ready'], shown),
    total: shown === undefined || shown < typed ? undefined : shown - typed,
  }
  return new Map(
    Object.entries(stages).flatMap(([stage, ms]) =>
      ms === undefined ? [] : [[stage as AgentStage, ms] as const],
    ),
  )
}

/** From the question for the PIN to the whole PIN. */
function typedMs(marks: Marks): number {
  const asked = marks['pin-asked']
  const given = marks['pin-given']
  return asked === undefined || given === undefined ? 0 : Math.max(0, given - asked)
}
