// npm run bench -- NAME: what it costs, as ratios against floors taken in the same run. The last
// line is one JSON object, for machines; the lines before it are for people.

import { benchConsole } from './console/bench-console.ts'
import { benchPages } from './pages/bench-pages.ts'
import { benchPolicy } from './policy/bench-policy.ts'
import { benchRecord } from './record/bench-record.ts'
import { benchRevoke } from './revoke/bench-revoke.ts'
import { benchRoam } from './roam/bench-roam.ts'
import { benchScim } from './scim/bench-scim.ts'
import { benchTap } from './tap/bench-tap.ts'
import { benchTimeline } from './timeline/bench-timeline.ts'

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<object>>> = {
  console: benchConsole,
  pages: benchPages,
  policy: benchPolicy,
  record: benchRecord,
  revoke: benchRevoke,
  roam: benchRoam,
  tap: benchTap,
  scim: benchScim,
  timeline: benchTimeline,
}

/** Whatever hangs, this does not: the processes it started end with it. */
const longestMs = 900_000

const [name = '', ...args] = process.argv.slice(2)
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
if (!bench) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benches).join(' | ')} [--short]\n`)
  process.exitCode = 2
} else {
  const late = setTimeout(() => {
    process.stderr.write('the benchmark took too long\n')
    process.exit(1)
  }, longestMs)
  const result = await bench(args)
  clearTimeout(late)
  process.stdout.write(`${JSON.stringify({ bench: name, ...result })}\n`)
}
