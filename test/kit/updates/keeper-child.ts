// The part of updates that has the rights, in a process of its own, as its main builds it but for
// what it installs on. Told to, it kills itself before its so-manieth step, as a power cut would; or
// it has a host, as on Windows, and writes down that it began and ended.

import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ownDisk } from '@wardkey/agent/platform/disk'
import { openLog } from '@wardkey/agent/platform/log'
import { installUpdatesCommand } from '@wardkey/agent/runtime/commands/install-updates-command'
import { dpkgSystem, madeUpSystem } from '@wardkey/agent/updates/install/bed-for-tests'
import type { SystemPackages } from '@wardkey/agent/updates/install/system-packages'
import { handOverPlaces } from '@wardkey/agent/updates/hand-over/hand-over-places'
import { HostWord } from '@wardkey/agent/updates/host/host-word'
import { keeperHere } from '@wardkey/agent/updates/system/keeper-here'
import { takeSocketLock } from './socket-lock.ts'

const plan = z.strictObject({
  scratch: z.string(),
  releaseKey: z.string(),
  system: z.enum(['made-up', 'dpkg']),
  withinMs: z.number(),
  /** From 1 on. */
  dieBefore: z.number().optional(),
  host: z.uuid().optional(),
})
export type KeeperPlan = z.infer<typeof plan>

const { scratch, releaseKey, system, withinMs, dieBefore, host } = plan.parse(
  JSON.parse(process.argv[2] ?? ''),
)
let steps = 0
const step = (): void => {
  steps += 1
  if (steps === dieBefore) process.kill(process.pid, 'SIGKILL')
}
const disk: typeof ownDisk = {
  ...ownDisk,
  replace: async (path, bytes) => {
    step()
    await ownDisk.replace(path, bytes)
  },
  remove: async (path) => {
    step()
    await ownDisk.remove(path)
  },
}
const { packages: real } = system === 'dpkg' ? dpkgSystem(scratch) : madeUpSystem(scratch)
const broken = (): void => {
  step()
  // In the middle of it neither release is there whole.
  if (system === 'made-up') writeFileSync(join(scratch, 'installed'), '')
  step()
}
const packages: SystemPackages = {
  ...real,
  fileName: (release) => real.fileName(release),
  installed: () => real.installed(),
  mayBe: (path, release) => real.mayBe(path, release),
  keepsakes: () => real.keepsakes(),
  put: (path) => {
    broken()
    return real.put(path)
  },
  putBack: (older, newer, keepsakes) => {
    broken()
    return real.putBack(older, newer, keepsakes)
  },
}
const log = openLog('info')
const settings = {
  'updates.releaseKey': releaseKey,
  'updates.enabled': true,
  'updates.folder': join(scratch, 'updates'),
}
const note = (what: string): void => {
  if (host !== undefined) appendFileSync(join(scratch, 'parts'), `${what} ${String(process.pid)}\n`)
}
const lock = host === undefined ? undefined : await takeSocketLock(scratch)
if (lock === 'held') process.exit(70)
note('begins')
const word = new HostWord(handOverPlaces(settings['updates.folder']).own, ownDisk)
const isOver = () => host !== undefined && !word.isFor(host)
const here = keeperHere(settings, log, { packages, disk, withinMs, aliveEveryMs: 500 })
process.exitCode = await installUpdatesCommand({ keeper: here?.keeper, isOver, log, everyMs: 50 })
note('ends')
await lock?.close()
