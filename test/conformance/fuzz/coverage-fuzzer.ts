// A coverage-guided fuzzer over the code as it is: V8 itself says which blocks an input reached,
// and inputs that reached something new are kept to be bent further. Bounded in time, seeded.

import { Session } from 'node:inspector/promises'

export interface FuzzTarget {
  readonly name: string
  /** Must return for every input; what it throws is a finding. */
  readonly run: (input: string) => void
  readonly seeds: readonly string[]
  /** Parts of the addresses of the code whose blocks count. */
  readonly code: readonly string[]
}

export interface FuzzResult {
  readonly target: string
  readonly runs: number
  readonly blocks: number
  readonly kept: number
  readonly slowestMs: number
  readonly finding?: { readonly input: string; readonly thrown: string }
}

const inputMax = 20_000
/** Inputs between two looks at the coverage: a look costs more than many runs. */
const perLook = 12
const corpusMax = 1000

export async function fuzz(target: FuzzTarget, ms: number, seed: number): Promise<FuzzResult> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  const random = seeded(seed)
  const pick = <T>(of: readonly T[]): T | undefined => of[Math.floor(random() * of.length)]
  const corpus = [...target.seeds]
  const seen = new Set<string>()
  /** The same for single runs: together, runs look as if they were one that reached more. */
  const seenAlone = new Set<string>()
  let runs = 0
  let slowestMs = 0
  const untilMs = performance.now() + ms
  let finding: FuzzResult['finding']
  await take(session, target.code, seen)
  while (performance.now() < untilMs && !finding) {
    const tried: string[] = []
    for (let n = 0; n < perLook && !finding; n++) {
      // What was kept last is nearest to what has not been reached yet.
      const base = random() < 0.5 ? corpus.slice(-4) : corpus
      const input = bend(pick(base) ?? '', pick(corpus) ?? '', random)
      tried.push(input)
      const beganMs = performance.now()
      try {
        target.run(input)
      } catch (thrown) {
        finding = { input, thrown: thrown instanceof Error ? (thrown.stack ?? '') : String(thrown) }
      }
      slowestMs = Math.max(slowestMs, performance.now() - beganMs)
      runs += 1
    }
    const news = await take(session, target.code, seen)
    if (news.length === 0 || finding) continue
    // One of these did it; which one is found by trying each alone.
    for (const input of tried) {
      target.run(input)
      const alone = await take(session, target.code, seenAlone)
      if (alone.length > 0 && corpus.length < corpusMax) corpus.push(input)
    }
  }
  session.disconnect()
  return {
    target: target.name,
    runs,
    blocks: seenAlone.size,
    kept: corpus.length,
    slowestMs,
    ...(finding ? { finding } : {}),
  }
}

/** The ways through functions since the last look that were not seen before; they are now. */
async function take(
  session: Session,
  code: readonly string[],
  seen: Set<string>,
): Promise<readonly string[]> {
  const { result } = await session.post('Profiler.takePreciseCoverage')
  const news: string[] = []
  for (const { url, functions } of result) {
    if (!code.some((part) => url.includes(part))) continue
    for (const { ranges } of functions) {
      const [whole, ...inner] = ranges
      if (!whole || whole.count === 0) continue
      // V8 tells a block only where its count differs from what is around it; what a run is known
      // by is therefore which blocks of a function it did not reach.
      const missed = inner.filter(({ count }) => count === 0).map((range) => range.startOffset)
      const block = `${url} ${String(whole.startOffset)} ${missed.join(',')}`
      if (seen.has(block)) continue
      seen.add(block)
      news.push(block)
    }
  }
  return news
}

const odd = [
  '',
  'null',
  '-1',
  '1e999',
  '"',
  '{',
  '[',
  '\\u0000',
  '\u202e',
  '__proto__',
  'constructor',
  '\ud800',
  '9'.repeat(20),
  '['.repeat(50),
  '\n\n',
  '+',
  '— ',
]

/** One to four small changes: a cut, a copy, a swap, an odd word, a changed character. */
function bend(input: string, other: string, random: () => number): string {
  let bent = input
  const times = random() < 0.5 ? 1 : 1 + Math.floor(random() * 4)
  const at = (): number => Math.floor(random() * (bent.length + 1))
  for (let n = 0; n < times; n++) {
    const [a, b] = [at(), at()].toSorted((x, y) => x - y)
    const [from = 0, to = 0] = [a, b]
    switch (Math.floor(random() * 6)) {
      case 0:
        bent = bent.slice(0, from) + bent.slice(to)
        break
      case 1:
        bent = bent.slice(0, to) + bent.slice(from)
        break
      case 2:
        bent =
          bent.slice(0, from) + (odd[Math.floor(random() * odd.length)] ?? '') + bent.slice(from)
        break
      case 3:
        bent = bent.slice(0, from) + other.slice(Math.floor(random() * other.length))
        break
      case 4: {
        const [first, count] = random() < 0.5 ? [97, 26] : [32, 95]
        const by = String.fromCharCode(first + Math.floor(random() * count))
        bent = bent.slice(0, from) + by + bent.slice(from + 1)
        break
      }
      default: {
        const code = bent.charCodeAt(from)
        const by = Number.isNaN(code)
          ? ''
          : String.fromCharCode(code ^ (1 << Math.floor(random() * 7)))
        bent = bent.slice(0, from) + by + bent.slice(from + 1)
      }
    }
  }
  return bent.slice(0, inputMax)
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
