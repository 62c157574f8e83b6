// Plants the machine's faults one after the other and prints a line for each: which test finds it.
//
//   node test/mutants/main.ts [--part 0 --of 1] [--only WORDS]

import { parseArgs } from 'node:util'
import { Finder } from './find-mutant.ts'
import { inMachine } from './in-machine.ts'

const { values } = parseArgs({
  options: {
    part: { type: 'string', default: '0' },
    of: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
})
const wanted = inMachine.filter(
  ({ name }, n) => n % Number(values.of) === Number(values.part) && name.includes(values.only),
)
// With nothing planted nothing is found, last as first: no fault is left behind by another.
for (const mutant of [undefined, ...wanted, undefined]) {
  // A fresh one each time: what was once loaded or failed is remembered in it.
  const finder = await Finder.start()
  console.log(JSON.stringify(await finder.find(mutant)))
  await finder.stop()
}
// Its workers' threads end with it.
process.exit(0)
