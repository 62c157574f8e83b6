// PC/SC as it is: the system's pcscd and libpcsclite, our worker, and virtual cards. Nothing of
// ours is faked. Needs pcscd, vsmartcard-vpcd and a C compiler.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  expectOrder,
  readerSourceContract,
} from '../../../test/conformance/reader-source-contract.ts'
import { tapFromAnotherThread } from '../../../test/kit/card-hand.ts'
import { PrivatePcscd } from '../../../test/kit/pcscd/private-pcscd.ts'
import { realClock } from '../../../test/kit/real-clock.ts'
import { VirtualCard } from '../../../test/kit/virtual-card.ts'
import { listReaders } from './list-readers.ts'
import type { ReaderEvent, ReaderSource } from './reader.ts'
import type { ReaderStatus } from './reader-status.ts'
import { watchReaders } from './watch.ts'
import { pcscSource } from './pcsc/pcsc-source.ts'

const uids = { one: '04a1b2c3d4e5f6', other: '04782e21801d80', bad: '08112233' }
const uidOf = (n: number) => `04${n.toString(16).padStart(12, '0')}`

async function until(holds: () => boolean, what: string, withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`)
    await sleep(2)
  }
}

describe.runIf(process.env['WARDKEY_HAS_PCSCD'] === '1')('PC/SC on a real pcscd', () => {
  let pcscd: PrivatePcscd
  beforeAll(async () => {
    pcscd = await PrivatePcscd.prepare()
  })
  afterAll(() => pcscd.dispose())

  readerSourceContract('PC/SC', async () => {
    await pcscd.start()
    let card: VirtualCard | undefined
    return {
      source: pcscSource({ clock: realClock }),
      until,
      place: async (which) => {
        card = new VirtualCard({ uid: uids[which], port: pcscd.port(0) })
        await card.insert()
      },
      // A hand takes longer than a poll of the service; without that nobody sees one card go and
      // the next come.
      remove: async () => {
        await card?.remove()
        await sleep(40)
      },
      unplug: () => pcscd.signal('SIGKILL'),
      plug: async () => {
        await card?.remove()
        await pcscd.start()
      },
      dispose: async () => {
        await card?.remove()
        await pcscd.signal('SIGKILL')
      },
      canonical: { one: uids.one, other: uids.other },
      badCode: 'card-uid-random',
    }
  })

  describe('a source', () => {
    let source: ReaderSource
    let events: ReaderEvent[]
    const seen = () =>
      events.flatMap((event) => (event.kind === 'card-seen' ? [event.card.canonical] : []))
    const count = (kind: ReaderEvent['kind']) => events.filter((one) => one.kind === kind).length
    const readersUp = () => until(() => count('reader-up') === 2, 'both slots up')

    beforeEach(() => {
      events = []
      source = pcscSource({ clock: realClock })
      source.start((event) => events.push(event))
    })
    afterEach(async () => {
      await source.stop()
      await pcscd.signal('SIGKILL')
      expectOrder(events)
    })

    it('waits for a service that is not there yet', async () => {
      await until(() => count('source-down') === 1, 'the service missed')
      await pcscd.start()
      await readersUp()
      const card = new VirtualCard({ uid: uids.one, port: pcscd.port(1) })
      await card.insert()
      await until(() => seen().length === 1, 'the card seen')
      await card.remove()
      await until(() => count('card-gone') === 1, 'the card gone')
    })

    it('goes on after an orderly restart of the service', async () => {
      await pcscd.start()
      await readersUp()
      for (let restart = 1; restart <= 3; restart += 1) {
        await pcscd.signal('SIGTERM')
        await until(() => count('reader-down') === restart * 2, 'both readers down')
        await pcscd.start()
        await until(() => count('reader-up') === restart * 2 + 2, 'both readers up again')
      }
      const card = new VirtualCard({ uid: uids.one, port: pcscd.port(0) })
      await card.insert()
      await until(() => seen().length === 1, 'the card seen')
      await card.remove()
    })

    it('counts a card as gone when the service is killed under it', async () => {
      await pcscd.start()
      await readersUp()
      const card = new VirtualCard({ uid: uids.one, port: pcscd.port(0) })
      await card.insert()
      await until(() => seen().length === 1, 'the card seen')
      const killedAtMs = performance.now()
      await pcscd.signal('SIGKILL')
      await until(() => count('source-down') === 1, 'the service missed')
      expect(count('card-gone')).toBe(1)
      const gone = events.find((event) => event.kind === 'card-gone')
      expect((gone?.atMonoMs ?? Infinity) - killedAtMs).toBeLessThan(1000)
      await card.remove()
    })

    it('makes no card of one that is pulled away while it is read', async () => {
      await pcscd.start()
      await readersUp()
      for (let tear = 1; tear <= 8; tear += 1) {
        const card = new VirtualCard({
          uid: uids.one,
          port: pcscd.port(0),
          answer: () => 'tear',
        })
        await card.insert()
        await until(() => count('card-refused') === tear, 'a refusal')
        await card.remove()
        await sleep(40)
      }
      expect(seen()).toEqual([])
      const card = new VirtualCard({ uid: uids.one, port: pcscd.port(0) })
      await card.insert()
      await until(() => seen().length === 1, 'the good card seen')
      await card.remove()
      const codes = events.flatMap((event) => (event.kind === 'card-refused' ? [event.code] : []))
      expect(new Set(codes)).toEqual(new Set(['card-torn']))
    })

    it.each([
      ['9000', 'card-torn'],
      ['04a19000', 'card-uid-not-valid'],
      ['6a81', 'card-no-uid'],
      ['6300', 'card-unreadable'],
    ])('refuses a card that answers %s as %s', async (answer, code) => {
      await pcscd.start()
      await readersUp()
      const bytes = Buffer.from(answer, 'hex')
      const card = new VirtualCard({ uid: uids.one, port: pcscd.port(0), answer: () => bytes })
      await card.insert()
      await until(() => count('card-refused') === 1, 'a refusal')
      await card.remove()
      expect(events.find((event) => event.kind === 'card-refused')?.code).toBe(code)
      expect(seen()).toEqual([])
    })

    it('hears two readers at once', async () => {
      await pcscd.start()
      await readersUp()
      const left = new VirtualCard({ uid: uids.one, port: pcscd.port(0) })
      const right = new VirtualCard({ uid: uids.other, port: pcscd.port(1) })
      await Promise.all([left.insert(), right.insert()])
      await until(() => seen().length === 2, 'both cards seen')
      await Promise.all([left.remove(), right.remove()])
      await until(() => count('card-gone') === 2, 'both cards gone')
      expect(seen().toSorted()).toEqual([uids.other, uids.one].toSorted())
    })

    it('loses no tap while the main loop is blocked, and knows when each was', async () => {
      await pcscd.start()
      await readersUp()
      const expected = Array.from({ length: 10 }, (_, n) => uidOf(n + 1))
      const tapping = tapFromAnotherThread({
        port: pcscd.port(0),
        uids: expected,
        holdMs: 70,
        pauseMs: 60,
      })
      await until(() => seen().length === 1, 'the first tap')
      const blockedFromMs = performance.now()
      while (performance.now() - blockedFromMs < 1500);
      const blockedToMs = performance.now()
      await tapping
      await until(() => count('card-gone') === 10, 'all taps')
      expect(seen()).toEqual(expected)
      const during = events.filter(
        (event) =>
          event.kind === 'card-seen' &&
          event.atMonoMs > blockedFromMs &&
          event.atMonoMs < blockedToMs,
      )
      expect(during.length).toBeGreaterThanOrEqual(8)
    })

    it('tells 1,000 taps, each of its own card, in their order, and grows by nothing', async () => {
      await pcscd.start()
      await readersUp()
      const expected = Array.from({ length: 1000 }, (_, n) => uidOf(n + 1))
      const rssMb: number[] = []
      for (const [done, uid] of expected.entries()) {
        const card = new VirtualCard({ uid, port: pcscd.port(0) })
        await card.insert()
        await until(() => seen().length === done + 1, `tap ${String(done + 1)} seen`)
        await card.remove()
        await until(() => count('card-gone') === done + 1, `tap ${String(done + 1)} gone`)
        if (done % 100 === 99) rssMb.push(process.memoryUsage.rss() / 2 ** 20)
      }
      expect(seen()).toEqual(expected)
      const [, warm = 0] = rssMb
      expect((rssMb.at(-1) ?? Infinity) - warm).toBeLessThan(8)
    }, 60_000)
  })

  it('says stuck while the service hangs, and sees the card that waited through it', async () => {
    await pcscd.start()
    const events: ReaderEvent[] = []
    const statuses: ReaderStatus[] = []
    const watch = watchReaders({
      sources: [pcscSource({ clock: realClock })],
      clock: realClock,
      patienceMs: 1500,
      onEvent: (event) => events.push(event),
      onStatus: (status) => statuses.push(status),
    })
    try {
      await until(() => watch.status().kind === 'ready', 'ready')
      await pcscd.signal('SIGSTOP')
      await until(() => watch.status().kind === 'stuck', 'stuck')
      const card = new VirtualCard({ uid: uids.one, port: pcscd.port(0) })
      await card.insert()
      await pcscd.signal('SIGCONT')
      await until(() => watch.status().kind === 'ready', 'ready again')
      await until(() => events.some((event) => event.kind === 'card-seen'), 'the card seen')
      await card.remove()
      expect(statuses.map((status) => status.code)).toEqual([
        'reader-ready',
        'reader-stuck',
        'reader-ready',
      ])
    } finally {
      await watch.stop()
      await pcscd.signal('SIGKILL')
    }
  }, 30_000)

  it('lists its readers for a person who asks', async () => {
    await pcscd.start()
    const card = new VirtualCard({ uid: uids.one, port: pcscd.port(1) })
    await card.insert()
    const [listed] = await listReaders([pcscSource({ clock: realClock })], realClock, 800)
    expect(listed?.down).toBeUndefined()
    expect(listed?.readers.map((reader) => [reader.readerName, reader.cardThere])).toEqual([
      [`${pcscd.readerName} 00 00`, false],
      [`${pcscd.readerName} 00 01`, true],
    ])
    await card.remove()
    await pcscd.signal('SIGTERM')
    const [stopped] = await listReaders([pcscSource({ clock: realClock })], realClock, 800)
    expect(stopped).toEqual({ kind: 'pcsc', down: 'service-stopped', readers: [] })
  })
})
