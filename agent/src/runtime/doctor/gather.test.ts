// Looks that hang, fail or are refused: each is said for what it is, and none keeps the others.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '../../platform/fault.ts'
import type { ReaderSource } from '../../readers/reader.ts'
import { openStatusFile } from '../status-file.ts'
import { settingsFrom, wellStatus } from './facts-for-tests.ts'
import { gather } from './gather.ts'
import type { DoctorNeeds } from './gather.ts'
import { lookAtBrowser, lookAtDisk, lookAtFolder } from './look-at-machine.ts'
import { look } from './look.ts'

const clock = {
  monoMs: () => 0,
  wallMs: () => wellStatus.atMs,
  /** Fifty times as fast: nobody waits for what never ends. */
  after: (delayMs: number, run: () => void) => {
    const timer = setTimeout(run, delayMs / 50)
    return () => {
      clearTimeout(timer)
    }
  },
}
const never = <T>(): Promise<T> => new Promise(() => undefined)
let folder: string
let beside: boolean[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-gather-'))
  beside = []
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function needs(over: Partial<DoctorNeeds> = {}): DoctorNeeds {
  return {
    settings: settingsFrom({
      'broker.addresses': ['a:1', 'b:1'],
      dataDir: join(folder, 'data'),
      runtimeDir: join(folder, 'run'),
      'browser.path': '/does/not/exist',
    }),
    clock,
    identity: () => undefined,
    keyOpens: () => Promise.resolve('not-asked'),
    sources: (isBesideAgent) => {
      beside.push(isBesideAgent)
      return []
    },
    loadHid: () => Promise.resolve({ list: () => Promise.resolve([]) }),
    pages: [],
    askPage: () => Promise.resolve('opens'),
    probe: () => Promise.resolve({ kind: 'not-enrolled' }),
    ...over,
  }
}

describe('a look', () => {
  it('that never ends is late, and the next one is not', async () => {
    const facts = await gather(
      needs({
        probe: ({ host }) => (host === 'a' ? never() : Promise.resolve({ kind: 'reached' })),
      }),
    )
    expect(facts.brokers.map(({ probe }) => probe.kind)).toEqual(['late', 'seen'])
  })
  it('at a keyring that waits for somebody does not wait, and shows no certificate', async () => {
    let asked = 0
    const identity = (): undefined => {
      asked += 1
    }
    const probes: unknown[] = []
    const facts = await gather(
      needs({
        identity,
        keyOpens: () => Promise.resolve('late'),
        probe: (_address, shown) => {
          probes.push(shown)
          return Promise.resolve({ kind: 'not-enrolled' })
        },
      }),
    )
    expect(facts.identity).toEqual({ kind: 'late' })
    expect(asked).toBe(0)
    expect(probes).toEqual([undefined, undefined])
  })
  it.each([
    ['keyring-unavailable', 'closed'],
    ['key-missing', 'open-to-others'],
  ] as const)('at a key that faults with %s', async (code, store) => {
    const identity = (): never => {
      throw new Fault(code, 'permanent')
    }
    const facts = await gather(needs({ identity, keyOpens: () => Promise.resolve('opens') }))
    expect(facts.identity).toEqual({ kind: 'seen', fact: { store } })
  })
  it('at USB-HID without its library, or with one that hangs', async () => {
    const missing = await gather(needs({ loadHid: () => Promise.reject(new Error('no libudev')) }))
    expect(missing.hid).toEqual({ kind: 'seen', fact: { kind: 'library-missing' } })
    const hangs = await gather(needs({ loadHid: () => Promise.resolve({ list: () => never() }) }))
    expect(hangs.hid).toEqual({ kind: 'late' })
  })
  it('tells readers of known makers from every other keyboard', async () => {
    const device = { path: 'p', productId: 0x410, name: 'TWN4', usagePage: 1, usage: 6 }
    const list = () =>
      Promise.resolve([
        { ...device, vendorId: 0x09d8 },
        { ...device, vendorId: 0x09d8, usagePage: 0xff00, usage: 1 },
        { ...device, vendorId: 0x046d },
      ])
    const { hid } = await gather(needs({ loadHid: () => Promise.resolve({ list }) }))
    expect(hid).toMatchObject({
      fact: { readers: [{ isKeyboard: true }, { isKeyboard: false }] },
    })
  })
  it('at pages, one after the other, that are late or whose browser does not start', async () => {
    const pages = ['https://a', 'https://b', 'https://c']
    const askPage: DoctorNeeds['askPage'] = (url) => {
      if (url === 'https://a') return never()
      if (url === 'https://b') return Promise.reject(new Fault('browser-died', 'permanent'))
      return Promise.resolve('other-authority')
    }
    const facts = await gather(needs({ pages, askPage }))
    expect(facts.pages).toEqual([
      { url: 'https://a', says: { kind: 'late' } },
      { url: 'https://b', says: { kind: 'failed' } },
      { url: 'https://c', says: { kind: 'seen', fact: 'other-authority' } },
    ])
  })
  it('asks only what two may ask at once, where an agent runs', async () => {
    await gather(needs())
    openStatusFile(join(folder, 'run')).write(wellStatus)
    const { agent } = await gather(needs())
    expect(agent).toMatchObject({ fact: { kind: 'runs' } })
    expect(beside).toEqual([false, true])
  })
  it('lets go of the readers that it asked', async () => {
    let isStopped = false
    const source: ReaderSource = {
      kind: 'pcsc',
      start: (emit) => {
        emit({ kind: 'source-down', reason: 'service-stopped' })
      },
      stop: () => {
        isStopped = true
        return Promise.resolve()
      },
    }
    const { sources } = await gather(needs({ sources: () => [source] }))
    expect(sources).toMatchObject({ fact: [{ kind: 'pcsc', down: 'service-stopped' }] })
    expect(isStopped).toBe(true)
  })
  it('does not hide a bug', async () => {
    const bug = (): never => {
      throw new TypeError('a bug')
    }
    await expect(look(bug, 10, clock)).rejects.toThrow(TypeError)
  })
})

describe('the machine', () => {
  it('has a folder, or none, open or not', () => {
    const path = join(folder, 'data')
    expect(lookAtFolder(path).isThere).toBe(false)
    mkdirSync(path, { mode: 0o700 })
    expect(lookAtFolder(path)).toEqual({ isThere: true, isWritable: true, isOpen: false })
    chmodSync(path, 0o750)
    if (process.platform !== 'win32') expect(lookAtFolder(path).isOpen).toBe(true)
  })
  it('has room under a folder that is not there yet', async () => {
    expect(await lookAtDisk(join(folder, 'a', 'b'))).toBeGreaterThan(0)
  })
  it('has a browser that says its version, says none, or is not there', async () => {
    const script = (name: string, text: string): string => {
      const path = join(folder, name)
      writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 })
      return path
    }
    const says = script('says', 'echo Chromium 156.0.8078.108 built on Debian')
    expect(await lookAtBrowser(says, 'linux')).toEqual({ path: says, version: '156.0.8078.108' })
    const fails = script('fails', 'exit 1')
    expect(await lookAtBrowser(fails, 'linux')).toEqual({ path: fails })
    expect(await lookAtBrowser('/does/not/exist', 'linux')).toEqual({})
  })
})
