// What each thread of a process has used of the CPU, as Linux tells it. Elsewhere there is nothing
// to tell.

import { readdirSync, readFileSync } from 'node:fs'

/** USER_HZ, the same on every Linux there is: proc(5). */
const tickMs = 10

/** CPU milliseconds so far of the threads that gave way to the others; nothing off Linux. */
export function politeThreadsCpuMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const folder = `/proc/${String(pid)}/task`
  let ms = 0
  for (const id of readdirSync(folder)) {
    const stat = readFileSync(`${folder}/${id}/stat`, 'utf8')
    // The name stands in brackets and may hold spaces; fields are counted after it, from the third.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [user = 0, system = 0, niceness = 0] = [fields[11], fields[12], fields[16]].map(Number)
    if (niceness > 0) ms += (user + system) * tickMs
  }
  return ms
}
