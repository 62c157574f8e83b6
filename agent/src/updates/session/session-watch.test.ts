// The shell around what comes next, with a clock moved by hand and a folder that is real: somebody
// who comes, a broker that is silent, a start in the middle of it, and a folder that is not there.

import { randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  UpdateAnswer,
  UpdateHeard,
  UpdateRequest,
} from '@wardkey/protocol/workstation/updates/update-exchange'
import { HandClock } from '../../../../test/kit/hand-clock.ts'
import { newReleaseSigner, plainManifest, signed } from '../../../../test/kit/release.ts'
import { initialState } from '../../machine/initial.ts'
import type { State } from '../../machine/state.ts'
import { ownDisk } from '../../platform/disk.ts'
import { handOverPlaces, laySaid, readSaid } from '../hand-over/hand-over-places.ts'
import type { UpdateTold } from '../hand-over/hand-over-words.ts'
import { sessionWaits } from '../hand-over/session-waits.ts'
import type { WaitWord } from '../hand-over/session-waits.ts'
import { SessionBook } from './session-book.ts'
import { SessionWatch } from './session-watch.ts'
import type { SessionWatchNeeds } from './session-watch.ts'

const signer = newReleaseSigner()
const sha256 = 'a'.repeat(64)
const name = `${sha256}-wardkey-agent_1.2.0_amd64.deb`
const about = { number: 7, from: '1.1.0', to: '1.2.0' } as const
const minute = 60_000
const offer: UpdateAnswer = {
  kind: 'offer',
  manifests: [signed(plainManifest({ number: 7 }), signer)],
  againMs: 10 * minute,
}
const idle = initialState('')
const inUse: State = { ...idle, inPlace: { technology: 'csn', canonical: '04a1b2c3d4e580' } }

let scratch: string
let clock: HandClock
let state: State
let asked: UpdateRequest[]
let answers: Record<UpdateRequest['kind'], UpdateHeard | undefined>
let logged: string[]
let replaced: number
let watch: SessionWatch | undefined
beforeEach(() => {
  scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-watch-'))
  clock = new HandClock()
  state = idle
  asked = []
  const noted = { kind: 'noted' } as const
  answers = { ask: offer, begin: { kind: 'go', number: 7 }, 'not-begun': noted, ended: noted }
  logged = []
  replaced = 0
})
afterEach(async () => {
  await watch?.stop()
  fs.rmSync(scratch, { recursive: true })
})

const places = () => handOverPlaces(join(scratch, 'updates'))
const isOrdered = () => fs.existsSync(places().order)
const tell = (change: Partial<UpdateTold> = {}): Promise<void> => {
  const told = { version: 1, installed: '1.1.0', ready: 'ready', ...change }
  return laySaid(places().told, { ...told, atMs: clock.wallMs() }, true)
}
async function begin(change: Partial<SessionWatchNeeds> = {}): Promise<SessionWatch> {
  const note = (event: string, fields: object): void => {
    logged.push(`${event} ${JSON.stringify(fields)}`)
  }
  const begun = new SessionWatch({
    places: places(),
    book: await SessionBook.open(join(scratch, 'data'), signer.text, ownDisk),
    broker: {
      ask: (request) => {
        asked.push(request)
        return Promise.resolve(answers[request.kind])
      },
      read: () => Promise.reject(new Error('read')),
    },
    fetch: () => Promise.resolve({ kind: 'here', path: join(places().packages, name) }),
    here: { target: 'linux-x64', running: '1.1.0' },
    run: randomUUID(),
    state: () => state,
    everyMs: 60 * minute,
    clock,
    random: () => 0.5,
    log: { info: note, warn: note, error: note },
    onReplaced: () => {
      replaced += 1
    },
    ...change,
  })
  watch = begun
  begun.start()
  return begun
}
/** A file is written between one turn of the process and the next: what waits for none of ours. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1000) {
    await clock.advance(Math.min(1000, left))
    await settled()
  }
}
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await fs.promises.stat(scratch)
  await clock.advance(0)
}
/** Disks take their own time, as long as they need; of the clock half a minute at the most. */
async function arrives(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 3000 && !what(); tries++) {
    await clock.advance(tries < 300 ? 100 : 0)
    await settled()
  }
  expect(what(), `${what.toString()} ${logged.join()}`).toBe(true)
}
async function ordered(change: Partial<SessionWatchNeeds> = {}): Promise<SessionWatch> {
  await tell()
  const begun = await begin(change)
  await pass(28_000)
  await tell()
  await arrives(isOrdered)
  return begun
}
const ofKind = (kind: UpdateRequest['kind']) => asked.filter((one) => one.kind === kind)

describe('an order', () => {
  it('is gone in the moment in which somebody comes, and asked for again later', async () => {
    const begun = await ordered()
    state = inUse
    const fromMs = clock.monoMs()
    begun.changed()
    await arrives(() => !isOrdered())
    // Not by the next look, which is two seconds away.
    expect(clock.monoMs() - fromMs).toBeLessThan(1900)
    expect(logged.at(-1)).toBe('update.order-over {"reason":"card-in-reader"}')
    state = idle
    begun.changed()
    await tell()
    await pass(30_000)
    expect([isOrdered(), ofKind('begin').length]).toEqual([false, 1])
    await tell()
    await pass(20_000)
    await tell()
    await arrives(() => isOrdered() && ofKind('begin').length === 2)
  })
  it('is gone when it ends, and one of a run before is at the start', async () => {
    const begun = await ordered()
    await begun.stop()
    expect(isOrdered()).toBe(false)
    await laySaid(places().order, {})
    state = inUse
    await begin()
    await arrives(() => !isOrdered())
  })
  it.each<[string, object | undefined]>([
    ['download-changed', { outcome: 'failed', flaw: 'hash' }],
    ['not-kept', undefined],
  ])('that is refused is over, and told where the release is to blame: %s', async (why, end) => {
    await ordered()
    await tell({ refused: { number: 7, why, atMs: clock.wallMs() } })
    await arrives(() => !isOrdered())
    await arrives(() => ofKind('ended').length === (end ? 1 : 0))
    await pass(6000)
    expect(ofKind('ended')).toEqual(end ? [expect.objectContaining(end)] : [])
    // No trial ended: there is nothing that the other part waits to have noted.
    expect(fs.existsSync(places().noted)).toBe(false)
  })
})

describe('a yes that is given up', () => {
  const keyOf = (kind: 'begin' | 'not-begun') => ofKind(kind).map((one) => 'key' in one && one.key)
  const isNoted = () => logged.includes('update.told {"kind":"not-begun"}')
  /** Asked of this one: the note of a watch before may be under way still. */
  const isTold = () => ofKind('not-begun').length > 0 && isNoted()
  it('is taken back once, under the key of its beginning, and before it asks again', async () => {
    const begun = await ordered()
    state = inUse
    begun.changed()
    await arrives(isTold)
    expect(isOrdered()).toBe(false)
    expect(ofKind('not-begun')).toMatchObject([
      { number: 7, running: '1.1.0', waits: 'card-in-reader' },
    ])
    expect(keyOf('not-begun')).toEqual(keyOf('begin'))
    await tell()
    await pass(10_000)
    state = idle
    await tell()
    await pass(40_000)
    await tell()
    await arrives(() => ofKind('begin').length === 2)
    expect(new Set(keyOf('begin')).size).toBe(2)
    expect(ofKind('not-begun')).toHaveLength(1)
  })
  it('is taken back when nobody took it up, and when nothing was changed', async () => {
    for (const isRefused of [false, true]) {
      ;[logged, asked] = [[], []]
      const begun = await ordered()
      const refused = { number: 7, why: 'in-use', atMs: clock.wallMs() }
      if (isRefused) await tell({ refused })
      for (let at = 0; at < 22 && !isRefused; at++) {
        await pass(30_000)
        await tell()
      }
      await arrives(isTold)
      expect(ofKind('not-begun')).toMatchObject([{ number: 7, waits: 'no-installer' }])
      expect(keyOf('not-begun')).toEqual(keyOf('begin'))
      await begun.stop()
    }
  })
  it('is taken back by the next run where it was killed, or no answer came', async () => {
    answers.begin = undefined
    await tell()
    const first = await begin()
    await pass(28_000)
    await tell()
    await arrives(() => ofKind('begin').length === 1)
    answers['not-begun'] = undefined
    await arrives(() => logged.includes('update.not-told {}'))
    await first.stop()
    answers['not-begun'] = { kind: 'noted' }
    // The order of a run before: what was told while it lay there says nothing yet.
    await laySaid(places().order, {})
    await tell()
    await begin()
    await arrives(isTold)
    expect(isOrdered()).toBe(false)
    expect(new Set([...keyOf('begin'), ...keyOf('not-begun')]).size).toBe(1)
    expect(ofKind('begin')).toHaveLength(1)
  })
  it('is left to the silence that a broker of before counts', async () => {
    answers['not-begun'] = { kind: 'not-understood' }
    const begun = await ordered()
    state = inUse
    begun.changed()
    await arrives(() => ofKind('not-begun').length === 1)
    for (let at = 0; at < 6; at++) {
      await pass(30_000)
      await tell()
    }
    expect(ofKind('not-begun')).toHaveLength(1)
    expect(ofKind('ask').length).toBeGreaterThan(1)
  })
  it('is not one that is on trial, nor one of whose end the release is to blame', async () => {
    const begun = await ordered()
    await tell({ trial: { step: 'on-trial', ...about, starts: 1 } })
    await arrives(() => !isOrdered())
    await pass(10_000)
    await tell()
    await pass(10_000)
    expect(ofKind('not-begun')).toEqual([])
    await begun.stop()
    await ordered()
    await tell({ refused: { number: 7, why: 'download-changed', atMs: clock.wallMs() } })
    await arrives(() => ofKind('ended').length === 1)
    await pass(10_000)
    expect(ofKind('not-begun')).toEqual([])
  })
})

describe('what it waits for', () => {
  const said = async () => (await readSaid(places().waits, sessionWaits))?.waits
  const says = async (word: WaitWord | undefined): Promise<void> => {
    let now = await said()
    for (let tries = 0; tries < 600 && now !== word; tries++) {
      await clock.advance(100)
      await settled()
      if (tries % 100 === 99) await tell()
      now = await said()
    }
    expect(now, logged.join()).toBe(word)
  }
  it('is laid down for whoever asks here: somebody, a broker’s reason, nothing while it orders', async () => {
    fs.mkdirSync(dirname(places().waits), { recursive: true })
    await tell()
    answers.ask = { kind: 'nothing', why: 'ring', againMs: 10_000 }
    const begun = await begin()
    await says('next-look')
    await says('ring')
    state = inUse
    await says('card-in-reader')
    state = idle
    await says('ring')
    answers.ask = undefined
    await says('not-answered')
    await begun.stop()
    expect(await said()).toBeUndefined()
    answers.ask = offer
    await tell()
    await begin()
    await says('next-look')
    await says(undefined)
    await arrives(isOrdered)
  })
  it('is said anew each minute, and no more often', async () => {
    fs.mkdirSync(dirname(places().waits), { recursive: true })
    state = inUse
    await tell()
    await begin()
    await says('card-in-reader')
    const atMs = async () => (await readSaid(places().waits, sessionWaits))?.atMs ?? 0
    const first = await atMs()
    await pass(50_000)
    expect(await atMs()).toBe(first)
    await pass(20_000)
    expect(await atMs()).toBeGreaterThan(first)
  })
  it('makes no folder for it', async () => {
    await tell()
    await begin()
    await pass(20_000)
    expect(fs.existsSync(dirname(places().waits))).toBe(false)
  })
})

describe('how it ended', () => {
  const trial = { step: 'ended', ...about, outcome: 'failed', flaw: 'installer' } as const
  it('is told until a broker answers, and then no more', async () => {
    answers.ended = undefined
    await tell({ trial })
    await begin()
    await arrives(() => logged.includes('update.not-told {}'))
    await pass(20_000)
    expect(ofKind('ended')).toHaveLength(1)
    answers.ended = { kind: 'noted' }
    await tell({ trial })
    await pass(30_000)
    await tell({ trial })
    await arrives(() => fs.existsSync(places().noted))
    await tell({ trial })
    await pass(30_000)
    expect([ofKind('ended').length, ofKind('ask').length]).toEqual([2, 0])
  })
  it('is not told again after a start, and its note goes when it was read', async () => {
    await laySaid(places().noted, { version: 1, number: 7, outcome: 'failed' })
    await tell({ trial })
    await begin()
    await pass(20_000)
    expect([ofKind('ended'), fs.existsSync(places().noted)]).toEqual([[], true])
    await tell()
    await arrives(() => !fs.existsSync(places().noted))
  })
})

describe('on trial', () => {
  const trial = { step: 'on-trial', ...about, starts: 1 } as const
  const signs = () => JSON.parse(fs.readFileSync(places().signs, 'utf8')) as object
  const isSigned = (): boolean => fs.existsSync(places().signs)
  const isProbed = (): boolean => isSigned() && JSON.stringify(signs()).includes('Answered":true')
  it('it signs what it sees, and asks for a probe until one was answered', async () => {
    state = { ...idle, surroundings: { ...idle.surroundings, reader: 'ready', link: 'up' } }
    const probes = [false, true]
    let asks = 0
    await tell({ trial, installed: '1.2.0' })
    const here = { target: 'linux-x64', running: '1.2.0' } as const
    await begin({ here, probe: () => Promise.resolve(probes[asks++] ?? false) })
    await arrives(isSigned)
    const up = { release: '1.2.0', isReaderUp: true, isLinkUp: true }
    expect(signs()).toMatchObject({ ...up, isProbeAnswered: false })
    await tell({ trial, installed: '1.2.0' })
    await arrives(isProbed)
    expect([signs(), asks]).toMatchObject([{ ...up, isProbeAnswered: true }, 2])
  })
  it('it says that none was answered where none can be asked, or its asking fails', async () => {
    state = { ...idle, surroundings: { ...idle.surroundings, link: 'up' } }
    for (const probe of [undefined, () => Promise.reject(new Error('no line'))]) {
      await tell({ trial, installed: '1.2.0' })
      const begun = await begin({ probe, here: { target: 'linux-x64', running: '1.2.0' } })
      await arrives(isSigned)
      await pass(20_000)
      expect(signs()).toMatchObject({ isReaderUp: false, isProbeAnswered: false })
      await begun.stop()
    }
  })
})

describe('another release', () => {
  it('is made room for once, while nobody is there', async () => {
    state = inUse
    await tell({ installed: '1.2.0' })
    await begin()
    await pass(30_000)
    expect(replaced).toBe(0)
    state = idle
    await tell({ installed: '1.2.0' })
    await arrives(() => replaced > 0)
    await pass(20_000)
    expect(replaced).toBe(1)
  })
  it('is made room for five times, and then somebody has to look', async () => {
    const gaveUp = () => logged.filter((line) => line.startsWith('update.not-begun')).length
    for (let start = 1; start <= 6; start++) {
      await tell({ installed: '1.2.0' })
      const begun = await begin()
      await arrives(() => replaced === start || gaveUp() === 1)
      await begun.stop()
    }
    expect([replaced, gaveUp()]).toEqual([5, 1])
  })
})

it('goes on where its folder cannot be written', async () => {
  fs.writeFileSync(join(scratch, 'updates'), 'a file')
  await begin()
  await arrives(() => logged.includes('updates.failed {"reason":"ENOTDIR"}'))
  await pass(2 * minute)
  expect([asked, isOrdered(), replaced]).toEqual([[], false, 0])
  expect(logged.length).toBeLessThan(7)
  expect(await watch?.stop()).toBeUndefined()
})
