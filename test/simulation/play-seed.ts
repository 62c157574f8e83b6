// A seed from its script to its verdict, and, where something was wrong, the text that shows it:
// the seed, the rule that was broken, and the shortest script found.

import type { Script } from './script/act.ts'
import { shrink } from './script/shrink.ts'
import { writeScript } from './script/write-script.ts'
import type { KeptHouse } from './keep-house.ts'
import { runScript } from './run-seed.ts'
import type { RunNeeds, RunResult } from './run-seed.ts'
import type { Image } from './world/memory-store.ts'
import { ownRules } from './world/rules.ts'
import type { Rules } from './world/rules.ts'
import { Random } from './world/seeded.ts'

export interface SeedSize {
  readonly seed: number
  readonly lengthMs: number
  readonly workstations: number
  readonly brokers: number
  readonly people: number
  /** As on a real day: few things break, and people stay longer. */
  readonly isCalm: boolean
}

export interface PlayNeeds {
  readonly image: Image
  /** Instead of the one that the seed makes. */
  readonly script?: Script
  readonly isShrinking: boolean
  readonly rules?: Rules
  readonly onNote?: (text: string) => void
  readonly onProgress?: (simulatedMs: number) => void
  /** Where what it writes is to be kept. */
  readonly kept?: KeptHouse
}

const minuteMs = 60_000
const shrinkMaxMs = 30_000

export function scriptOf(size: SeedSize): Script {
  const { workstations, lengthMs, isCalm } = size
  return writeScript(
    {
      ...size,
      visitEveryMs: isCalm ? 20 * minuteMs : 1.5 * minuteMs,
      troubleEveryMs: isCalm ? (240 * minuteMs) / workstations : minuteMs,
      officeEveryMs: isCalm ? (480 * minuteMs) / workstations : 4 * minuteMs,
      atOnceShare: isCalm ? 0.001 : 0.08,
      lengthMs,
    },
    new Random(size.seed, 'script'),
  )
}

export function runOf(size: SeedSize, script: Script, needs: PlayNeeds): RunNeeds {
  const { seed, workstations, brokers, people, lengthMs, isCalm } = size
  const { kept } = needs
  return {
    size: {
      ...(kept && { keys: kept.keys, dayOneMs: kept.dayOneMs }),
      ...{ seed, workstations, brokers, people },
      sweepEveryMs: isCalm ? 30_000 : 15_000,
      sealEveryMs: isCalm ? 60_000 : 20_000,
      bundleEveryMs: isCalm ? 30_000 : 3000,
      // A calm day’s brokers are there, and its bundles would be most of its work.
      offlineMaxMs: isCalm ? [0] : [0, 90_000, 180_000],
    },
    script,
    lengthMs,
    rules: needs.rules ?? ownRules,
    image: needs.image,
    ...(kept && { keep: kept.keep }),
    ...(needs.onNote ? { onNote: needs.onNote } : {}),
    ...(needs.onProgress ? { onProgress: needs.onProgress } : {}),
  }
}

export async function playSeed(
  size: SeedSize,
  needs: PlayNeeds,
): Promise<RunResult & { readonly failure?: string }> {
  const script = needs.script ?? scriptOf(size)
  const result = await runScript(runOf(size, script, needs))
  const { violation } = result
  if (!violation) return result
  const { simulatedMs: failedMs } = result
  const { image, rules } = needs
  const quiet = { image, isShrinking: false, ...(rules ? { rules } : {}) }
  const short = { ...size, lengthMs: Math.min(size.lengthMs, failedMs + minuteMs) }
  const isSame = async (shorter: Script): Promise<boolean> => {
    const again = await runScript(runOf(short, shorter, quiet))
    return again.violation?.rule === violation.rule
  }
  const shortest = needs.isShrinking
    ? await shrink(script, isSame, { withinMs: shrinkMaxMs, failedMs })
    : script
  const shown = await runScript(runOf(size, shortest, quiet))
  const acts = shortest.map((act) => `  ${JSON.stringify(act)}\n`).join('')
  const text = (shown.violation ?? violation).message
  return {
    ...result,
    failure: `seed ${String(size.seed)}: ${text}\nshown by ${String(shortest.length)} acts:\n${acts}`,
  }
}
