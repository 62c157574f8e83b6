import { planted, rulesWith } from './planted.ts'
import { playSeed } from './play-seed.ts'
import { emptyImage } from './world/memory-store.ts'
const image = await emptyImage()
const only = process.argv[2]
process.on('unhandledRejection', (e) => console.log('UNHANDLED', e))
for (const fault of planted) {
  if (only && !fault.name.includes(only)) continue
  const t0 = process.cpuUsage().user
  let found = ''
  let seed = 1
  for (; seed <= 25 && !found; seed++) {
    const r = await playSeed(
      {
        lengthMs: 1200000,
        workstations: 3,
        people: 6,
        isCalm: false,
        seed,
        brokers: fault.brokers ?? 1,
      },
      { image, rules: rulesWith(fault), isShrinking: false },
    )
    if (r.violation) found = r.violation.message
  }
  console.log(
    ((process.cpuUsage().user - t0) / 1e6).toFixed(1),
    seed - 1,
    fault.name,
    '=>',
    found.slice(0, 120).replaceAll('\n', ' '),
  )
}
