// A time line that never happened: as many facts and spans as the protocol lets through, for the
// pages' own tests.

import { timeline } from '@wardkey/protocol/console/timeline'
import type { Timeline } from '@wardkey/protocol/console/timeline'
import { idOf, personOf, workstationIdOf } from './invented-hospital.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

interface Asked {
  readonly personId?: string | undefined
  readonly workstationId?: string | undefined
  readonly zoneId?: string | undefined
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Visits one after the other: in by the door, a session with its evidence, a launch, and out. Each
 * lasts `lasts` times as long as usual: then many are there at once.
 */
export function inventTimeline(asked: Asked, visits: number, lasts = 1): Timeline {
  const { fromMs, toMs } = asked
  const stepMs = (toMs - fromMs) / (visits + 1)
  const spans: unknown[] = []
  const facts: unknown[] = []
  const fact = (atMs: number, code: string, sentence: string, more: object): number => {
    const index = 1000 + facts.length
    facts.push({
      ...{ index, atMs: Math.round(atMs), code, sentence, ...more },
      fields: { rule: 'nurse-ward-day', stage: 'spine', tookMs: 41 + (index % 60) },
      isSealed: atMs < toMs - 5 * minuteMs,
    })
    return index
  }
  for (let visit = 0; visit < visits; visit += 1) {
    const person = asked.personId === undefined ? personOf(visit % 9) : undefined
    const personId = person?.personId ?? asked.personId
    const workstationId = asked.workstationId ?? workstationIdOf(1 + (visit % 5))
    const who = { personId, workstationId, sessionId: idOf(3, visit) }
    const beginMs = Math.round(fromMs + stepMs * (visit + 0.3))
    const endMs = Math.round(beginMs + stepMs * lasts * (0.5 + (visit % 3) * 0.3))
    const name = personOf(visit % 9).name.family
    const inAt = fact(beginMs - stepMs * 0.1, 'PRE-002', `${name} came through the ward’s door.`, {
      personId,
    })
    const tapAt = fact(beginMs, 'TAP-001', `${name} tapped in, badge and PIN.`, who)
    const launchAt = fact(beginMs + 400, 'SSO-002', `The chart opened for ${name}.`, who)
    const endAt = fact(endMs, 'SES-003', `The session of ${name} was locked.`, who)
    const isLast = visit === visits - 1
    const until = isLast ? {} : { untilMs: endMs }
    const cut = { isCut: false }
    if (visit % 7 !== 3) {
      spans.push({
        ...{ lane: 'door', kind: 'in', fromMs: Math.round(beginMs - stepMs * 0.1), ...until },
        ...{ ...cut, personId, facts: [inAt] },
      })
    }
    spans.push(
      {
        ...{ lane: 'presence', kind: visit % 2 === 0 ? 'tap' : 'input', fromMs: beginMs, ...until },
        ...{ ...cut, ...who, confidence: 60 + (visit % 5) * 8, facts: [tapAt] },
      },
      {
        ...{
          lane: 'session',
          kind: visit % 5 === 4 ? 'locked' : 'open',
          fromMs: beginMs,
          ...until,
        },
        ...{ ...cut, ...who, facts: [tapAt, endAt] },
        ...(visit % 10 === 6 ? { isEmergency: true } : {}),
        ...(visit % 10 === 8 ? { isOffline: true } : {}),
      },
      {
        ...{ lane: 'launch', kind: 'Invented Chart', fromMs: beginMs + 400, ...until },
        ...{ ...cut, ...who, facts: [launchAt] },
      },
    )
  }
  const differences = [
    {
      ...{ kind: 'presence-without-door', says: 'Her badge was seen at station 4, and no door.' },
      ...{ fromMs: Math.round(fromMs + stepMs * 3.3), untilMs: Math.round(fromMs + stepMs * 3.9) },
    },
    {
      ...{ kind: 'two-places', says: 'Signs of her came from two places at once.' },
      fromMs: Math.round(fromMs + stepMs * Math.max(1, visits - 3)),
      untilMs: Math.round(fromMs + stepMs * Math.max(2, visits - 2)),
    },
  ]
  const people =
    asked.personId === undefined ? Array.from({ length: 9 }, (_, n) => personOf(n)) : []
  return timeline.parse({
    ...{ fromMs, toMs, spans, facts, differences, isCut: visits > 400 },
    label: asked.personId ? 'Rosa Testcase 0' : (asked.zoneId ?? '4 West, station 2'),
    people: people.map(({ personId, name }) => ({ personId, name })),
    workstations: Array.from({ length: 5 }, (_, at) => ({
      workstationId: workstationIdOf(at + 1),
      place: `4 West, station ${String(at + 1)}`,
      zoneId: '4-west',
    })),
    mentioned: { people: [], workstations: [] },
  })
}
