// The part with the rights as a real process that is killed before each of its steps, beside a hand
// that lays down what a session would: in the end one release is there whole, and it is told so.

import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Program, until } from '../../../../test/kit/processes/program.ts'
import type { KeeperPlan } from '../../../../test/kit/updates/keeper-child.ts'
import { handOverPlaces, laySaid, readSaid } from '../hand-over/hand-over-places.ts'
import { updateTold } from '../hand-over/hand-over-words.ts'
import type { UpdateTold } from '../hand-over/hand-over-words.ts'
import { dpkgSystem, InstallerBed, madeUpSystem } from '../install/bed-for-tests.ts'

const hasDpkg = process.env['WARDKEY_HAS_DPKG_ROOT'] === '1'
const withinMs = 800
const run = '00000000-0000-4000-8000-000000000001'
type Health = 'well' | 'deaf' | 'falls'

let scratch: string
let bed: InstallerBed
let child: Program | undefined
/** How often what was begun before took an order up. */
let begins: number
beforeEach(() => {
  scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-keeper-'))
  begins = 0
})
afterEach(async () => {
  await child?.signal('SIGKILL')
  fs.rmSync(scratch, { recursive: true, force: true })
})

const places = () => handOverPlaces(join(scratch, 'updates'))
const told = () => readSaid(places().told, updateTold)
const begin = (change: Partial<KeeperPlan> = {}) => {
  const plan = { scratch, releaseKey: bed.signer.text, system: 'made-up', withinMs, ...change }
  child = new Program('test/kit/updates/keeper-child.ts', [JSON.stringify(plan)])
  return child
}

/** What a session lays down; `isThere`: somebody came, and it lays down no order. */
class Session {
  readonly #order: object
  readonly #health: Health
  isThere = false
  #starts = 0

  private constructor(order: object, health: Health) {
    this.#order = order
    this.#health = health
  }

  static async open(health: Health): Promise<Session> {
    const { manifests, path } = await bed.download('1.2.0')
    const name = `${'0'.repeat(64)}-wardkey-agent_1.2.0_amd64.deb`
    fs.mkdirSync(places().packages, { recursive: true })
    fs.copyFileSync(path, join(places().packages, name))
    const about = { number: 7, manifests, package: name, hadReader: true }
    return new Session({ version: 1, ...about }, health)
  }

  order(atMs: number): Promise<void> {
    return laySaid(places().order, { ...this.#order, atMs })
  }

  async act(now: UpdateTold | undefined): Promise<void> {
    const atMs = Date.now()
    if (now?.trial?.step === 'ended') {
      const { number, outcome } = now.trial
      await laySaid(places().noted, { version: 1, number, outcome })
    } else if (!now?.trial && !now?.last && !this.isThere) {
      await this.order(atMs)
    } else if (now?.trial?.step === 'on-trial') {
      this.#starts += this.#health === 'falls' ? 1 : 0
      const own = `${run.slice(0, -4)}${String(this.#starts).padStart(4, '0')}`
      const isProbeAnswered = this.#health === 'well'
      const signs = { isReaderUp: true, isLinkUp: true, isProbeAnswered }
      await laySaid(places().signs, { version: 1, atMs, release: '1.2.0', run: own, ...signs })
    }
  }
}

const beginsOf = (one?: Program): number => one?.err.match(/"update\.begins"/g)?.length ?? 0

/** Begun again by whoever starts it, until a broker would have noted how it ended. */
async function through(session: Session, plan: Partial<KeeperPlan>) {
  let now: UpdateTold | undefined
  const { dieBefore, ...later } = plan
  let isKilled = false
  begin({ ...later, ...(dieBefore === undefined ? {} : { dieBefore }) })
  const isDone = async (): Promise<boolean> => {
    if (child && !child.isRunning) {
      isKilled ||= child.child.signalCode === 'SIGKILL'
      if (!isKilled) expect(child.child.exitCode, child.err).toBe(75)
      begins += beginsOf(child)
      begin(later)
    }
    now = await told()
    await session.act(now)
    return now?.last !== undefined && now.trial === undefined
  }
  await until(isDone, 'an end', 30_000, () => `${JSON.stringify(now)} ${child?.err ?? ''}`)
  begins += beginsOf(child)
  const last = now?.last
  return { isKilled, outcome: last?.outcome, flaw: last?.flaw }
}

describe('the part with the rights', () => {
  beforeEach(async () => {
    bed = await InstallerBed.open(scratch, madeUpSystem)
  })
  const installed = () => bed.system.packages.installed()

  it.each<[Health, string, string | undefined]>([
    ['well', 'healthy', undefined],
    ['deaf', 'returned', 'no-answer'],
    ['falls', 'returned', 'crashed'],
  ])('ends a trial of a release that is %s: %s', async (health, outcome, flaw) => {
    const ended = await through(await Session.open(health), {
      withinMs: health === 'deaf' ? withinMs : 30_000,
    })
    expect(ended).toEqual({ isKilled: false, outcome, flaw })
    // The order lies there still: it was carried out, and what it ordered is over.
    expect(begins).toBe(1)
    expect(await installed()).toBe(health === 'well' ? '1.2.0' : '1.1.0')
  })

  it('begins nothing while somebody is there', async () => {
    const session = await Session.open('well')
    session.isThere = true
    begin()
    await until(async () => (await told())?.ready === 'ready', 'ready')
    // One that was laid down before she came, and is not laid anew.
    await session.order(Date.now() - 60_000)
    const { atMs } = (await told()) ?? { atMs: 0 }
    await until(async () => ((await told())?.atMs ?? 0) > atMs, 'another word', 20_000)
    expect([await installed(), (await told())?.trial]).toEqual(['1.1.0', undefined])
    expect(await child?.signal('SIGTERM')).toBe(0)
  })

  it.each<[Health, readonly string[]]>([
    ['well', ['healthy 1.2.0', 'failed 1.1.0']],
    ['deaf', ['returned 1.1.0', 'failed 1.1.0']],
  ])(
    'comes to an end that is told as it is, killed before any step: %s',
    async (health, ends) => {
      let killed = 0
      const seen = new Set<string>()
      for (let dieBefore = 1; ; dieBefore++) {
        fs.rmSync(scratch, { recursive: true, force: true })
        fs.mkdirSync(scratch)
        bed = await InstallerBed.open(scratch, madeUpSystem)
        const plan = { dieBefore, withinMs: health === 'deaf' ? 300 : 30_000 }
        const { isKilled, outcome, flaw } = await through(await Session.open(health), plan)
        const end = `${outcome ?? ''} ${(await installed()) ?? ''}`
        expect(ends, String(dieBefore)).toContain(end)
        seen.add(end)
        if (outcome === 'failed') expect(flaw).toBe('cut-off')
        expect(fs.existsSync(join(places().own, 'way-back.json')), String(dieBefore)).toBe(false)
        await child?.signal('SIGTERM')
        if (!isKilled) break
        killed += 1
      }
      expect(killed).toBeGreaterThan(8)
      expect([...seen].sort()).toEqual([...ends].sort())
    },
    280_000,
  )
})

describe.skipIf(!hasDpkg)('the part with the rights, with dpkg in a scratch root', () => {
  it.each<[Health, string]>([
    ['well', 'healthy 1.2.0'],
    ['deaf', 'returned 1.1.0'],
  ])('installs, and goes back where it is not well: %s', async (health, end) => {
    bed = await InstallerBed.open(scratch, dpkgSystem)
    // The first release was installed by somebody else: nothing of it is kept.
    fs.rmSync(bed.keptPath('1.1.0'))
    const plan = { system: 'dpkg', withinMs: health === 'deaf' ? withinMs : 30_000 } as const
    const { outcome } = await through(await Session.open(health), plan)
    expect(`${outcome ?? ''} ${(await bed.system.packages.installed()) ?? ''}`).toBe(end)
    const release = join(scratch, 'root/usr/lib/wardkey-agent/release')
    expect(fs.readFileSync(release, 'utf8')).toBe(end.split(' ')[1])
  })
})
