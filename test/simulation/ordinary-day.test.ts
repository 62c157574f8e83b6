// An ordinary day of a simulated hospital, read by the rules of alerts with the limits that they
// come with: what they say of it would be said every day, of people who did nothing.

import { describe, expect, it } from 'vitest'
import { limitsOf } from '@wardkey/broker/opening/open-alerts'
import { alertSchemas } from '@wardkey/broker/platform/setting-rows/alert-schemas'
import type { Sighting } from '@wardkey/broker/policy/alerts/alert-fact'
import { AlertWatch } from '@wardkey/broker/policy/alerts/alert-watch'
import { readWatched } from '@wardkey/broker/flows/alerts/read-watched'
import { z } from 'zod'
import { runOf, scriptOf } from './play-seed.ts'
import type { SeedSize } from './play-seed.ts'
import { runScript } from './run-seed.ts'
import type { Script } from './script/act.ts'
import { emptyImage } from './world/memory-store.ts'

const hourMs = 3_600_000
const limits = limitsOf(z.object(alertSchemas).parse({}))

const size = (seed: number): SeedSize => ({
  ...{ seed, lengthMs: 24 * hourMs, workstations: 6, brokers: 1, people: 20 },
  isCalm: true,
})

const walkMs = 60_000

/**
 * Nothing breaks, nobody is in an emergency, and nobody is in two places: the script's people would
 * be. A PIN is mistyped once, as people do, and not until it is locked.
 */
function ordinary(script: Script): Script {
  const freeMs = new Map<number, number>()
  return script.flatMap((act) => {
    if (act.kind !== 'visit' || act.isEmergency === true || act.hasNoBadge === true) return []
    const { atMs, person, thinkMs, workMs } = act
    if (atMs < (freeMs.get(person) ?? 0)) return []
    freeMs.set(person, atMs + thinkMs + workMs + walkMs)
    const isMistyped = act.pins[0] === 'wrong'
    return [{ ...act, pins: isMistyped ? (['wrong', 'right'] as const) : (['right'] as const) }]
  })
}

async function alertsOf(seed: number, script: Script) {
  const seen: Sighting[] = []
  const watch = new AlertWatch(limits, new Set())
  let facts = 0
  const result = await runScript({
    ...runOf(size(seed), script, { image: await emptyImage(), isShrinking: false }),
    onEnd: async (db) => {
      let rows = await readWatched(db, 0)
      while (rows.length > 0) {
        facts += rows.length
        for (const { fact } of rows) if (fact) seen.push(...watch.take(fact))
        rows = await readWatched(db, (rows.at(-1)?.index ?? 0) + 1)
      }
    },
  })
  expect(result.violation).toBeUndefined()
  return { seen, facts, told: result.facts }
}

describe('an ordinary day', () => {
  it.each([1])(
    'raises no alert (seed %i)',
    async (seed) => {
      const script = ordinary(scriptOf(size(seed)))
      const { seen, facts, told } = await alertsOf(seed, script)
      expect(facts).toBeGreaterThan(1000)
      expect(told['TAP-001'] ?? 0).toBeGreaterThan(100)
      expect(seen.map(({ rule, subject }) => `${rule}: ${subject}`)).toEqual([])
    },
    600_000,
  )
})
