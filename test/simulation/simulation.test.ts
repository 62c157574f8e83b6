// The simulation itself: the same seed gives the same history to the last frame, another seed
// another one, a found failure is cut short, and what it runs on keeps the store's contract.

import { beforeAll, describe, expect, it } from 'vitest'
import { planted, rulesWith } from './planted/planted.ts'
import { playSeed, runOf, scriptOf } from './play-seed.ts'
import type { SeedSize } from './play-seed.ts'
import { runScript } from './run-seed.ts'
import type { RunResult } from './run-seed.ts'
import { shrink } from './script/shrink.ts'
import type { Act, Script } from './script/act.ts'
import { emptyImage } from './world/memory-store.ts'
import type { Image } from './world/memory-store.ts'

const size: SeedSize = {
  seed: 7,
  lengthMs: 10 * 60_000,
  workstations: 3,
  brokers: 2,
  people: 5,
  isCalm: false,
}
let image: Image
beforeAll(async () => {
  image = await emptyImage()
})
function toldBy(runs: readonly RunResult[]): ReadonlyMap<string, number> {
  const told = new Map<string, number>()
  for (const [code, times] of runs.flatMap(({ facts }) => Object.entries(facts))) {
    told.set(code, (told.get(code) ?? 0) + times)
  }
  return told
}

const play = (change: Partial<SeedSize> = {}) =>
  playSeed({ ...size, ...change }, { image, isShrinking: false })

describe('a seed', () => {
  it('gives the same history each time, to the last frame', async () => {
    const [one, other] = [await play(), await play()]
    expect(one.violation).toBeUndefined()
    expect(other.traceHash).toBe(one.traceHash)
    expect(other.events).toBe(one.events)
  })
  it('gives another history than the next one', async () => {
    expect((await play({ seed: 8 })).traceHash).not.toBe((await play()).traceHash)
  })
  it('lets people in, move, be refused and be locked out, and things break', async () => {
    // One short seed need not hold all of it; a few do.
    const runs = [await play(), await play({ seed: 8 }), await play({ seed: 9 })]
    const told = toldBy(runs)
    for (const code of ['TAP-001', 'TAP-002', 'TAP-101', 'SES-002', 'SES-003', 'PIN-101']) {
      expect(told.get(code) ?? 0, code).toBeGreaterThan(0)
    }
    expect(new Set(runs.flatMap(({ faults }) => Object.keys(faults))).size).toBeGreaterThan(8)
    expect(runs.flatMap(({ reasons }) => Object.keys(reasons))).toContain('a cover is under way')
  })
})

describe('a few seeds', () => {
  const some = async () => {
    const runs: RunResult[] = []
    for (let seed = 1; seed <= 12; seed++) runs.push(await play({ seed, brokers: 1 }))
    return runs
  }
  it('let people break the glass, with a witness and in vain, and end what was given', async () => {
    const told = toldBy(await some())
    for (const code of ['BTG-002', 'BTG-003', 'BTG-004', 'BTG-007', 'BTG-101', 'BTG-102']) {
      expect(told.get(code) ?? 0, code).toBeGreaterThan(0)
    }
  })
  it('let workstations decide alone, and merge what they did', async () => {
    const runs = await some()
    const told = toldBy(runs)
    for (const code of ['OFF-001', 'OFF-002', 'OFF-003']) {
      expect(told.get(code) ?? 0, code).toBeGreaterThan(20)
    }
    expect(runs.flatMap(({ reasons }) => Object.keys(reasons))).toContain('being confirmed')
    expect(runs.reduce((sum, { openedAlone }) => sum + openedAlone, 0)).toBeGreaterThan(5)
  })
})

describe('a failure', () => {
  it('is shown by a script that is shorter, and fails by the same rule', async () => {
    const fault = planted.find(({ name }) => name === 'forgets to lock the seat left behind')
    if (!fault) throw new Error('there is no such planted fault')
    const needs = { image, rules: rulesWith(fault), isShrinking: false }
    const script = scriptOf(size)
    const whole = await runScript(runOf(size, script, needs))
    const isFailing = async (shorter: Script): Promise<boolean> => {
      const again = await runScript(runOf(size, shorter, needs))
      return again.violation?.rule === whole.violation?.rule
    }
    expect(whole.violation).toBeDefined()
    const { simulatedMs: failedMs } = whole
    const shortest = await shrink(script, isFailing, { withinMs: 15_000, failedMs })
    expect(shortest.length).toBeLessThan(script.length / 4)
    expect(await isFailing(shortest)).toBe(true)
  })
  it('is cut to the acts that it needs', async () => {
    const acts = Array.from({ length: 40 }, (_, n): Act => ({
      kind: 'reinstate',
      person: n,
      atMs: n,
    }))
    const needed = new Set([3, 17, 31])
    const isFailing = (shorter: Script): Promise<boolean> =>
      Promise.resolve([...needed].every((n) => shorter.some(({ atMs }) => atMs === n)))
    const shortest = await shrink(acts, isFailing, { withinMs: 5000, failedMs: 40 })
    expect(shortest.map(({ atMs }) => atMs)).toEqual([...needed])
  })
  it('needs nothing of what came after it', async () => {
    const acts = [1, 2, 3, 4].map((atMs): Act => ({ kind: 'reinstate', person: 0, atMs }))
    const shortest = await shrink(acts, () => Promise.resolve(false), {
      withinMs: 5000,
      failedMs: 2,
    })
    expect(shortest.map(({ atMs }) => atMs)).toEqual([1, 2])
  })
  it('is printed with its seed, its rule and the acts that show it', async () => {
    const fault = planted.find(({ name }) => name === 'forgets to lock the seat left behind')
    if (!fault) throw new Error('there is no such planted fault')
    const { failure = '' } = await playSeed(size, {
      image,
      rules: rulesWith(fault),
      isShrinking: true,
    })
    const [first = '', second = '', ...acts] = failure.trimEnd().split('\n')
    expect(first).toMatch(/^seed 7: no screen is open without a session in the books: /)
    expect(second).toBe(`shown by ${String(acts.length)} acts:`)
    expect(acts.length).toBeLessThan(12)
    const script = acts.map((line): Act => JSON.parse(line))
    const again = await runScript(
      runOf(size, script, { image, rules: rulesWith(fault), isShrinking: false }),
    )
    expect(again.violation?.rule).toBe('no screen is open without a session in the books')
  })
  it('is not looked for any longer than there is time', async () => {
    const acts = Array.from({ length: 40 }, (_, n): Act => ({
      kind: 'reinstate',
      person: n,
      atMs: n,
    }))
    const limits = { withinMs: 0, failedMs: 40 }
    expect(await shrink(acts, () => Promise.resolve(true), limits)).toEqual(acts)
  })
})
