// npm run simulate: a whole hospital in one process, from one seed. The last line is one JSON
// object, for machines; progress goes to stderr, and what went wrong before the last line.

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { Act, Script } from './script/act.ts'
import { openKeptHouse, settingsFileIn } from './keep-house.ts'
import { playSeed } from './play-seed.ts'
import type { SeedSize } from './play-seed.ts'
import type { SeedOrder, SeedOutcome } from './seed-worker.ts'
import { emptyImage } from './world/memory-store.ts'

const usage = `usage: npm run simulate -- [options]

  --seed N          the seed, or the first one                          (1)
  --seeds K         so many seeds, one after the other                  (1)
  --hours H         simulated hours                                     (0.33)
  --workstations W                                                      (3)
  --brokers B       brokers over one store                              (1)
  --people P                                       (5, or more with more workstations)
  --threads T       seeds that are played at the same time   (one a core, at most 4)
  --calm            few faults, as on a real day, instead of as many as possible
  --no-shrink       do not look for the shortest script that shows a failure
  --script FILE     plays these acts instead: one JSON object a line, as a failure prints them
  --keep FOLDER     keeps what it wrote, so that a broker can be started on it (one seed)
  --trace           tell everything that happens, on stderr

A failure prints its seed and the shortest script that was found to show it.
The exit code is 1 where anything was wrong.
`

type Options = ReturnType<typeof parse>

function parse(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      hours: { type: 'string', default: '0.33' },
      workstations: { type: 'string', default: '3' },
      brokers: { type: 'string', default: '1' },
      people: { type: 'string' },
      calm: { type: 'boolean', default: false },
      'no-shrink': { type: 'boolean', default: false },
      script: { type: 'string' },
      threads: { type: 'string' },
      keep: { type: 'string' },
      trace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const workstations = count(values.workstations, 'workstations')
  const size: Omit<SeedSize, 'seed'> = {
    lengthMs: Math.round(Number(values.hours) * 3_600_000),
    workstations,
    brokers: count(values.brokers, 'brokers'),
    people: count(values.people ?? String(Math.ceil(workstations * 1.5) + 1), 'people'),
    isCalm: values.calm,
  }
  if (!(size.lengthMs > 0)) throw new Error('--hours is not a number of hours')
  const seeds = { first: Number(values.seed), count: count(values.seeds, 'seeds') }
  if (values.keep !== undefined && seeds.count > 1) throw new Error('--keep is for one seed')
  if (!Number.isSafeInteger(seeds.first)) throw new Error('--seed is not a whole number')
  const threads = count(values.threads ?? String(Math.min(4, availableParallelism())), 'threads')
  return { ...values, size, seeds, threads }
}

/** As a failure printed it: nobody else writes one. */
function readScript(path: string): Script {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line.trim() !== '').map((line): Act => JSON.parse(line))
}

function count(text: string, what: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new Error(`--${what} is not a number of ${what}`)
}

async function main(args: readonly string[]): Promise<number> {
  const options = parse(args)
  if (options.help) {
    process.stdout.write(usage)
    return 0
  }
  const { seeds } = options
  const total = { events: 0, simulatedMs: 0, violations: 0 }
  const faults: Record<string, number> = {}
  const take = (outcome: SeedOutcome): void => {
    total.events += outcome.events
    total.simulatedMs += outcome.simulatedMs
    for (const [kind, times] of Object.entries(outcome.faults)) {
      faults[kind] = (faults[kind] ?? 0) + times
    }
    if (outcome.failure === undefined) return
    total.violations += 1
    process.stdout.write(outcome.failure)
  }
  if (seeds.count === 1) take(await playOne(options))
  else await playMany(options, take)
  const simulatedHours = Math.round((total.simulatedMs / 3_600_000) * 100) / 100
  const { events, violations } = total
  const last = { simulate: true, seeds: seeds.count, events, simulatedHours, faults, violations }
  process.stdout.write(`${JSON.stringify(last)}\n`)
  return violations > 0 ? 1 : 0
}

async function playOne(options: Options): Promise<SeedOutcome> {
  const { size, seeds, keep } = options
  const kept = keep === undefined ? undefined : await openKeptHouse(keep, size.lengthMs)
  const seed = seeds.first
  const tell = progress()
  const result = await playSeed(
    { ...size, seed },
    {
      image: await emptyImage(),
      ...(options.script === undefined ? {} : { script: readScript(options.script) }),
      isShrinking: !options['no-shrink'],
      ...(kept && { kept }),
      ...(options.trace ? { onNote: (text: string) => process.stderr.write(text) } : {}),
      onProgress: (simulatedMs) => {
        tell(`seed ${String(seed)}: ${(simulatedMs / 3_600_000).toFixed(1)} h`)
      },
    },
  )
  if (keep !== undefined) {
    const file = settingsFileIn(keep)
    process.stderr.write(
      `kept: wardkey-broker init --settings ${file} makes what else a broker needs\n`,
    )
  }
  return { seed, ...result, failure: result.failure }
}

/** Every thread takes every so manieth seed. */
async function playMany(options: Options, take: (outcome: SeedOutcome) => void): Promise<void> {
  const { size, seeds } = options
  const threads = Math.min(seeds.count, options.threads)
  const tell = progress()
  let done = 0
  const play = (thread: number): Promise<void> => {
    const mine = Array.from({ length: seeds.count }, (_, n) => seeds.first + n)
    const order: SeedOrder = {
      size,
      seeds: mine.filter((_, n) => n % threads === thread),
      isShrinking: !options['no-shrink'],
    }
    const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData: order })
    return new Promise((resolve, reject) => {
      worker.on('message', (outcome: SeedOutcome) => {
        done += 1
        take(outcome)
        tell(`${String(done)} of ${String(seeds.count)} seeds`)
      })
      worker.on('error', reject)
      worker.on('exit', (code) => {
        if (code === 0) resolve()
        else reject(new Error('a thread ended early'))
      })
    })
  }
  await Promise.all(Array.from({ length: threads }, (_, thread) => play(thread)))
}

/** Not more often than somebody reads. */
function progress(): (text: string) => void {
  let toldMs = performance.now()
  return (text) => {
    if (performance.now() - toldMs < 2000) return
    toldMs = performance.now()
    process.stderr.write(`${text}\n`)
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : 'failed'}\n`)
  process.stderr.write(usage)
  process.exitCode = 2
}
