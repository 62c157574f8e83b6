// Who is out by a broker's word lets herself in nowhere without it either, from the moment that it
// is said; over a kill, against old and forged words, and until a bundle that knows it.

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { messageId, zoneId } from '@wardkey/protocol/ids'
import type { OfflineBundle, OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import { HandClock } from '../../../test/kit/hand-clock.ts'
import {
  BundleSigner,
  offlineBundleOf,
  offlinePersonOf,
} from '../../../test/kit/offline-bundles.ts'
import { initialState } from '../machine/initial.ts'
import { ownDisk } from '../platform/disk.ts'
import type { Disk } from '../platform/disk.ts'
import { openSealer } from '../platform/seal.ts'
import { openKeyFile } from '../platform/sealed-storage.ts'
import { AloneBed, ben, newTap, rightPin, rosa } from './bed-for-tests.ts'
import { BundleStore } from './bundle/bundle-store.ts'
import { Knowledge } from './bundle/knowledge.ts'
import { Memory } from './memory.ts'
import { TrustedTime } from './trusted-time.ts'

describe('who is out by a broker’s word', () => {
  let bed: AloneBed
  let her: OfflinePerson
  let bundle: OfflineBundle

  beforeEach(() => {
    bed = new AloneBed()
    her = offlinePersonOf({ uid: rosa })
    bundle = bed.bundle({ people: [her, offlinePersonOf({ uid: ben, name: 'Ben Okoro' })] })
    bed.alone.start()
    bed.welcome()
    bed.give(bundle)
  })
  afterEach(() => bed.close())

  const say = (change: { asOfMs?: number; zone?: string } = {}, signer = bed.signer) => {
    const { asOfMs = bed.clock.wallMs(), zone = '4-west' } = change
    const word = { zoneId: zoneId.parse(zone), asOfMs, people: [her.personId] }
    const text = signer.signOut({ version: 1, kind: 'people-out', ...word })
    bed.hear({ kind: 'people-out', text })
    return text
  }
  const kept = () => bed.sent.filter(({ kind }) => kind === 'out-kept').length
  const refusedEvents = () => bed.logged.filter(({ event }) => event === 'offline.out-refused')
  const isOut = async () => {
    const answer = await bed.signIn(rosa)
    return answer.kind === 'refused' ? answer.code : answer.kind
  }

  it('is refused as who is not active, and nobody else is', async () => {
    await bed.clock.advance(20_000)
    say()
    await bed.until(() => kept() === 1)
    bed.cut()
    expect(await isOut()).toBe('person-not-active')
    expect((await bed.signIn(ben)).kind).toBe('admitted')
  })

  it('is refused while her PIN is asked for', async () => {
    bed.cut()
    const tap = newTap()
    expect((await bed.tap(rosa, tap)).kind).toBe('ask-pin')
    await bed.clock.advance(20_000)
    say()
    expect(await bed.pin(tap, rightPin)).toMatchObject({ code: 'person-not-active' })
  })

  it('is given no emergency access, and speaks for nobody who asks for it', async () => {
    await bed.clock.advance(20_000)
    say()
    bed.cut()
    const choice = { reason: 'care', tookMs: 900, position: 0, of: 1 }
    const ask = (uid: string, tapId = newTap()) =>
      bed.answered(() => {
        const who = { by: 'card', card: { technology: 'simulated', canonical: uid } } as const
        bed.alone.ask({ kind: 'break-glass', tapId, who, choice, atMs: bed.clock.wallMs() })
      })
    expect(await ask(rosa)).toMatchObject({ kind: 'refused' })
    const tapId = newTap()
    // Ben’s badge, and no PIN of his at hand: a colleague must speak for him.
    bed.give({ ...bundle, sequence: 2, people: [her, offlinePersonOf({ uid: ben, pinText: '' })] })
    expect((await ask(ben, tapId)).kind).toBe('ask-witness')
    const card = { technology: 'simulated', canonical: rosa } as const
    const vouched = await bed.answered(() => {
      bed.alone.ask({ kind: 'witness', tapId, card, atMs: bed.clock.wallMs() })
    })
    expect(vouched).toMatchObject({ kind: 'ask-witness', again: true })
  })

  it('stays so over a restart after it was said to be kept', async () => {
    await bed.clock.advance(20_000)
    say()
    await bed.until(() => kept() === 1)
    await bed.restart()
    expect(await isOut()).toBe('person-not-active')
  })

  it('stays so while bundles come that were made before, and not by one made after', async () => {
    await bed.clock.advance(20_000)
    say()
    bed.give({ ...bundle, sequence: 2, issuedMs: bed.clock.wallMs() - 1000 })
    await bed.settled()
    bed.cut()
    expect(await isOut()).toBe('person-not-active')
    await bed.clock.advance(20_000)
    bed.welcome()
    bed.give({ ...bundle, sequence: 3, issuedMs: bed.clock.wallMs() })
    await bed.settled()
    bed.cut()
    expect(await isOut()).toBe('admitted')
  })

  it('is back by a newer bundle, also where an old word is said again', async () => {
    await bed.clock.advance(20_000)
    say()
    const asOfMs = bed.clock.wallMs()
    await bed.clock.advance(20_000)
    bed.give({ ...bundle, sequence: 2, issuedMs: bed.clock.wallMs() })
    await bed.settled()
    say({ asOfMs })
    await bed.until(() => kept() === 2)
    bed.cut()
    expect(await isOut()).toBe('admitted')
  })

  describe('is not out by', () => {
    it('a word that another key signed', async () => {
      await bed.clock.advance(20_000)
      say({}, new BundleSigner())
      await bed.settled()
      expect([kept(), refusedEvents()]).toMatchObject([0, [{ reason: 'not-signed' }]])
      bed.cut()
      expect(await isOut()).toBe('admitted')
    })
    it('a word of another zone', async () => {
      await bed.clock.advance(20_000)
      say({ zone: 'pharmacy' })
      await bed.settled()
      expect([kept(), refusedEvents()]).toMatchObject([0, [{ reason: 'other-zone' }]])
      bed.cut()
      expect(await isOut()).toBe('admitted')
    })
    it('a bundle that is signed, said as a word', async () => {
      bed.hear({ kind: 'people-out', text: bed.signer.sign(bed.bundle({ people: [] })) })
      await bed.settled()
      expect([kept(), refusedEvents()]).toMatchObject([0, [{ reason: 'not-understood' }]])
    })
  })
})

describe('a word that people are out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-out-'))
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('is said to be kept only once it is on the disk, and not where it never gets there', async () => {
    const signer = new BundleSigner()
    const clock = new HandClock()
    const id = randomUUID()
    const her = offlinePersonOf({ uid: rosa })
    const really: Disk['replace'] = (path, bytes) => ownDisk.replace(path, bytes)
    let write = really
    const disk: Disk = { ...ownDisk, replace: (path, bytes) => write(path, bytes) }
    const sealer = openSealer(openKeyFile(folder, 'offline.key'))
    const memory = new Memory(folder, sealer, disk)
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
    const knowledge = new Knowledge({
      ...{ memory, clock, log, store: new BundleStore(folder, sealer) },
      time: new TrustedTime(clock, memory.now.clock),
      workstationId: () => id,
      onChange: () => undefined,
      askTime: () => false,
    })
    const rules = { ...initialState('4455').rules, zoneId: zoneId.parse('4-west') }
    const bundle = offlineBundleOf(id, clock.wallMs(), { people: [her] })
    const frameId = messageId.parse(randomUUID())
    const welcome = { kind: 'welcome', id: frameId, replyTo: frameId, version: 1 } as const
    const place = 'Station'
    knowledge.welcome(
      {
        ...{ ...welcome, workstationId: bundle.workstationId, place, brokers: [] },
        ...{ rules: { ...rules, offlineMaxMs: 3_600_000 }, serverTimeMs: clock.wallMs() },
        bundleKey: signer.bundleKey,
      },
      0,
    )
    await memory.settled()
    const word = (asOfMs: number) => ({
      text: signer.signOut({
        ...{ version: 1, kind: 'people-out', zoneId: bundle.zoneId },
        ...{ asOfMs, people: [her.personId] },
      }),
    })
    let finish: () => void = () => undefined
    write = async (path, bytes) => {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      await ownDisk.replace(path, bytes)
    }
    let said: boolean | undefined
    const saying = knowledge.out(word(1000)).then((isKept) => (said = isKept))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(said).toBeUndefined()
    // What is killed now has said nothing, and has kept nothing.
    expect(new Memory(folder, sealer).now.out).toEqual({})
    finish()
    await saying
    expect(said).toBe(true)
    expect(new Memory(folder, sealer).now.out).toEqual({ [her.personId]: 1000 })
    write = () => Promise.reject(new Error('full'))
    expect(await knowledge.out(word(2000))).toBe(false)
    write = really
    knowledge.stop()
    await memory.settled()
  })
})
