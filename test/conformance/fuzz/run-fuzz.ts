// Runs the fuzzer in a process of its own, so that coverage is of nothing else, and prints a JSON
// line for each target.

import { fuzz } from './coverage-fuzzer.ts'
import { planted, targets } from './targets.ts'

const [, , msText = '2000', seedText = '1'] = process.argv
for (const target of targets) {
  process.stdout.write(`${JSON.stringify(await fuzz(target, Number(msText), Number(seedText)))}\n`)
}
process.stdout.write(`${JSON.stringify(await fuzz(planted, 20_000, Number(seedText)))}\n`)
