// One look for a new release: far more ways to wait than to begin.

import { describe, expect, it } from 'vitest'
import type {
  UpdateAnswer,
  UpdateHeard,
  UpdateRequest,
} from '@wardkey/protocol/workstation/updates/update-exchange'
import { newReleaseSigner, plainManifest, signed } from '../../../../test/kit/release.ts'
import type { WaitsHere } from '../waits-here.ts'
import { lookForUpdate, spreadMs } from './look-for-update.ts'
import type { LocalWait, LookNeeds } from './look-for-update.ts'

const signer = newReleaseSigner()
const here = { target: 'linux-x64', running: '1.1.0' } as const
const minute = 60_000
const offer = (change: Parameters<typeof plainManifest>[0] = {}, by = signer): UpdateAnswer => ({
  kind: 'offer',
  manifests: [signed(plainManifest({ number: 7, ...change }), by)],
  againMs: 10 * minute,
})
const go: UpdateAnswer = { kind: 'go', number: 7 }

const key = '0b6f6a52-5d0a-4c0e-9d55-6f1b1a3f2c10'

function bed(answers: readonly (UpdateHeard | undefined)[], change: Partial<LookNeeds> = {}) {
  const left = [...answers]
  const asked: UpdateRequest[] = []
  const begun: string[] = []
  const kept: (object | undefined)[] = []
  const said: string[] = []
  const note = (event: string, fields: object): void => {
    said.push(`${event} ${JSON.stringify(fields)}`)
  }
  let trust = { keys: [signer.text] } as ReturnType<LookNeeds['trust']>
  const needs: LookNeeds = {
    broker: {
      ask: (request) => {
        asked.push(request)
        if (request.kind === 'begin' && request.key) expect(kept.at(-1)).toBeDefined()
        return Promise.resolve(left.shift())
      },
    },
    installer: { prepare: () => Promise.resolve({ kind: 'ready' }) },
    trust: () => trust,
    keepTrust: (next) => {
      trust = next
      return Promise.resolve()
    },
    here,
    waitsHere: () => undefined,
    fetch: () => Promise.resolve({ kind: 'here', path: '/fetched.deb' }),
    begin: (release, { path }) => {
      begun.push(`${release.manifest.release} ${path}`)
      return Promise.resolve()
    },
    newKey: () => key,
    keepAsked: (one) => {
      kept.push(one)
      return Promise.resolve()
    },
    nowMs: () => 1000,
    everyMs: 60 * minute,
    log: { info: note, warn: note, error: note },
    ...change,
  }
  const look = (waits?: LocalWait) => lookForUpdate(waits, needs)
  return { look, asked, begun, kept, said, seen: () => trust.seen?.number }
}

describe('a look', () => {
  it('begins where everything is here, nobody is, and the broker says yes', async () => {
    const { look, asked, begun, seen } = bed([offer(), go])
    await look()
    expect(begun).toEqual(['1.2.0 /fetched.deb'])
    expect(asked).toEqual([
      { kind: 'ask', ...here, seen: 0 },
      { kind: 'begin', ...here, seen: 7, number: 7, key },
    ])
    expect(seen()).toBe(7)
  })
  it('comes again when the broker said, or in an hour where none did', async () => {
    const nothing = { kind: 'nothing', why: 'ring', againMs: 5 * minute } as const
    expect(await bed([nothing]).look()).toEqual({ againMs: 5 * minute, word: 'ring' })
    const unheard = { againMs: 60 * minute, word: 'not-answered' }
    expect(await bed([undefined]).look()).toEqual(unheard)
    const wait = { kind: 'wait', why: 'pace', againMs: 3 * minute } as const
    expect(await bed([offer(), wait]).look()).toEqual({ againMs: 3 * minute, word: 'pace' })
  })
  it.each<[string, UpdateAnswer]>([
    ['update-not-signed', offer({}, newReleaseSigner())],
    ['update-expired', offer({ expiresMs: 900 })],
    ['update-not-newer', offer({ release: '1.1.0' })],
    [
      'update-too-far',
      offer({ files: plainManifest().files.map((one) => ({ ...one, over: '1.1.1' })) }),
    ],
    [
      'update-not-for-this',
      offer({
        files: plainManifest().files.map((one) => ({ ...one, target: 'win32-x64', name: 'a.msi' })),
      }),
    ],
  ])('fetches nothing that is refused: %s', async (code, answer) => {
    const fetch = () => Promise.reject(new Error('fetched'))
    const { look, begun, said, seen } = bed([answer, go], { fetch })
    expect(await look()).toEqual({ againMs: 10 * minute, word: 'not-believed' })
    expect([begun, seen()]).toEqual([[], undefined])
    expect(said).toEqual([`update.refused {"code":"${code}"}`])
  })
  it('goes behind no number that it saw', async () => {
    const { look, said } = bed([
      { ...offer(), why: 'window' } as UpdateAnswer,
      offer({ number: 6 }),
    ])
    await look()
    await look()
    expect(said).toEqual(['update.refused {"code":"update-older"}'])
  })
  it.each<[LocalWait, Partial<LookNeeds>]>([
    ['downloading', { fetch: () => Promise.resolve({ kind: 'later' }) }],
    ['downloading', { fetch: () => Promise.resolve({ kind: 'missing' }) }],
    ['downloading', { fetch: () => Promise.resolve({ kind: 'changed' }) }],
    ['no-room', { fetch: () => Promise.resolve({ kind: 'no-room' }) }],
    [
      'no-installer',
      { installer: { prepare: () => Promise.resolve({ kind: 'refused', why: 'not-kept' }) } },
    ],
    ['in-use', { waitsHere: () => 'in-use' }],
    ['emergency', { waitsHere: () => 'emergency' }],
  ])('waits and tells it the next time: %s', async (waits, change) => {
    const { look, asked, begun } = bed([offer(), offer()], change)
    const looked = await look()
    expect(looked).toEqual({ againMs: 10 * minute, waits })
    await look(looked.waits)
    expect(asked[1]).toMatchObject({ kind: 'ask', waits })
    expect(begun).toEqual([])
  })
  it('does not ask to begin where the broker has said why not', async () => {
    const { look, asked } = bed([{ ...offer(), why: 'window' } as UpdateAnswer, go])
    expect(await look()).toEqual({ againMs: 10 * minute, word: 'window' })
    expect(asked).toHaveLength(1)
  })
  it('does not begin where somebody came while it asked', async () => {
    const later: (WaitsHere | undefined)[] = [undefined, undefined, 'card-in-reader']
    const { look, begun } = bed([offer(), go], { waitsHere: () => later.shift() })
    expect(await look()).toEqual({ againMs: minute, waits: 'card-in-reader' })
    expect(begun).toEqual([])
  })
  it('begins nothing else than it asked for', async () => {
    const { look, begun } = bed([offer(), { kind: 'go', number: 8 }])
    await look()
    expect(begun).toEqual([])
  })
  it('keeps what it asked until it is known what becomes of it', async () => {
    const wait = { kind: 'wait', why: 'pace', againMs: minute } as const
    for (const [answer, left] of [
      [go, { number: 7, key }],
      [undefined, { number: 7, key }],
      [{ kind: 'go', number: 8 } as const, { number: 7, key }],
      [wait, undefined],
    ] as const) {
      const { look, kept } = bed([offer(), answer])
      await look()
      expect(kept.at(-1)).toEqual(left)
    }
  })
  it('asks nothing that it could not keep', async () => {
    const keepAsked = () => Promise.reject(new Error('disk'))
    const { look, asked } = bed([offer(), go], { keepAsked })
    await expect(look()).rejects.toThrow('disk')
    expect(asked.map(({ kind }) => kind)).toEqual(['ask'])
  })
  it('begins at a broker of before, which knows no key and hears of nothing that is over', async () => {
    const { look, asked, begun, kept } = bed([offer(), { kind: 'not-understood' }, go])
    await look()
    expect(begun).toHaveLength(1)
    expect(asked.slice(1)).toEqual([
      { kind: 'begin', ...here, seen: 7, number: 7, key },
      { kind: 'begin', ...here, seen: 7, number: 7 },
    ])
    expect(kept.at(-1)).toBeUndefined()
  })
  it('is spread, by a quarter to either side', () => {
    expect([spreadMs(1000, 0), spreadMs(1000, 0.5), spreadMs(1000, 1)]).toEqual([750, 1000, 1250])
  })
})
