import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { expectOrder } from '../../../../test/conformance/reader-source-contract.ts'
import type { ReaderEvent } from '../reader.ts'
import type { CardConnection, PcscBinding, ReaderNews } from './pcsc-binding.ts'
import { pcscCodes, PcscFault, stateBits } from './pcsc-codes.ts'
import { PcscLoop } from './pcsc-loop.ts'

const { changed, empty, present } = stateBits
const state = (bits: number, count: number) => (bits | changed | (count << 16)) >>> 0
const uid = Buffer.from('04a1b2c39000', 'hex')
const fault = (code: number) => new PcscFault('test', code)

/** A service whose every answer the test has written down; what it throws, it throws. */
class ScriptedService implements PcscBinding {
  names: string[] = ['R']
  readonly waits: (readonly ReaderNews[] | PcscFault)[] = []
  readonly connects: (Uint8Array | PcscFault)[] = []
  establishFails: PcscFault | undefined
  contexts = 0
  disconnects = 0
  asked: (readonly string[])[] = []

  establish(): number {
    if (this.establishFails !== undefined) throw this.establishFails
    this.contexts += 1
    return this.contexts
  }
  release(): void {
    this.contexts -= 1
  }
  listReaders(): readonly string[] {
    return this.names
  }
  wait(_context: number, _ms: number, states: readonly { name: string }[]): readonly ReaderNews[] {
    this.asked.push(states.map((one) => one.name))
    const next = this.waits.shift()
    if (next instanceof PcscFault) throw next
    return next ?? []
  }
  connect(): CardConnection {
    const next = this.connects.shift() ?? uid
    if (next instanceof PcscFault && next.code !== pcscCodes.resetCard) throw next
    return {
      transmit: () => {
        if (next instanceof PcscFault) throw next
        return next
      },
      disconnect: () => {
        this.disconnects += 1
        throw fault(pcscCodes.removedCard)
      },
    }
  }
}

describe('the PC/SC loop', () => {
  let service: ScriptedService
  let events: ReaderEvent[]
  let sleeps: number[]

  /** Runs until the script is used up and `rounds` more rounds have gone by. */
  async function run(rounds = 2, options: { endsWithReaders?: boolean } = {}): Promise<string[]> {
    let left = rounds
    const loop = new PcscLoop({
      binding: service,
      layout: { tellsOfReaders: true, counts: true, endsWithReaders: false, ...options },
      ignoredNames: ['Virtual'],
      emit: (event) => events.push(event),
      monoMs: () => 7,
      sleep: (ms) => {
        sleeps.push(ms)
        return Promise.resolve()
      },
      isStopped: () => service.waits.length === 0 && (left -= 1) < 0,
    })
    await loop.run()
    expectOrder(events)
    return events.filter((event) => event.kind !== 'alive').map((event) => event.kind)
  }

  beforeEach(() => {
    service = new ScriptedService()
    events = []
    sleeps = []
  })

  it('reads a card that comes and tells when it goes', async () => {
    service.waits.push(
      [{ name: 'R', state: state(empty, 0) }],
      [{ name: 'R', state: state(present, 1) }],
      [{ name: 'R', state: state(empty, 2) }],
    )
    expect(await run()).toEqual(['source-up', 'reader-up', 'card-seen', 'card-gone'])
    expect(service.disconnects).toBe(1)
    expect(service.contexts).toBe(0)
  })

  it('counts a card as gone when the service is', async () => {
    service.waits.push([{ name: 'R', state: state(present, 1) }], fault(pcscCodes.noService), [
      { name: 'R', state: state(present, 1) },
    ])
    expect(await run()).toEqual([
      'source-up',
      'reader-up',
      'card-seen',
      'card-gone',
      'reader-down',
      'source-down',
      'source-up',
      'reader-up',
      'card-seen',
    ])
    expect(events.filter((event) => event.kind === 'card-seen').map((one) => one.fresh)).toEqual([
      false,
      false,
    ])
  })

  it('says once that the service is away, and asks less and less often', async () => {
    service.establishFails = fault(pcscCodes.noService)
    expect(await run(6)).toEqual(['source-down'])
    expect(sleeps).toEqual([250, 500, 1000, 2000, 2000, 2000])
  })

  it('knows that Windows ends its service with the last reader', async () => {
    service.waits.push([{ name: 'R', state: state(empty, 0) }], fault(pcscCodes.serviceStopped))
    service.names = ['R']
    await run(1, { endsWithReaders: true })
    expect(events.some((event) => event.kind === 'source-down')).toBe(false)
    expect(events.find((event) => event.kind === 'reader-down')?.reason).toBe('unplugged')
  })

  it('tells a card that was torn away while it was read, and none that was there', async () => {
    service.connects.push(fault(pcscCodes.removedCard))
    service.waits.push(
      [{ name: 'R', state: state(empty, 0) }],
      [{ name: 'R', state: state(present, 1) }],
      [{ name: 'R', state: state(empty, 2) }],
    )
    expect(await run()).toEqual(['source-up', 'reader-up', 'card-refused'])
    expect(events.find((event) => event.kind === 'card-refused')?.code).toBe('card-torn')
  })

  it('connects once more to a card that somebody reset', async () => {
    service.connects.push(fault(pcscCodes.resetCard), uid)
    service.waits.push([{ name: 'R', state: state(present, 1) }])
    expect(await run()).toEqual(['source-up', 'reader-up', 'card-seen'])
  })

  it('gives up a card that is reset again and again', async () => {
    service.connects.push(...Array.from({ length: 20 }, () => fault(pcscCodes.resetCard)))
    service.waits.push(
      ...Array.from({ length: 8 }, () => [{ name: 'R', state: state(present, 1) }]),
    )
    expect(await run()).toEqual(['source-up', 'reader-up', 'card-refused'])
    expect(service.connects).toHaveLength(8)
  })

  it('tries again a card that another program holds for a moment', async () => {
    const held = fault(pcscCodes.sharingViolation)
    service.connects.push(held, held, uid)
    const there = [{ name: 'R', state: state(present, 1) }]
    service.waits.push(there, there, there, there)
    expect(await run()).toEqual(['source-up', 'reader-up', 'card-seen'])
  })

  it('refuses a card once, however often it was tried', async () => {
    service.connects.push(...Array.from({ length: 20 }, () => fault(pcscCodes.sharingViolation)))
    service.waits.push(
      ...Array.from({ length: 12 }, () => [{ name: 'R', state: state(present, 1) }]),
      [{ name: 'R', state: state(empty, 2) }],
    )
    expect(await run()).toEqual(['source-up', 'reader-up', 'card-refused'])
    expect(events.find((event) => event.kind === 'card-refused')?.code).toBe('card-busy')
    expect(service.connects).toHaveLength(14)
  })

  it('reads another card that took the place of one that could not be read', async () => {
    service.connects.push(fault(pcscCodes.removedCard), uid)
    const there = [{ name: 'R', state: state(present, 1) }]
    service.waits.push(there, there)
    expect(await run()).toEqual(['source-up', 'reader-up', 'card-seen'])
  })

  it('refuses a card that could not be read before it goes down with its reader', async () => {
    service.connects.push(fault(pcscCodes.removedCard))
    service.waits.push([{ name: 'R', state: state(present, 1) }], fault(pcscCodes.noService))
    expect((await run(0)).slice(0, 5)).toEqual([
      'source-up',
      'reader-up',
      'card-refused',
      'reader-down',
      'source-down',
    ])
  })

  it('drops everything when the service ends in the middle of a read', async () => {
    service.connects.push(fault(pcscCodes.noService))
    service.waits.push([{ name: 'R', state: state(present, 1) }])
    const told = await run(0)
    expect(told.slice(0, 4)).toEqual(['source-up', 'reader-up', 'reader-down', 'source-down'])
  })

  it('lists again when a reader went between the list and the wait', async () => {
    service.waits.push([{ name: 'R', state: state(present, 1) }], fault(pcscCodes.unknownReader))
    await run(0)
    expect(events.some((event) => event.kind === 'source-down')).toBe(false)
  })

  it('leaves ignored readers alone and asks for no more than pcsc-lite takes', async () => {
    service.names = ['Windows Virtual 1', ...Array.from({ length: 20 }, (_, n) => `R${String(n)}`)]
    await run(1)
    expect(service.asked[0]).toHaveLength(16)
    expect(service.asked[0]).not.toContain('Windows Virtual 1')
  })

  it('keeps its promises whatever the service does, and gives each card one outcome', async () => {
    const codes = Object.values(pcscCodes)
    const wait = fc.oneof(
      { weight: 8, arbitrary: fc.record({ moves: fc.nat(4), bits: fc.nat(0x3ff) }) },
      { weight: 1, arbitrary: fc.constantFrom(...codes) },
    )
    const read = fc.oneof(
      { weight: 4, arbitrary: fc.constant(uid) },
      { weight: 2, arbitrary: fc.uint8Array({ maxLength: 12 }) },
      { weight: 2, arbitrary: fc.constantFrom(...codes) },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(wait, { maxLength: 40 }),
        fc.array(read, { maxLength: 40 }),
        async (waits, reads) => {
          service = new ScriptedService()
          events = []
          let moves = 0
          for (const one of waits) {
            if (typeof one === 'number') {
              service.waits.push(fault(one))
              continue
            }
            moves += one.moves
            // Mostly what a service says, now and then nonsense.
            const bits = one.bits % 4 === 0 ? one.bits : moves % 2 === 1 ? present : empty
            service.waits.push([{ name: 'R', state: state(bits, moves & 0xffff) }])
          }
          service.connects.push(...reads.map((one) => (typeof one === 'number' ? fault(one) : one)))
          await run(1)
          expect(service.contexts).toBe(0)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('does not hide a fault of its own', async () => {
    service.listReaders = () => {
      throw new TypeError('ours')
    }
    await expect(run()).rejects.toThrow('ours')
  })
})
