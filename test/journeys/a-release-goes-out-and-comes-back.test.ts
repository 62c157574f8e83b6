// A release from the broker's roll-out to a workstation and, where it is not well, back again: the
// session's half, the part with the rights as a process of its own, and a broker's door over TLS.
// What is installed is made up; what is said, signed, fetched and judged is as it is.

import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UpdateCalls } from '@wardkey/agent/link/updates/update-calls'
import { initialState } from '@wardkey/agent/machine/initial'
import type { State } from '@wardkey/agent/machine/state'
import { handOverPlaces, readSaid } from '@wardkey/agent/updates/hand-over/hand-over-places'
import { updateOrder, updateTold } from '@wardkey/agent/updates/hand-over/hand-over-words'
import { InstallerBed, madeUpSystem } from '@wardkey/agent/updates/install/bed-for-tests'
import { ownDisk } from '@wardkey/agent/platform/disk'
import { fetchPackage } from '@wardkey/agent/updates/fetch/fetch-package'
import { SessionBook } from '@wardkey/agent/updates/session/session-book'
import { SessionWatch } from '@wardkey/agent/updates/session/session-watch'
import type { SessionWatchNeeds } from '@wardkey/agent/updates/session/session-watch'
import { FileDesk } from '@wardkey/broker/doors/updates/file-desk'
import { withUpdates } from '@wardkey/broker/doors/updates/update-door'
import { makeWorkstationListener } from '@wardkey/broker/doors/enrolment/workstation-listener'
import { hostTokenName } from '@wardkey/broker/flows/admin-tokens'
import { addRelease } from '@wardkey/broker/flows/updates/add-release'
import { beginRollout } from '@wardkey/broker/flows/updates/steer-rollout'
import { openAuthority } from '@wardkey/broker/platform/authority/authority'
import { makeKeys, openKeys } from '@wardkey/broker/platform/keys/keys'
import { listen } from '@wardkey/broker/platform/listen'
import { workstationId } from '@wardkey/protocol/ids'
import { openCore, silentLog } from '../kit/broker-core.ts'
import type { BrokerCore } from '../kit/broker-core.ts'
import { Program, until } from '../kit/processes/program.ts'
import { quickClock } from '../kit/quick-clock.ts'
import { plainManifest, signed, updateSettings } from '../kit/release.ts'

const always = { updateWindows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '00:00' }] }
const idle = initialState('')
const nobody: State = {
  ...idle,
  surroundings: { ...idle.surroundings, link: 'up', reader: 'ready' },
}
const card = { technology: 'csn', canonical: '04a1b2c3d4e580' } as const

/** Four minutes are a second; what is laid down is read by another process, by the clock there. */
const quick = quickClock(240)

describe('a release that goes out', () => {
  let scratch: string
  let core: BrokerCore
  let bed: InstallerBed
  let server: Server
  let broker: UpdateCalls
  let keeper: Program | undefined
  let watch: SessionWatch | undefined
  let state: State

  beforeEach(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'wardkey-rollout-'))
    state = nobody
    core = await openCore()
    await core.addZone('4-west', always)
    bed = await InstallerBed.open(scratch, madeUpSystem)
    broker = await openDoor()
  })
  afterEach(async () => {
    await watch?.stop()
    await keeper?.signal('SIGKILL')
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await core.record()
    await core.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  const places = () => handOverPlaces(join(scratch, 'updates'))
  const told = () => readSaid(places().told, updateTold)
  const installed = () => bed.system.packages.installed()
  const endings = async () =>
    (await core.record()).filter(({ code }) => ['UPD-010', 'UPD-102', 'UPD-103'].includes(code))

  /** A door of the broker with 1.2.0 on its way out, and the workstation's word to it. */
  async function openDoor(): Promise<UpdateCalls> {
    const settings = { keysDir: join(scratch, 'keys'), masterKey: '' }
    makeKeys(settings)
    const keys = await openKeys(settings)
    const nowMs = (): number => Date.now()
    const authority = await openAuthority(
      keys,
      { names: ['localhost'], certificateHours: 168 },
      nowMs,
    )
    const served = join(scratch, 'served')
    const files = new FileDesk(served)
    const updates = updateSettings(bed.signer, { hasFiles: (all) => files.hasFiles(all) })
    const needs = { ...core.needs, nowMs, updates }
    const answer = withUpdates({ ...needs, files, monotonicMs: () => 0 }, (_request, response) => {
      response.writeHead(418).end('{}')
    })
    const listener = { keys, authority, connectionsMax: 20, nowMs, log: silentLog, answer }
    ;({ server } = await makeWorkstationListener(listener))
    const port = await listen(server, { host: '127.0.0.1', port: 0, setting: 'workstations.port' })
    await putOut(served, needs)
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const id = workstationId.parse(randomUUID())
    const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })).buffer
    const issued = await authority.issue(spki, id)
    await core.addWorkstation('4-west', issued.sha256, id)
    const identity = {
      ...{ workstationId: id, certificatePem: issued.pem, caPem: authority.caPem },
      ...{ notAfterMs: 2e12, keyPem: String(privateKey.export({ format: 'pem', type: 'pkcs8' })) },
    }
    const addresses = [{ host: '127.0.0.1', port, serverName: 'localhost' }]
    return new UpdateCalls({ addresses, identity: () => identity })
  }

  async function putOut(served: string, needs: Parameters<typeof addRelease>[1]): Promise<void> {
    const content = await bed.system.make('1.2.0')
    const name = bed.system.packages.fileName('1.2.0')
    mkdirSync(served)
    writeFileSync(join(served, name), content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const file = {
      target: 'linux-x64',
      name,
      bytes: content.length,
      sha256,
      over: '1.0.0',
    } as const
    const rings = [{ percent: 100, soakMs: 0, failedMax: 0 }]
    const manifest = signed(plainManifest({ files: [file], rings }), bed.signer)
    await core.needs.perform(() => addRelease({ manifest, by: 'kit' }, needs))
    const begin = { number: 1, by: `token ${hostTokenName}`, madeMs: 0 }
    await core.needs.perform(() => beginRollout(begin, needs))
  }

  function keep(withinMs: number): void {
    const plan = { scratch, releaseKey: bed.signer.text, system: 'made-up', withinMs }
    keeper = new Program('test/kit/updates/keeper-child.ts', [JSON.stringify(plan)])
  }

  /** As the service manager does: each time it made room, the release that is installed begins. */
  async function work(running: string, probe: SessionWatchNeeds['probe']): Promise<void> {
    const one = new SessionWatch({
      ...{ places: places(), broker, here: { target: 'linux-x64', running }, run: randomUUID() },
      book: await SessionBook.open(scratch, bed.signer.text, ownDisk),
      fetch: (file) => fetchPackage(file, { folder: places().packages, broker }),
      ...{ everyMs: 3_600_000, state: () => state, clock: quick, random: () => 0, probe },
      log: silentLog,
      onReplaced: () => {
        void again()
      },
    })
    const again = async (): Promise<void> => {
      await one.stop()
      if (watch === one) await work((await installed()) ?? '', probe)
    }
    watch = one
    one.start()
  }

  /** What installs begins anew where it ended with 75, as its unit does. */
  const isOver = (withinMs: number) => async (): Promise<boolean> => {
    if (keeper && !keeper.isRunning) {
      expect(keeper.child.exitCode, keeper.err).toBe(75)
      keep(withinMs)
    }
    const now = await told()
    return now?.last !== undefined && now.trial === undefined
  }

  it('is fetched, installed when nobody is there, shown to be well, and told as that', async () => {
    keep(60_000)
    await work('1.1.0', () => Promise.resolve(true))
    await until(isOver(60_000), 'an end', 40_000, () => keeper?.err ?? '')
    expect(await installed()).toBe('1.2.0')
    expect((await told())?.last).toMatchObject({ from: '1.1.0', to: '1.2.0', outcome: 'healthy' })
    await until(async () => (await endings()).length === 1, 'told')
    expect((await endings())[0]).toMatchObject({ code: 'UPD-010' })
  })
  it('waits for whoever is there, from the first word to the last', async () => {
    state = { ...nobody, inPlace: { card } as never }
    keep(60_000)
    await work('1.1.0', () => Promise.resolve(true))
    const waits = async () =>
      (await core.needs.db.selectFrom('update_wait').selectAll().execute()).map(({ why }) => why)
    await until(async () => (await waits()).includes('card-in-reader'), 'that it waits')
    expect(await readSaid(places().order, updateOrder)).toBeUndefined()
    expect([await installed(), (await told())?.trial]).toEqual(['1.1.0', undefined])
    state = nobody
    await until(isOver(60_000), 'an end', 40_000, () => keeper?.err ?? '')
    expect(await installed()).toBe('1.2.0')
  })
  it('comes back by itself where no broker answers its probe, and is told as that', async () => {
    keep(1500)
    await work('1.1.0', () => Promise.resolve(false))
    await until(isOver(1500), 'an end', 40_000, () => keeper?.err ?? '')
    expect(await installed()).toBe('1.1.0')
    await until(async () => (await endings()).length === 1, 'told')
    const [ending] = await endings()
    expect(ending).toMatchObject({ code: 'UPD-103', fields: { flaw: 'no-answer' } })
    expect(readFileSync(bed.keptPath('1.1.0')).length).toBeGreaterThan(0)
  })
})
