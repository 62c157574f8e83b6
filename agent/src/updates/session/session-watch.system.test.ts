// The session's half of updates with a broker in a process of its own, and a workstation in one
// too: what is fetched, when an order lies there, and what a broker hears. The part with the rights is a
// hand here that says what that one would say.

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BrokerProgram } from '../../../../test/kit/processes/broker-program.ts'
import { until } from '../../../../test/kit/processes/program.ts'
import { WorkstationProgram } from '../../../../test/kit/processes/workstation-program.ts'
import { newReleaseSigner, plainManifest, signed } from '../../../../test/kit/release.ts'
import { version } from '../../platform/version.ts'
import { handOverPlaces, laySaid, readSaid } from '../hand-over/hand-over-places.ts'
import {
  isFresh,
  orderWithinMs,
  updateNoted,
  updateOrder,
  updateSigns,
} from '../hand-over/hand-over-words.ts'
import type { UpdateOrder, UpdateTold } from '../hand-over/hand-over-words.ts'
import { sessionWaits } from '../hand-over/session-waits.ts'

const hasAll =
  (process.env['WARDKEY_HAS_CHROMIUM'] ?? '') !== '' &&
  `${process.platform}-${process.arch}` === 'linux-x64'
const content = randomBytes(300_000)
const sha256 = createHash('sha256').update(content).digest('hex')
const to = '99.0.0'
const name = `wardkey-agent_${to}_amd64.deb`
const file = { target: 'linux-x64', name, bytes: content.length, sha256, over: version } as const
const always = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '00:00' }]
const about = { number: 7, from: version, to }

const signer = newReleaseSigner()
let release: string
let broker: BrokerProgram
let folder: string
let workstation: WorkstationProgram
let factsBefore: number
let said: Omit<UpdateTold, 'version' | 'atMs'>
let saying: NodeJS.Timeout

/** One roll-out for all: each test has a workstation of its own in it. */
async function rollOut(): Promise<void> {
  release = mkdtempSync(join(tmpdir(), 'wardkey-release-'))
  const rings = [{ percent: 100, soakMs: 0, failedMax: 5 }]
  const manifest = plainManifest({ number: 7, release: to, files: [file], rings })
  writeFileSync(join(release, name), content)
  writeFileSync(join(release, 'update-manifest.txt'), signed(manifest, signer))
  broker = await BrokerProgram.make({
    rules: { updateWindows: always },
    settings: { updates: { releaseKey: signer.text, folder: release } },
  })
  await broker.start()
  for (const words of [
    ['add', release],
    ['start', '7'],
  ]) {
    const { code, err } = await broker.run(['updates', ...words])
    if (code !== 0) throw new Error(err)
  }
}
beforeEach(async ({ task }) => {
  if (!broker.isRunning) await broker.start()
  folder = mkdtempSync(join(tmpdir(), 'wardkey-hand-over-'))
  const updates = { releaseKey: signer.text, folder }
  const plan = { place: task.id, settings: { updates } }
  workstation = await WorkstationProgram.enrol(broker, plan)
  factsBefore = (await broker.facts()).length
  said = { installed: version, ready: 'ready' }
  await say({})
  saying = setInterval(() => void say({}), 500)
})
afterEach(async () => {
  clearInterval(saying)
  await lastSaid
  await workstation.dispose()
  rmSync(folder, { recursive: true })
})

const places = () => handOverPlaces(folder)
let lastSaid = Promise.resolve()
function say(change: Partial<typeof said>): Promise<void> {
  said = { ...said, ...change }
  const told = { version: 1, atMs: Date.now(), ...said }
  lastSaid = lastSaid.then(() => laySaid(places().told, told, true))
  return lastSaid
}
async function ordered(): Promise<UpdateOrder> {
  let found: UpdateOrder | undefined
  const isThere = async (): Promise<boolean> => {
    found = await readSaid(places().order, updateOrder)
    return found !== undefined && isFresh(found, Date.now(), orderWithinMs)
  }
  await until(isThere, 'an order', 90_000, () => workstation.log)
  if (!found) throw new Error('no order')
  return found
}
/** Of this test. */
const updateFacts = async () =>
  (await broker.facts()).slice(factsBefore).filter(({ code }) => code.startsWith('UPD-'))

describe.runIf(hasAll)('a workstation that may update', () => {
  beforeAll(rollOut)
  afterAll(async () => {
    await broker.dispose()
    rmSync(release, { recursive: true })
  })
  it('fetches, orders while nobody is there, and tells how it ended', async () => {
    await workstation.start()
    const first = await ordered()
    expect(first).toMatchObject({ number: 7, hadReader: true })
    expect(readFileSync(join(places().packages, first.package)).equals(content)).toBe(true)
    await until(
      async () => (await readSaid(places().order, updateOrder))?.atMs !== first.atMs,
      'the order laid anew',
    )

    // Whoever comes: a badge that is nobody's does.
    workstation.do({ kind: 'tap', uid: '04000000000001' })
    await until(
      () => !existsSync(places().order),
      'no order',
      2000,
      () => workstation.log,
    )
    expect(workstation.log).toContain('update.order-over')
    // The broker counts it as waiting again, and not as under way.
    const takenBack = async () =>
      (await updateFacts()).filter(({ code }) => code === 'UPD-012').length === 1
    await until(takenBack, 'the yes taken back', undefined, () => workstation.log)
    await ordered()

    // It is carried out: another release is there, and has to show that it is well.
    const onTrial = { step: 'on-trial', ...about, starts: 1 } as const
    await say({ trial: onTrial })
    await until(() => !existsSync(places().order), 'the order gone')
    let signs: unknown
    const isSigned = async (): Promise<boolean> => {
      signs = await readSaid(places().signs, updateSigns)
      return signs !== undefined
    }
    await until(isSigned, 'signs', undefined, () => workstation.log)
    const shown = { isReaderUp: true, isLinkUp: true, isProbeAnswered: false }
    expect(signs).toMatchObject({ release: version, ...shown })

    const outcome = 'returned'
    await say({ trial: { step: 'ended', ...about, outcome, flaw: 'no-answer' } })
    const isNoted = async () => (await readSaid(places().noted, updateNoted))?.outcome === outcome
    await until(isNoted, 'noted', undefined, () => workstation.log)
    const all = await updateFacts()
    expect(all.filter(({ code }) => code === 'UPD-103')).toHaveLength(1)
    expect(all.at(-1)).toMatchObject({ fields: { number: 7, flaw: 'no-answer' } })

    const { trial: _, ...rest } = said
    said = rest
    await until(() => !existsSync(places().noted), 'the note taken away')
    await workstation.stop()
    expect(existsSync(places().order)).toBe(false)
    await broker.checkRecord()
  }, 240_000)

  it('tells it once a broker is there again, also after it was killed', async () => {
    await workstation.start()
    await ordered()
    await broker.stop()
    await say({ trial: { step: 'ended', ...about, outcome: 'failed', flaw: 'installer' } })
    const hasTried = (): boolean => workstation.log.includes('update.not-told')
    await until(hasTried, 'a try', 60_000, () => workstation.log)
    await workstation.kill()
    await broker.start()
    expect((await updateFacts()).filter(({ code }) => code === 'UPD-102')).toEqual([])
    await workstation.start()
    const isNoted = async () => (await readSaid(places().noted, updateNoted))?.outcome === 'failed'
    await until(isNoted, 'noted', 60_000, () => workstation.log)
    expect((await updateFacts()).filter(({ code }) => code === 'UPD-102')).toHaveLength(1)
    await broker.checkRecord()
  }, 240_000)

  it('lays down nothing where the other part is silent, and says so to the broker', async () => {
    clearInterval(saying)
    await lastSaid
    const { installed } = said
    await laySaid(places().told, { version: 1, atMs: 0, installed, ready: 'ready' }, true)
    await workstation.start()
    const isHere = (): boolean => workstation.log.includes('update.no-installer')
    await until(isHere, 'a look', 60_000, () => workstation.log)
    expect(existsSync(places().order)).toBe(false)
    expect((await updateFacts()).filter(({ code }) => code === 'UPD-009')).toEqual([])
    // And to whoever asks here.
    const isSaid = async () =>
      (await readSaid(places().waits, sessionWaits))?.waits === 'no-installer'
    await until(isSaid, 'what it waits for', undefined, () => workstation.log)
  }, 120_000)
})
