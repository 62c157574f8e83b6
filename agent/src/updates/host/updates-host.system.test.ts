// The service of Windows and its part as real processes: the service ends in the middle of an
// update, as Windows Installer ends it, and is killed; the part that began goes on to the end, and
// there is never a second one.

import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Program, until } from '../../../../test/kit/processes/program.ts'
import { handOverPlaces, laySaid, readSaid } from '../hand-over/hand-over-places.ts'
import { updateTold } from '../hand-over/hand-over-words.ts'
import { InstallerBed, madeUpSystem } from '../install/bed-for-tests.ts'

const waitMs = 60_000
let scratch: string
let bed: InstallerBed
const services: Program[] = []
beforeEach(async () => {
  scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-service-'))
  bed = await InstallerBed.open(scratch, madeUpSystem)
})
afterEach(async () => {
  for (const one of services.splice(0)) await one.signal('SIGKILL')
  for (const pid of lines('begun')) {
    if (isAlive(pid)) process.kill(Number(pid), 'SIGKILL')
  }
  fs.rmSync(scratch, { recursive: true, force: true })
})
const lines = (name: string): readonly string[] => {
  const path = join(scratch, name)
  return fs.existsSync(path) ? fs.readFileSync(path, 'utf8').trim().split('\n') : []
}
const isAlive = (pid: string): boolean => {
  try {
    return process.kill(Number(pid), 0)
  } catch {
    return false
  }
}
const places = () => handOverPlaces(join(scratch, 'updates'))
const told = () => readSaid(places().told, updateTold)
const service = () => {
  const releaseKey = bed.signer.text
  const plan = { scratch, releaseKey, system: 'made-up', withinMs: 600_000 }
  const one = new Program('test/kit/updates/host-child.ts', [JSON.stringify(plan)])
  services.push(one)
  return one
}
/** `begins` and `ends` in their order, without whose they are. */
const parts = () => lines('parts').map((line) => line.split(' ')[0])

async function layOrder(): Promise<void> {
  const { manifests, path } = await bed.download('1.2.0')
  const name = `${'0'.repeat(64)}-wardkey-agent_1.2.0_amd64.deb`
  fs.mkdirSync(places().packages, { recursive: true })
  fs.copyFileSync(path, join(places().packages, name))
  const about = { version: 1, number: 7, manifests, package: name, hadReader: true }
  await until(
    async () => {
      const now = await told()
      if (now?.trial) return true
      await laySaid(places().order, { ...about, atMs: Date.now() })
      return false
    },
    'a trial',
    waitMs,
  )
}

const sign = () => {
  const signs = { isReaderUp: true, isLinkUp: true, isProbeAnswered: true }
  const run = '00000000-0000-4000-8000-000000000009'
  return laySaid(places().signs, { version: 1, atMs: Date.now(), release: '1.2.0', run, ...signs })
}

it('judges by the part of the release before, whatever becomes of the service', async () => {
  const older = service()
  await until(async () => (await told())?.ready === 'ready', 'ready', waitMs)
  await layOrder()
  await until(async () => (await told())?.trial?.step === 'on-trial', 'on trial', waitMs)
  // As Windows Installer does: the service ends at once, the part does not.
  expect(await older.signal('SIGTERM')).toBe(0)
  const [first = ''] = lines('begun')
  expect(isAlive(first)).toBe(true)
  const newer = service()
  await until(
    () => fs.readFileSync(join(places().own, 'host.json'), 'utf8').includes('run'),
    'B',
    waitMs,
  )
  expect([parts(), isAlive(first)]).toEqual([['begins'], true])
  await until(
    async () => {
      await sign()
      return (await told())?.last?.outcome === 'healthy'
    },
    'its judgement',
    waitMs,
  )
  await until(() => parts().length === 3, 'a part of the newer one', waitMs)
  expect(parts()).toEqual(['begins', 'ends', 'begins'])

  // Killed, it says nothing to anybody: the next one does, and takes over what is at rest.
  await newer.signal('SIGKILL')
  const next = service()
  await until(() => parts().length === 5, 'a part of the next one', waitMs)
  expect(parts()).toEqual(['begins', 'ends', 'begins', 'ends', 'begins'])
  expect(await next.signal('SIGTERM')).toBe(0)
  expect(parts().at(-1)).toBe('ends')
}, 240_000)
