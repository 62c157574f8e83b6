// A fact of a time line in a sentence with its people and places in it. Pure.

import type { Timeline, TimelineFact } from '@wardkey/protocol/console/timeline'
import { FactView } from '@wardkey/protocol/story/fact-view'
import type { Names } from '@wardkey/protocol/story/fact-view'
import { tellFact } from '@wardkey/protocol/story/tell-fact'
import { nameText } from '../../../parts/names.ts'
import { dayText, minuteText } from '../../../parts/time/time-text.ts'

export type Named = Pick<Timeline, 'people' | 'workstations' | 'mentioned'>

const known = new WeakMap<Timeline['people'], Names>()

function namesIn({ people, workstations, mentioned }: Named): Names {
  const before = known.get(people)
  if (before) return before
  const names: Names = Object.fromEntries([
    ...[...mentioned.people, ...people].map((one) => [one.personId, nameText(one)] as const),
    ...[...mentioned.workstations, ...workstations].map(
      ({ workstationId, place }) => [workstationId, place] as const,
    ),
  ])
  known.set(people, names)
  return names
}

/** `zone` is an IANA name, the viewer's own where there is none; nothing for what has no story. */
export function toldText(fact: TimelineFact, named: Named, zone?: string): string | undefined {
  const { code, atMs, recordedMs = atMs, personId, workstationId, rule, fields } = fact
  const told = {
    code,
    atMs: recordedMs,
    person: personId,
    workstation: workstationId,
    rule,
    fields,
  }
  const times = {
    time: (ms: number) => minuteText(ms, zone),
    day: (ms: number) => dayText(ms, zone),
  }
  return tellFact(new FactView(told, namesIn(named), times))
}
