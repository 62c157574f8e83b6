// The service of Windows as a process of its own, on Linux: it begins the part that installs as a
// process that outlives it, and is told to stop by a signal.

import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { systemClock } from '@wardkey/agent/platform/clock'
import { ownDisk } from '@wardkey/agent/platform/disk'
import { openLog } from '@wardkey/agent/platform/log'
import { handOverPlaces } from '@wardkey/agent/updates/hand-over/hand-over-places'
import { HostWord } from '@wardkey/agent/updates/host/host-word'
import { UpdatesHost } from '@wardkey/agent/updates/host/updates-host'
import { takeSocketLock } from './socket-lock.ts'

const plan = z.looseObject({ scratch: z.string() }).parse(JSON.parse(process.argv[2] ?? ''))
const part = fileURLToPath(new URL('keeper-child.ts', import.meta.url))
const host = new UpdatesHost({
  run: randomUUID(),
  word: new HostWord(handOverPlaces(join(plan.scratch, 'updates')).own, ownDisk),
  takeLock: () => takeSocketLock(plan.scratch),
  isUpdated: () => Promise.resolve(true),
  copy: () => Promise.resolve(part),
  begin: (file, run) =>
    new Promise((resolve) => {
      const words = [...process.execArgv, file, JSON.stringify({ ...plan, host: run })]
      const child = spawn(process.execPath, words, { detached: true, stdio: 'ignore' })
      appendFileSync(join(plan.scratch, 'begun'), `${String(child.pid)}\n`)
      child.on('exit', (code) => {
        resolve(code ?? undefined)
      })
      child.unref()
    }),
  clock: systemClock,
  log: openLog('info'),
})
host.start()
// What runs here is kept alive by the service manager on Windows.
const kept = setInterval(() => undefined, 60_000)
process.on('SIGTERM', () => {
  void host.stop().then(() => {
    clearInterval(kept)
  })
})
