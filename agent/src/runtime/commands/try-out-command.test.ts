// A try-out: where there is none, what is obeyed, and what is said of the screen.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DevToolsSession } from '../../launch/devtools.ts'
import type { Scene, ScreenView } from '../../machine/screen-view.ts'
import { Fault } from '../../platform/fault.ts'
import { parseSettings } from '../../platform/settings.ts'
import type { MachineSettings, Settings } from '../../platform/settings.ts'
import { SimulatedHand } from '../../readers/simulated/simulated-source.ts'
import { followTryOut, whyNoTryOut } from './try-out-command.ts'

const nothing: MachineSettings = { policy: [], file: undefined, installer: undefined }
const layer = (place: string, values: Record<string, unknown>, complaints: string[] = []) => ({
  ...{ place, values, complaints },
})
function settingsWith(addresses: string): Settings {
  const given = addresses === '' ? {} : { 'broker.addresses': addresses }
  const parsed = parseSettings(undefined, given, {})
  if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join())
  return parsed.settings
}
const here = settingsWith('127.0.0.1:8443,[::1]:8443,localhost:8443')

describe('there is no try-out', () => {
  const said = { serviceDesk: '4455' }
  it.each<[string, Settings, MachineSettings, boolean]>([
    ['without settings of its own', here, nothing, false],
    ['with a broker elsewhere', settingsWith('broker.example:8443'), nothing, true],
    ['with one of two elsewhere', settingsWith('127.0.0.1:1,192.0.2.1:1'), nothing, true],
    ['with no broker', settingsWith(''), nothing, true],
    ['by a name that only begins so', settingsWith('localhost.example:1'), nothing, true],
    ['under a policy', here, { ...nothing, policy: [layer('p', said)] }, true],
    [
      'under a policy that cannot be read',
      here,
      { ...nothing, policy: [layer('p', {}, ['no'])] },
      true,
    ],
    ['beside a machine’s own file', here, { ...nothing, file: layer('f', said) }, true],
    ['where an installer was', here, { ...nothing, installer: layer('i', said) }, true],
  ])('%s', (_name, settings, machine, isNamed) => {
    expect(whyNoTryOut(settings, machine, isNamed, false)).toMatch(/\.$/)
  })
  it('as root, whose browser would have no sandbox', () => {
    expect(whyNoTryOut(here, nothing, true, true)).toContain('not as root')
  })
  it('but beside a broker on this computer, by settings that are named', () => {
    const empty = { ...nothing, policy: [layer('HKLM', {})], installer: layer('HKLM', {}) }
    expect(whyNoTryOut(here, nothing, true, false)).toBeUndefined()
    expect(whyNoTryOut(here, empty, true, false)).toBeUndefined()
  })
})

describe('a try-out', () => {
  let input: PassThrough
  let done: unknown[]
  let texts: string[]
  let scene: Scene
  let folder: string
  let stop: () => void
  let front: DevToolsSession | undefined

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    folder = mkdtempSync(join(tmpdir(), 'wardkey-try-'))
    ;[done, texts] = [[], []]
    scene = { kind: 'locked', maySayWrong: false, hasErrands: false }
    front = {
      send: (method, params = {}) => {
        done.push([method, params['type'], params['key']])
        return Promise.resolve({ data: Buffer.from('a picture').toString('base64') })
      },
      on: () => () => undefined,
    }
    input = new PassThrough()
    const hand = new SimulatedHand()
    hand.listen((command) => done.push(command))
    const surroundings = { link: 'up', browser: 'ready' } as ScreenView['surroundings']
    stop = followTryOut({
      ...{ input, hand, front: () => front, view: () => ({ scene, surroundings }) },
      output: { answer: (text) => texts.push(text), say: (text) => texts.push(text) },
      end: () => done.push('end'),
    })
    texts.length = 0
  })
  afterEach(() => {
    stop()
    vi.useRealTimers()
    rmSync(folder, { recursive: true })
  })

  const typed = async (line: string): Promise<void> => {
    input.write(`${line}\n`)
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
  }

  it('shows the card that is named, and unplugs', async () => {
    await typed('tap 04A1B2C3D4E580')
    await typed('unplug')
    expect(done).toEqual([{ kind: 'tap', uid: '04a1b2c3d4e580' }, { kind: 'unplug' }])
  })
  it.each(['tap', 'tap 04', 'tap ../../x', 'unlock', 'remove x', 'type', 'picture'])(
    'does nothing at the reader for "%s"',
    async (line) => {
      if (line === 'type' || line === 'picture') front = undefined
      await typed(line)
      expect(done).toEqual([])
      expect(texts).toHaveLength(1)
    },
  )
  it('types on the screen, ends with Enter, and repeats no digit', async () => {
    await typed('type 48')
    const keys = done.map((one) => (one as unknown[]).join(' '))
    expect(keys[0]).toBe('Input.dispatchKeyEvent keyDown 4')
    expect(keys.at(-2)).toBe('Input.dispatchKeyEvent keyDown Enter')
    expect(texts.join()).not.toContain('4')
  })
  it('saves a picture, never over a file', async () => {
    const file = join(folder, 'a.png')
    await typed(`picture ${file}`)
    expect(readFileSync(file, 'utf8')).toBe('a picture')
    await typed(`picture ${file}`)
    expect(texts.join()).toContain('EEXIST')
    await typed(`picture ${join(folder, 'no', 'b.png')}`)
    expect(existsSync(join(folder, 'no'))).toBe(false)
  })
  it('says that a window has gone, and goes on', async () => {
    front = {
      send: () => Promise.reject(new Fault('internal', 'transient')),
      on: () => () => undefined,
    }
    await typed('type 1')
    await typed('tap 04a1b2c3d4e580')
    expect(texts).toHaveLength(1)
    expect(done).toHaveLength(1)
  })
  it('says what becomes of the screen, each once, and how to ask why', () => {
    const next = (now: Scene): void => {
      scene = now
      vi.advanceTimersByTime(300)
    }
    next(scene)
    next({ kind: 'checking', tapId: 't', what: 'badge' })
    next({ kind: 'refused', code: 'badge-unknown', quote: '7QK-M2X', errands: [] })
    expect(texts[0]).toMatch(/locked.*Ready/)
    expect(texts[1]).toBe(
      'Refused. The badge is not enrolled to anybody. Why: wardkey-broker why 7QK-M2X',
    )
    expect(texts).toHaveLength(2)
  })
  it('ends by its word, and with what it reads', async () => {
    await typed('end')
    expect(done).toEqual(['end'])
    input.end()
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    expect(done).toEqual(['end', 'end'])
  })
})
