// Each rule of alerts with what it has to see and what it has to leave alone, over facts as the
// record has them.

import { describe, expect, it } from 'vitest'
import type { AlertRuleName } from '@wardkey/protocol/admin/alerts/alert-rules'
import type { AlertFact, RecordStanding, Sighting } from './alert-fact.ts'
import type { AlertLimits } from './alert-limits.ts'
import { AlertWatch, watchedCodes } from './alert-watch.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const start = 1_800_000_000_000

const limits: AlertLimits = {
  offShiftMarginMs: 90 * minute,
  ...{ refusals: 5, unknownCards: 4, refusalsMs: 10 * minute },
  ...{ twoPlacesMs: 10 * second, nearZones: ['east+west'] },
  doorMs: 14 * hour,
  ...{ swaps: 4, swapMs: 30 * second, cloneMs: 1500 },
  ...{ emergencies: 3, emergenciesMs: 24 * hour, zoneEmergencies: 4, zoneEmergenciesMs: hour },
  ...{ checkpointLateMs: minute, silentMs: 15 * minute },
}

/** A record to be read: each fact so long after the one before. */
class Record {
  readonly seen: Sighting[] = []
  readonly watch: AlertWatch
  nowMs = start
  #index = 0

  constructor(change: Partial<AlertLimits> = {}, off: readonly AlertRuleName[] = []) {
    this.watch = new AlertWatch({ ...limits, ...change }, new Set(off))
  }

  add(code: string, about: Partial<AlertFact> = {}, afterMs = second): this {
    this.nowMs += afterMs
    const when = { atMs: this.nowMs, recordedMs: this.nowMs }
    const fact = { index: this.#index++, code, ...when, fields: {}, ...about }
    this.seen.push(...this.watch.take(fact))
    return this
  }

  pass(ms: number, record: RecordStanding = {}): this {
    this.nowMs += ms
    this.seen.push(...this.watch.pass(this.nowMs, record))
    return this
  }

  get told(): readonly string[] {
    return this.seen.map(({ rule, subject }) => `${rule}: ${subject}`)
  }
}

const at = (workstation: string, zone = 'east') => ({ workstation, zone })
const tap = (person: string, workstation = 'w1', zone = 'east') => ({
  ...{ person, badge: `b-${person}`, ...at(workstation, zone) },
  fields: {},
})
const onShift = (shift: string) => ({ ...tap('p1'), fields: { saw: `{"shift":"${shift}"}` } })

describe('off-shift use', () => {
  it('is seen where she was not at work around it, once the time is over', () => {
    const record = new Record().add('TAP-001', onShift('off')).pass(89 * minute)
    expect(record.told).toEqual([])
    expect(record.pass(2 * minute).told).toEqual(['off-shift-use: person p1'])
    expect(record.seen[0]).toMatchObject({ facts: [0], people: ['p1'], workstation: 'w1' })
    expect(record.pass(5 * hour).told).toHaveLength(1)
  })
  it.each(['on', 'on-call'])('refuses/is not seen of who comes early (%s)', (shift) => {
    const record = new Record().add('TAP-001', onShift('off'))
    expect(record.add('TAP-001', onShift(shift), hour).pass(6 * hour).told).toEqual([])
  })
  it('refuses/is not seen of who stays late', () => {
    const record = new Record().add('TAP-001', onShift('on'))
    expect(record.add('TAP-001', onShift('off'), hour).pass(6 * hour).told).toEqual([])
  })
  it('is seen of who comes back hours after work', () => {
    const record = new Record().add('TAP-001', onShift('on'))
    expect(record.add('TAP-001', onShift('off'), 4 * hour).pass(2 * hour).told).toHaveLength(1)
  })
  it('refuses/is not seen where nobody has said when she works', () => {
    const taps = new Record().add('TAP-001', { ...tap('p1'), fields: { saw: '{"zone":{}}' } })
    expect(taps.add('TAP-001', tap('p1')).pass(9 * hour).told).toEqual([])
  })
})

describe('repeated refusals', () => {
  const refused = (record: Record, times: number, afterMs: number, about = tap('p1')) => {
    for (let n = 0; n < times; n++) record.add(n % 2 ? 'TAP-101' : 'PIN-101', about, afterMs)
    return record
  }
  it('of one person are seen at the limit, and then anew', () => {
    expect(refused(new Record(), 4, minute).told).toEqual([])
    expect(refused(new Record(), 5, minute).told).toEqual(['repeated-refusals: person p1'])
    expect(refused(new Record(), 9, minute).told).toHaveLength(1)
    expect(refused(new Record(), 10, minute).told).toHaveLength(2)
  })
  it('refuses/are not seen where they are spread over hours', () => {
    expect(refused(new Record(), 40, 5 * minute).told).toEqual([])
  })
  it('of unknown cards are seen at one workstation', () => {
    const record = new Record()
    for (let n = 0; n < 4; n++) record.add('TAP-101', at('w9'))
    expect(record.told).toEqual(['repeated-refusals: workstation w9'])
    expect(record.seen[0]).toMatchObject({ people: [], workstation: 'w9', facts: [0, 1, 2, 3] })
  })
  it('refuses/are not seen of one unknown card at many workstations', () => {
    const record = new Record()
    for (let n = 0; n < 9; n++) record.add('TAP-101', at(`w${String(n)}`))
    expect(record.told).toEqual([])
  })
})

describe('two places at once', () => {
  const there = tap('p1', 'w7', 'pharmacy')
  it('is seen in two zones within the time that no way takes', () => {
    const record = new Record().add('TAP-001', tap('p1')).add('TAP-001', there, 9 * second)
    expect(record.told).toContain('two-places: person p1')
    expect(record.seen[0]?.facts).toEqual([0, 1])
  })
  it('is seen where hands are at one screen while her badge is elsewhere', () => {
    const input = { person: 'p1', workstation: 'w1', fields: { evidence: 'input' } }
    const record = new Record().add('WKS-004', at('w1')).add('TAP-001', there)
    expect(record.add('PRE-001', input, 5 * second).told).toEqual(['two-places: person p1'])
  })
  it('is seen of what a cut-off workstation told late', () => {
    const record = new Record().add('TAP-001', there)
    const atMs = record.nowMs + 4 * second
    for (let n = 0; n < 5; n++) record.add('TAP-001', there, hour)
    const late = { ...tap('p1'), atMs, fields: { outcome: 'admitted', isBelieved: true } }
    expect(record.add('OFF-002', late).told).toEqual(['two-places: person p1'])
  })
  it.each([
    ['of who walks', there, 11 * second, 'TAP-001'],
    ['in one zone', tap('p1', 'w2'), second * 2, 'TAP-001'],
    ['of zones next to each other', tap('p1', 'w3', 'west'), second * 2, 'TAP-001'],
    ['of two people', tap('p2', 'w7', 'pharmacy'), second, 'TAP-001'],
    ['of a tap that was refused', there, second * 2, 'TAP-101'],
  ])('refuses/is not seen %s', (_name, about, afterMs, code) => {
    const record = new Record().add('TAP-001', tap('p1')).add(code, about, afterMs)
    expect(record.told).toEqual([])
  })
  it('refuses/is not seen by a sensor, that may be near anybody', () => {
    const near = { person: 'p1', ...at('w7', 'pharmacy'), fields: { evidence: 'proximity' } }
    expect(new Record().add('TAP-001', tap('p1')).add('PRE-001', near).told).toEqual([])
  })
})

describe('a badge without door', () => {
  const door = (person: string, direction = 'in', zone = 'east') => ({
    ...{ person, zone, fields: { direction } },
  })
  const heard = () => {
    const record = new Record().add('WKS-004', at('w1'))
    for (let n = 0; n < 10; n++) record.add('PRE-002', door(`q${String(n)}`), 90 * minute)
    return record
  }
  it('is seen where doors tell, and have not told of her', () => {
    const record = heard().add('TAP-001', tap('p1'))
    expect(record.told).toEqual(['badge-without-door: person p1'])
    expect(record.add('TAP-001', tap('p1'), minute).told).toHaveLength(1)
  })
  it('is seen of who went out', () => {
    const record = heard().add('PRE-002', door('p1')).add('PRE-002', door('p1', 'out'))
    expect(record.add('TAP-001', tap('p1')).seen[0]?.facts).toHaveLength(2)
  })
  it('refuses/is not seen of who came in', () => {
    expect(heard().add('PRE-002', door('p1')).add('TAP-001', tap('p1')).told).toEqual([])
  })
  it('refuses/is not seen where the zone has no doors that tell', () => {
    expect(heard().add('TAP-001', tap('p1', 'w7', 'pharmacy')).told).toEqual([])
  })
  it('refuses/is not seen before it has listened long enough', () => {
    const record = new Record()
    for (let n = 0; n < 10; n++) record.add('PRE-002', door(`q${String(n)}`), minute)
    expect(record.add('TAP-001', tap('p1')).told).toEqual([])
  })
})

describe('alternating badges', () => {
  const turns = (record: Record, times: number, afterMs: number, people = ['p1', 'p2']) => {
    for (let n = 0; n < times; n++) {
      record.add('TAP-001', tap(people[n % people.length] ?? ''), afterMs)
    }
    return record
  }
  it('are seen where two take turns within moments', () => {
    expect(turns(new Record(), 4, 10 * second).told).toEqual([])
    const record = turns(new Record(), 5, 10 * second)
    expect(record.told).toEqual(['badge-sharing: people p1 p2'])
    expect(record.seen[0]).toMatchObject({ people: ['p1', 'p2'], facts: [0, 1, 2, 3, 4] })
  })
  it.each([
    ['of a busy station', 12, 40 * second, ['p1', 'p2']],
    ['of many in a row', 12, 5 * second, ['p1', 'p2', 'p3']],
    ['of one who taps again', 12, 5 * second, ['p1']],
  ])('refuses/are not seen %s', (_name, times, afterMs, people) => {
    expect(turns(new Record(), times, afterMs, people).told).toEqual([])
  })
})

describe('clone suspicion', () => {
  it('is seen of one badge at two readers at once, whatever was answered', () => {
    const record = new Record().add('TAP-101', tap('p1')).add('TAP-002', tap('p1', 'w2'))
    expect(record.told).toEqual(['clone-suspicion: badge b-p1'])
  })
  it('is seen of a badge that was reported lost', () => {
    const lost = { ...tap('p1'), badgeStatus: 'lost' }
    expect(new Record().add('TAP-101', lost).told).toEqual(['clone-suspicion: badge b-p1'])
  })
  it.each([
    ['of one that is suspended', { ...tap('p1'), badgeStatus: 'suspended' }, 'TAP-101', second],
    ['at the next reader', tap('p1', 'w2'), 'TAP-001', 3 * second],
    ['at the same reader', tap('p1'), 'TAP-001', 100],
    ['of two badges of one person', { ...tap('p1', 'w2'), badge: 'other' }, 'TAP-001', 100],
  ])('refuses/is not seen %s', (_name, about, code, afterMs) => {
    const record = new Record().add('TAP-001', tap('p1')).add(code, about, afterMs)
    expect(record.told).toEqual([])
  })
})

describe('emergency access too often', () => {
  it('is seen of one person within a day', () => {
    const record = new Record()
    for (let n = 0; n < 3; n++) record.add('BTG-002', tap('p1'), 7 * hour)
    expect(record.told).toEqual(['break-glass-rate: person p1'])
  })
  it('is seen of one zone within an hour', () => {
    const record = new Record()
    for (let n = 0; n < 4; n++) record.add('BTG-002', tap(`p${String(n)}`), 10 * minute)
    expect(record.told).toEqual(['break-glass-rate: zone east'])
  })
  it('refuses/is not seen of once a day', () => {
    const record = new Record()
    for (let n = 0; n < 9; n++) record.add('BTG-002', tap('p1'), 25 * hour)
    expect(record.told).toEqual([])
  })
})

describe('the record', () => {
  it.each(['OFF-101', 'OFF-102', 'OFF-103'])('has a gap where a workstation told of %s', (code) => {
    expect(new Record().add(code, at('w1')).told).toEqual(['record-gap: workstation w1'])
  })
  it('has a gap where a journal does not follow, or a fact is missing', () => {
    const record = new Record().add('OFF-101', at('w1'))
    expect(record.told).toEqual(['record-gap: workstation w1'])
    expect(record.watch.missing({ index: 7, atMs: start })).toMatchObject([
      { rule: 'record-gap', subject: 'record', facts: [7] },
    ])
  })
  it('is late where a fact waits for its checkpoint, and says so once', () => {
    const unsealed = { index: 3, atMs: start }
    const record = new Record().pass(59 * second, { unsealed })
    expect(record.told).toEqual([])
    record.pass(2 * second, { unsealed }).pass(hour, { unsealed })
    expect(record.told).toEqual(['checkpoint-late: record'])
  })
  it('refuses/is not late when everything is signed', () => {
    expect(new Record().pass(9 * hour).told).toEqual([])
  })
})

describe('a silent workstation', () => {
  const gone = { workstation: 'w1', fields: { reason: 'silent' } }
  const inUse = () => new Record().add('WKS-004', at('w1')).add('TAP-001', tap('p1'))
  it('is seen where a session was open on it', () => {
    const record = inUse()
      .add('WKS-005', gone)
      .pass(14 * minute)
    expect(record.told).toEqual([])
    expect(record.pass(2 * minute).told).toEqual(['workstation-silent: zone east'])
  })
  it('refuses/is not seen where it came back', () => {
    const record = inUse().add('WKS-005', gone).add('WKS-004', at('w1'), minute)
    expect(record.pass(hour).told).toEqual([])
  })
  it('refuses/is not seen of one that is switched off in the evening', () => {
    const record = inUse().add('SES-004', gone).add('WKS-005', gone)
    expect(record.pass(9 * hour).told).toEqual([])
  })
  it('refuses/is not seen of one whose session moved on', () => {
    const moved = { ...tap('p1', 'w2'), fields: { from: 'w1' } }
    expect(inUse().add('SES-002', moved).add('WKS-005', gone).pass(hour).told).toEqual([])
  })
  it('refuses/is not seen because the broker itself stopped', () => {
    const stopped = { ...gone, fields: { reason: 'stopping' } }
    expect(inUse().add('WKS-005', stopped).pass(hour).told).toEqual([])
  })
})

describe('powers that somebody should look at', () => {
  it('are seen of each token that one person alone made, as one', () => {
    const record = new Record().add('ADM-007').add('ADM-007')
    expect(record.told).toEqual(['token-made-alone: tokens', 'token-made-alone: tokens'])
    expect(record.seen[0]).toMatchObject({ people: [], facts: [0] })
  })
  it.each(['PER-010', 'PER-011'])('are seen of HR’s word near an own hand (%s)', (code) => {
    expect(new Record().add(code, { person: 'p1' }).seen).toMatchObject([
      { rule: 'feed-near-own-hand', subject: 'person p1', people: ['p1'], facts: [0] },
    ])
  })
  it.each(['PER-001', 'PER-002', 'ADM-003'])('refuses/are not seen of %s', (code) => {
    expect(new Record().add(code, { person: 'p1' }).told).toEqual([])
  })
})

describe('a tap that somebody says was not hers', () => {
  const said = { person: 'p1', badge: 'b1', fields: { what: 'tap', tap: 3, line: 5, tapMs: start } }
  it('is seen with the tap, the line and her word', () => {
    const record = new Record().add('PER-001').add('BDG-008', said)
    expect(record.told).toEqual(['tap-disowned: person p1'])
    expect(record.seen[0]).toMatchObject({ facts: [1, 3, 5], people: ['p1'], fromMs: start })
  })
  it('is seen of all her badges too', () => {
    const record = new Record().add('BDG-008', { person: 'p1', fields: { what: 'badges' } })
    expect(record.seen).toMatchObject([{ rule: 'tap-disowned', facts: [0] }])
  })
  it.each(['BDG-002', 'BDG-009', 'BDG-102'])('refuses/is not seen of %s', (code) => {
    expect(new Record().add(code, said).told).toEqual([])
  })
  it('refuses/is not seen of nobody, nor where it is switched off', () => {
    expect(new Record().add('BDG-008', { fields: said.fields }).told).toEqual([])
    expect(new Record({}, ['tap-disowned']).add('BDG-008', said).told).toEqual([])
  })
})

it('tells of signatures that were asked for too often in vain, and not of one that was refused', () => {
  const record = new Record().add('SIG-001', tap('p1')).add('SIG-101', tap('p1'))
  expect(record.told).toEqual([])
  expect(record.add('SIG-102', tap('p1')).seen).toMatchObject([
    { rule: 'asked-in-vain', subject: 'person p1', people: ['p1'], workstation: 'w1', facts: [2] },
  ])
  expect(watchedCodes.has('SIG-102')).toBe(true)
})

it('tells of a roll-out that paused by itself', () => {
  const fields = { rollout: 'a', ring: 1, unwell: 3 }
  expect(new Record().add('UPD-104', { fields }).told).toEqual(['rollout-paused: rollout a'])
})

it('tells of keys that were changed by hand, and of an authority near its end', () => {
  const record = new Record().add('KEY-002', { fields: { by: 'host' } })
  record.add('KEY-004', { fields: { by: 'period', reason: 'scheduled' } })
  expect(record.told).toEqual(['key-changed: key master'])
  record.add('KEY-005', { fields: { days: 30 } })
  expect(record.told.slice(1)).toEqual(['authority-ends: key authority'])
  expect(['KEY-002', 'KEY-003', 'KEY-004', 'KEY-005'].every((one) => watchedCodes.has(one))).toBe(
    true,
  )
})

it('tells of a purge that stopped itself', () => {
  expect(new Record().add('RET-102', { rule: 'clock-leapt' }).told).toEqual([
    'retention-stopped: retention',
  ])
  expect(watchedCodes.has('RET-102')).toBe(true)
})

it('says nothing of a rule that is switched off', () => {
  const record = new Record({}, ['clone-suspicion', 'record-gap'])
  record.add('TAP-101', tap('p1')).add('TAP-002', tap('p1', 'w2')).add('OFF-101', at('w1'))
  expect(record.told).toEqual([])
  expect(record.watch.missing({ index: 7, atMs: start })).toEqual([])
})

it('remembers what is asked for only, and forgets what was touched longest ago', () => {
  const record = new Record({ refusals: 2 }).add('TAP-101', tap('first'))
  for (let n = 0; n < 20_000; n++) record.add('TAP-101', tap(`p${String(n)}`), 1)
  record.seen.length = 0
  expect(record.add('TAP-101', tap('first')).told).toEqual([])
  expect(record.add('TAP-101', tap('first')).told).toEqual(['repeated-refusals: person first'])
  expect(watchedCodes.has('ADM-001')).toBe(false)
})
