// npm run bench -- policy: what one decision costs, and whether it costs more where there are more
// people: a hundred thousand in the store beside one thousand, in turns, in one run.

import { loadavg } from 'node:os'
import { compilePolicies } from '@wardkey/broker/policy/cedar/policy-set'
import type { PolicySet } from '@wardkey/broker/policy/cedar/policy-set'
import { questionOf } from '@wardkey/broker/policy/cedar/policy-question'
import { startingPolicies } from '@wardkey/broker/policy/cedar/starting-policies'
import { zoneSettings } from '@wardkey/broker/policy/zone-settings'
import { quantile } from '../tap/floors.ts'
import { openHouse } from './house-of-people.ts'
import type { HouseOfPeople } from './house-of-people.ts'

interface Plan {
  readonly few: number
  readonly many: number
  /** Decisions a turn, and turns of each. */
  readonly decisions: number
  readonly turns: number
}

const whole: Plan = { few: 1000, many: 100_000, decisions: 2000, turns: 7 }
/** Shows that it works; too few people to say what a hundred thousand cost. */
const short: Plan = { few: 500, many: 10_000, decisions: 300, turns: 3 }

interface Turn {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuMs: number
}

export async function benchPolicy(args: readonly string[]): Promise<object> {
  const plan = args.includes('--short') ? short : whole
  say(`load average ${loadavg().map(twoPlaces).join(' ')}`)
  const few = await openHouse(plan.few)
  const many = await openHouse(plan.many)
  say(`people: ${String(plan.few)} and ${String(plan.many)}`)
  const seen: { few: Turn[]; many: Turn[] } = { few: [], many: [] }
  try {
    // The first turn warms both up and is not counted.
    for (let turn = 0; turn <= plan.turns; turn++) {
      const a = await decideTurn(few, plan.decisions)
      const b = await decideTurn(many, plan.decisions)
      if (turn === 0) continue
      seen.few.push(a)
      seen.many.push(b)
      say(`p99 ${twoPlaces(a.p99Ms)} and ${twoPlaces(b.p99Ms)} ms`)
    }
  } finally {
    await few.close()
    await many.close()
  }
  const cedar = cedarAlone(plan.decisions)
  say(`load average ${loadavg().map(twoPlaces).join(' ')}`)
  const figures = {
    people: [plan.few, plan.many],
    ...{ p50MsFew: middle(seen.few, 'p50Ms'), p50MsMany: middle(seen.many, 'p50Ms') },
    ...{ p99MsFew: middle(seen.few, 'p99Ms'), p99MsMany: middle(seen.many, 'p99Ms') },
    cpuMsADecision: middle(seen.many, 'cpuMs'),
    ...cedar,
  }
  const p99 = figures.p99MsMany / figures.p99MsFew
  const cpu = middle(seen.many, 'cpuMs') / middle(seen.few, 'cpuMs')
  return { figures, ratios: { p99At100kOver1k: p99, cpuAt100kOver1k: cpu } }
}

/** As a tap does it: workstation, card and person from the store, policies, decision. */
async function decideTurn(house: HouseOfPeople, decisions: number): Promise<Turn> {
  const times: number[] = []
  const before = process.cpuUsage()
  for (let at = 0; at < decisions; at++) {
    const beganMs = performance.now()
    await house.decide()
    times.push(performance.now() - beganMs)
  }
  const { user, system } = process.cpuUsage(before)
  return {
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    cpuMs: (user + system) / 1000 / decisions,
  }
}

/** The engine by itself, with nothing remembered: each question is one that nobody asked before. */
function cedarAlone(decisions: number) {
  const policies = compiled(`${startingPolicies}
    @id("not-that-one") @refusal("not-permitted")
    forbid (principal == Person::"nobody", action, resource);`)
  const zone = { id: 'a', kind: 'nurse-station', settings: zoneSettings.parse({}) }
  const standing = { term: 'within', shift: 'on', training: ['bls'], ownZones: undefined } as const
  const about = { roles: ['nurse'], assurance: 1, mode: 'normal', zone } as const
  const question = questionOf({ ...about, standing: { ...standing, needsEscort: false } })
  for (let at = 0; at < 100; at++) policies.ask(question, `warm ${String(at)}`)
  const before = process.cpuUsage()
  const times: number[] = []
  for (let at = 0; at < decisions; at++) {
    const beganMs = performance.now()
    // Both actions are asked: to be let in, and by the badge alone.
    const { use } = policies.ask(question, String(at))
    times.push(performance.now() - beganMs)
    if (use.kind !== 'permit') throw new Error('the bench asks for what is not allowed')
  }
  const { user, system } = process.cpuUsage(before)
  const cpuMs = (user + system) / 1000 / decisions
  return { cedarCpuMsNothingRemembered: cpuMs, cedarP99MsNothingRemembered: quantile(times, 0.99) }
}

function compiled(text: string): PolicySet {
  const said = compilePolicies(text)
  if (said.kind === 'invalid') throw new Error(said.complaints.join('\n'))
  return said.policies
}

function middle(turns: readonly Turn[], key: keyof Turn): number {
  return quantile(
    turns.map((turn) => turn[key]),
    0.5,
  )
}

function twoPlaces(value: number): string {
  return value.toFixed(2)
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
