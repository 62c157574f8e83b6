// What every reader source promises, whatever stands behind it. The same suite runs against the
// simulated reader, a faked rf IDEAS reader, and PC/SC on a real pcscd.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CardRefusalCode } from '../../agent/src/readers/card-identity.ts'
import type { ReaderEvent, ReaderSource } from '../../agent/src/readers/reader.ts'

/** One source with one reader, and hands to move cards with. */
export interface ReaderRig {
  readonly source: ReaderSource
  /** Lets time go by until it holds; throws if it never does. */
  until(holds: () => boolean, what: string): Promise<void>
  place(card: 'one' | 'other' | 'bad'): Promise<void>
  remove(): Promise<void>
  /** Takes the reader away, or the service behind it. */
  unplug(): Promise<void>
  plug(): Promise<void>
  dispose(): Promise<void>
  readonly canonical: { readonly one: string; readonly other: string }
  /** What the bad card is refused with. */
  readonly badCode: CardRefusalCode
}

export function readerSourceContract(name: string, makeRig: () => Promise<ReaderRig>): void {
  describe(`${name} keeps the promises of a reader source`, () => {
    let rig: ReaderRig
    let events: ReaderEvent[]
    const count = (kind: ReaderEvent['kind']) => events.filter((one) => one.kind === kind).length
    const heard = (kind: ReaderEvent['kind'], times: number) =>
      rig.until(() => count(kind) >= times, `${kind} ${String(times)} times`)
    const story = () =>
      events.filter((one) => one.kind !== 'alive').map((one) => one.kind.replace('card-', ''))

    beforeEach(async () => {
      rig = await makeRig()
      events = []
      rig.source.start((event) => events.push(event))
      await heard('reader-up', 1)
    })
    afterEach(async () => {
      await rig.source.stop()
      await rig.dispose()
    })

    it('says that it is up, then names its reader, before anything else', () => {
      expect(story()[0]).toBe('source-up')
      expect(story()[1]).toBe('reader-up')
    })

    it('tells a card with its canonical identity, and that it went', async () => {
      await rig.place('one')
      await heard('card-seen', 1)
      await rig.remove()
      await heard('card-gone', 1)
      const seen = events.find((event) => event.kind === 'card-seen')
      expect(seen?.card.canonical).toBe(rig.canonical.one)
      expect(seen?.fresh).toBe(true)
      expect(seen?.atMonoMs).toBeGreaterThan(0)
    })

    it('tells two cards, one right after the other, both', async () => {
      await rig.place('one')
      await heard('card-seen', 1)
      await rig.remove()
      await rig.place('other')
      await heard('card-seen', 2)
      const cards = events.flatMap((one) => (one.kind === 'card-seen' ? [one.card.canonical] : []))
      expect(cards).toEqual([rig.canonical.one, rig.canonical.other])
      expect(events.findIndex((one) => one.kind === 'card-gone')).toBeLessThan(
        events.findLastIndex((one) => one.kind === 'card-seen'),
      )
    })

    it('tells a card that stays once', async () => {
      await rig.place('one')
      await heard('card-seen', 1)
      const alive = count('alive')
      await heard('alive', alive + 2)
      expect(count('card-seen')).toBe(1)
    })

    it('refuses a bad card with its code and never says that it was there', async () => {
      await rig.place('bad')
      await heard('card-refused', 1)
      await rig.remove()
      await rig.place('one')
      await heard('card-seen', 1)
      const refusal = events.find((event) => event.kind === 'card-refused')
      expect(refusal?.code).toBe(rig.badCode)
      expect(count('card-gone')).toBe(0)
    })

    it('tells that a card is gone before its reader is', async () => {
      await rig.place('one')
      await heard('card-seen', 1)
      await rig.unplug()
      await heard('reader-down', 1)
      expect(story().indexOf('gone')).toBeLessThan(story().indexOf('reader-down'))
      expect(story().indexOf('gone')).toBeGreaterThan(0)
    })

    it('finds its reader again', async () => {
      await rig.unplug()
      await heard('reader-down', 1)
      await rig.plug()
      const last = (kind: ReaderEvent['kind']) => events.findLastIndex((one) => one.kind === kind)
      await rig.until(() => last('reader-up') > last('reader-down'), 'reader-up again')
      await rig.place('one')
      await heard('card-seen', 1)
    })

    it('keeps saying that it lives', async () => {
      const alive = count('alive')
      await heard('alive', alive + 2)
    })

    it('says nothing once it was stopped, and may be stopped twice', async () => {
      await rig.place('one')
      await heard('card-seen', 1)
      await rig.source.stop()
      const before = events.length
      await rig.remove()
      await rig.source.stop()
      expect(events.length).toBe(before)
    })

    it('lets seen and gone take turns, between up and down, for each reader', async () => {
      for (const card of ['one', 'other', 'bad', 'one'] as const) {
        const told = () => count('card-seen') + count('card-refused')
        const before = told()
        await rig.place(card)
        await rig.until(() => told() > before, 'the card told')
        await rig.remove()
      }
      await rig.unplug()
      await heard('reader-down', 1)
      expectOrder(events)
    })
  })
}

/** Throws unless every reader's events are in an order that its promises allow. */
export function expectOrder(events: readonly ReaderEvent[]): void {
  const readers = new Map<string, 'empty' | 'card'>()
  for (const event of events) {
    if (!('readerId' in event)) continue
    const state = readers.get(event.readerId)
    switch (event.kind) {
      case 'reader-up':
        expect(state, 'up twice').toBeUndefined()
        readers.set(event.readerId, 'empty')
        break
      case 'card-seen':
        expect(state, 'seen on an empty reader').toBe('empty')
        readers.set(event.readerId, 'card')
        break
      case 'card-gone':
        expect(state, 'gone from where a card was').toBe('card')
        readers.set(event.readerId, 'empty')
        break
      case 'card-refused':
        expect(state, 'refused on an empty reader').toBe('empty')
        break
      case 'reader-down':
        expect(state, 'down without a card').toBe('empty')
        readers.delete(event.readerId)
    }
  }
}
