// Walks docs/first-tap.md as it stands: its own blocks, one after the other, in a fresh folder, with
// the programs that it names. Only ports, the home folder, and a display that is not here are others.

import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settleMs } from '@wardkey/agent/machine/limits'
import { freePorts, until } from '../test/kit/processes/program.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const hasBrowser = (process.env['WARDKEY_HAS_CHROMIUM'] ?? '') !== ''
const pin = '27051846'
const badge = '04a1b2c3d4e501'

interface Block {
  readonly kind: string
  readonly text: string
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** What a person has before her: windows with programs in them, and one to type commands in. */
class Desk {
  readonly home = mkdtempSync(join(tmpdir(), 'wardkey-first-tap-'))
  readonly #windows: { readonly child: Child; text: string }[] = []

  /** A block in the window for commands, whose variables stay. */
  async run(text: string, input = ''): Promise<string> {
    const kept = join(this.home, 'kept.sh')
    const all = [
      'set -eo pipefail',
      `[ ! -f ${kept} ] || . ${kept}`,
      text,
      `declare -px WARDKEY_SETTINGS ROSA CA > ${kept} 2>/dev/null || true`,
    ]
    const child = this.#spawn(all.join('\n'))
    const texts = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()))
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    await once(child, 'close')
    expect({ code: child.exitCode, text, ...texts }).toMatchObject({ code: 0 })
    return texts.out + texts.err
  }

  /** A block in a window of its own; what it says so far, and what is typed there. */
  open(text: string) {
    const window = { child: this.#spawn(text), text: '' }
    const hear = (chunk: Buffer): void => void (window.text += chunk.toString())
    window.child.stdout.on('data', hear)
    window.child.stderr.on('data', hear)
    this.#windows.push(window)
    return {
      says: (what: string | RegExp, withinMs = 90_000) =>
        until(
          () => window.text.search(what) >= 0,
          String(what),
          withinMs,
          () => window.text,
        ),
      /** What it said before counts no more. */
      type: (line: string): void => {
        window.text = ''
        window.child.stdin.write(`${line}\n`)
      },
      text: () => window.text,
    }
  }

  /** Ctrl-C in each, the last one first. */
  async clear(): Promise<void> {
    for (const { child } of this.#windows.toReversed()) {
      if (child.exitCode !== null || child.pid === undefined) continue
      const gone = once(child, 'close')
      process.kill(-child.pid, 'SIGINT')
      await gone
    }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }

  #spawn(text: string): Child {
    return spawn('bash', ['-c', text], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: this.home },
      stdio: 'pipe',
      detached: true,
    })
  }
}

function blocksOf(page: string): readonly Block[] {
  const found = page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)
  return [...found].map(([, kind = '', text = '']) => ({ kind, text: text.trimEnd() }))
}

async function readPage(): Promise<readonly Block[]> {
  const pages = ['8443', '8470', '8480', '8481']
  const ports = await freePorts(pages.length)
  let page = readFileSync(join(root, 'docs/first-tap.md'), 'utf8')
  for (const [at, port] of pages.entries()) page = page.replaceAll(port, String(ports[at]))
  // Nobody sits here, nor waits until the same badge is another tap.
  const headless = 'readers.debounceMs: 200\nbrowser.headless'
  return blocksOf(page.replace('# browser.headless', headless))
}

/** Each command is a program that starts, by npx: on a busy machine that adds up. */
const timeout = 180_000

describe.runIf(hasBrowser)('the page to a first tap', { timeout }, () => {
  const desk = new Desk()
  let blocks: Block[]
  let broker: ReturnType<Desk['open']>
  let station: ReturnType<Desk['open']>

  beforeAll(async () => {
    blocks = [...(await readPage())]
  })
  afterAll(() => desk.clear())

  /** The next block of the page, which has to be this one. */
  const next = (what: string): string => {
    const block = blocks.shift()
    expect(block?.text).toContain(what)
    return block?.text ?? ''
  }

  it('begins with what every stage of the tests did already', () => {
    expect(next('npm ci')).toContain('npm run build')
  })

  it('has settings that are taken, and a broker that serves by them', async () => {
    await desk.run(next('broker.yaml'))
    expect(statSync(join(desk.home, 'first-tap/ehr.json')).mode & 0o077).toBe(0)
    expect(await desk.run(next('wardkey-broker init'))).toContain('administration token')
    broker = desk.open(next('wardkey-broker serve'))
    desk.open(next('demo/src/ehr/main.ts'))
    await broker.says('broker serves')
    expect(broker.text()).not.toContain('zone-without-chart')
    expect(await desk.run(next('zone list'))).toContain('4-west')
  })

  it('has a person with a badge and a PIN, and says that nothing is missing', async () => {
    const said = await desk.run(next('person add'), `${pin}\n`)
    expect(said).toContain('The PIN is set.')
    expect(said).toContain('1 of 1 people who are active have role, badge and PIN')
    expect(said).not.toContain(pin)
  })

  it('has a workstation that is enrolled, and comes to be ready', async () => {
    expect(await desk.run(next('wardkey-agent enroll'))).toContain('Enrolled as workstation')
    // Who tests may be root, whose browser takes no sandbox.
    const unsafe = process.getuid?.() === 0 ? ' --unsafe-for-tests' : ''
    station = desk.open(`${next('try-out').trimEnd()}${unsafe}`)
    await station.says('Ready for a tap')
  })

  it('comes to a chart by badge and PIN, and to a no with a reason', async () => {
    const [tap = '', type = ''] = next('tap').split('\n')
    station.type(tap)
    await station.says('asks for the PIN')
    station.type(type)
    await station.says('It is open')
    const openMs = performance.now()
    expect(await desk.run('npx wardkey-broker session list')).toContain('Rosa Santos-Example')
    // Sooner than that the same badge is meant to bring the chart, and not to leave it.
    await until(() => performance.now() - openMs > 2 * settleMs, 'time to pass')
    station.type(`tap ${badge}`)
    await station.says('Ready for a tap')
    station.type(next('tap 04ffffffffff01'))
    await station.says(/Refused.*wardkey-broker why [A-Z0-9]{3}-/)
  })

  it('ends with what the service desk asks, before and after a badge was lost', async () => {
    const code = /why (\S+)/.exec(station.text())?.[1] ?? ''
    const looks = await desk.run(next('why <code>').replace('<code>', code))
    expect(looks).toContain('The badge is not enrolled to anybody.')
    expect(looks).toContain('4 West, station 2')
    expect(await desk.run(next('report-lost'))).toContain('open nothing any more')
    station.type(next('tap'))
    await station.says(/Refused.*wardkey-broker why [A-Z0-9]{3}-/)
    const quote = /why (\S+)/.exec(station.text())?.[1] ?? ''
    const why = await desk.run(`npx wardkey-broker why ${quote}`)
    expect(why).toContain('The badge had been reported lost.')
    expect(why).toMatch(/now +lost since/)
    expect(why).toContain('Rosa Santos-Example')
    expect(blocks).toEqual([])
  })
})
