// Runs inside the virtual machine: all checks, one after the other, then the end.

import { checkCcid } from './ccid-checks.ts'
import { checkHid } from './hid-checks.ts'
import { checkSensors } from './sensor-checks.ts'

for (const part of [checkHid, checkSensors, checkCcid]) {
  try {
    await part()
  } catch (error) {
    console.log(`part failed: ${error instanceof Error ? (error.stack ?? error.message) : 'threw'}`)
  }
}
// An orderly exit waits for reads of devices that will never return.
process.kill(process.pid, 'SIGKILL')
