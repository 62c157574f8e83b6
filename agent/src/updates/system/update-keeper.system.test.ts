// The part with the rights as a real process that is killed before each of its steps, beside a hand
// that lays down what a session would: in the end one release is there whole, and it is told so.

import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Program, until } from '../../../../test/kit/processes/program.ts'
import type { KeeperPlan } from '../../../../test/kit/updates/keeper-child.ts'
import { handOverPlaces, laySaid, readSaid } from '../hand-over/hand-over-places.ts'
import type { HandOverPlaces } from '../hand-over/hand-over-places.ts'
import { updateTold } from '../hand-over/hand-over-words.ts'
import type { UpdateTold } from '../hand-over/hand-over-words.ts'
import { dpkgSystem, InstallerBed, madeUpSystem } from '../install/bed-for-tests.ts'

const hasDpkg = process.env['WARDKEY_HAS_DPKG_ROOT'] === '1'
const withinMs = 800
const run = '00000000-0000-4000-8000-000000000001'
type Health = 'well' | 'deaf' | 'falls'

/** One workstation, with the process that installs there. */
class Place {
  readonly scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-keeper-'))
  readonly at = handOverPlaces(join(this.scratch, 'updates'))
  child: Program | undefined
  #bed: InstallerBed | undefined

  get bed(): InstallerBed {
    if (!this.#bed) throw new Error('not opened')
    return this.#bed
  }

  static async open(make: typeof madeUpSystem = madeUpSystem): Promise<Place> {
    const place = new Place()
    open.push(place)
    place.#bed = await InstallerBed.open(place.scratch, make)
    return place
  }

  told(): Promise<UpdateTold | undefined> {
    return readSaid(this.at.told, updateTold)
  }

  installed(): Promise<string | undefined> {
    return this.bed.system.packages.installed()
  }

  begin(change: Partial<KeeperPlan> = {}): void {
    const about = { scratch: this.scratch, releaseKey: this.bed.signer.text }
    const plan = { ...about, system: 'made-up', withinMs, ...change }
    this.child = new Program('test/kit/updates/keeper-child.ts', [JSON.stringify(plan)])
  }

  async close(): Promise<void> {
    await this.child?.signal('SIGKILL')
    fs.rmSync(this.scratch, { recursive: true, force: true })
  }
}
const open: Place[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((place) => place.close()))
})

/** What a session lays down; `isThere`: somebody came, and it lays down no order. */
class Session {
  readonly #at: HandOverPlaces
  readonly #order: object
  readonly #health: Health
  isThere = false
  #starts = 0

  private constructor(at: HandOverPlaces, order: object, health: Health) {
    this.#at = at
    this.#order = order
    this.#health = health
  }

  static async open({ at, bed }: Place, health: Health): Promise<Session> {
    const { manifests, path } = await bed.download('1.2.0')
    const name = `${'0'.repeat(64)}-wardkey-agent_1.2.0_amd64.deb`
    fs.mkdirSync(at.packages, { recursive: true })
    fs.copyFileSync(path, join(at.packages, name))
    const about = { number: 7, manifests, package: name, hadReader: true }
    return new Session(at, { version: 1, ...about }, health)
  }

  order(atMs: number): Promise<void> {
    return laySaid(this.#at.order, { ...this.#order, atMs })
  }

  async act(now: UpdateTold | undefined): Promise<void> {
    const atMs = Date.now()
    if (now?.trial?.step === 'ended') {
      const { number, outcome } = now.trial
      await laySaid(this.#at.noted, { version: 1, number, outcome })
    } else if (!now?.trial && !now?.last && !this.isThere) {
      await this.order(atMs)
    } else if (now?.trial?.step === 'on-trial') {
      this.#starts += this.#health === 'falls' ? 1 : 0
      const own = `${run.slice(0, -4)}${String(this.#starts).padStart(4, '0')}`
      const isProbeAnswered = this.#health === 'well'
      const signs = { isReaderUp: true, isLinkUp: true, isProbeAnswered }
      await laySaid(this.#at.signs, { version: 1, atMs, release: '1.2.0', run: own, ...signs })
    }
  }
}

const beginsOf = (one?: Program): number => one?.err.match(/"update\.begins"/g)?.length ?? 0

/** Begun again by whoever starts it, until a broker would have noted how it ended. */
async function through(place: Place, session: Session, plan: Partial<KeeperPlan>) {
  let now: UpdateTold | undefined
  const { dieBefore, ...later } = plan
  let [isKilled, begins] = [false, 0]
  place.begin({ ...later, ...(dieBefore === undefined ? {} : { dieBefore }) })
  const isDone = async (): Promise<boolean> => {
    const { child } = place
    if (child && !child.isRunning) {
      isKilled ||= child.child.signalCode === 'SIGKILL'
      if (!isKilled) expect(child.child.exitCode, child.err).toBe(75)
      begins += beginsOf(child)
      place.begin(later)
    }
    now = await place.told()
    await session.act(now)
    return now?.last !== undefined && now.trial === undefined
  }
  await until(isDone, 'an end', 30_000, () => `${JSON.stringify(now)} ${place.child?.err ?? ''}`)
  begins += beginsOf(place.child)
  const last = now?.last
  return { isKilled, begins, outcome: last?.outcome, flaw: last?.flaw }
}

describe('the part with the rights', () => {
  it.each<[Health, string, string | undefined]>([
    ['well', 'healthy', undefined],
    ['deaf', 'returned', 'no-answer'],
    ['falls', 'returned', 'crashed'],
  ])('ends a trial of a release that is %s: %s', async (health, outcome, flaw) => {
    const place = await Place.open()
    const ended = await through(place, await Session.open(place, health), {
      withinMs: health === 'deaf' ? withinMs : 30_000,
    })
    // The order lies there still: it was carried out, and what it ordered is over.
    expect(ended).toEqual({ isKilled: false, begins: 1, outcome, flaw })
    expect(await place.installed()).toBe(health === 'well' ? '1.2.0' : '1.1.0')
  })

  it('begins nothing while somebody is there', async () => {
    const place = await Place.open()
    const told = () => place.told()
    const session = await Session.open(place, 'well')
    session.isThere = true
    place.begin()
    await until(async () => (await told())?.ready === 'ready', 'ready')
    // One that was laid down before she came, and is not laid anew.
    await session.order(Date.now() - 60_000)
    const { atMs } = (await told()) ?? { atMs: 0 }
    await until(async () => ((await told())?.atMs ?? 0) > atMs, 'another word', 20_000)
    expect([await place.installed(), (await told())?.trial]).toEqual(['1.1.0', undefined])
    expect(await place.child?.signal('SIGTERM')).toBe(0)
  })

  it.each<[Health, readonly string[]]>([
    ['well', ['healthy 1.2.0', 'failed 1.1.0']],
    ['deaf', ['returned 1.1.0', 'failed 1.1.0']],
  ])(
    'comes to an end that is told as it is, killed before any step: %s',
    async (health, ends) => {
      let [killed, next, isWhole] = [0, 1, false]
      const seen = new Set<string>()
      const dies = async (dieBefore: number): Promise<void> => {
        const place = await Place.open()
        const plan = { dieBefore, withinMs: health === 'deaf' ? 300 : 30_000 }
        const session = await Session.open(place, health)
        const { isKilled, outcome, flaw } = await through(place, session, plan)
        const end = `${outcome ?? ''} ${(await place.installed()) ?? ''}`
        expect(ends, String(dieBefore)).toContain(end)
        seen.add(end)
        if (outcome === 'failed') expect(flaw).toBe('cut-off')
        const wayBack = join(place.at.own, 'way-back.json')
        expect(fs.existsSync(wayBack), String(dieBefore)).toBe(false)
        await place.child?.signal('SIGTERM')
        if (isKilled) killed += 1
        else isWhole = true
      }
      // Two beside each other: each has a folder and processes of its own.
      const lane = async (): Promise<void> => {
        while (!isWhole) await dies(next++)
      }
      await Promise.all([lane(), lane()])
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
    const place = await Place.open(dpkgSystem)
    // The first release was installed by somebody else: nothing of it is kept.
    fs.rmSync(place.bed.keptPath('1.1.0'))
    const plan = { system: 'dpkg', withinMs: health === 'deaf' ? withinMs : 30_000 } as const
    const { outcome } = await through(place, await Session.open(place, health), plan)
    expect(`${outcome ?? ''} ${(await place.installed()) ?? ''}`).toBe(end)
    const release = join(place.scratch, 'root/usr/lib/wardkey-agent/release')
    expect(fs.readFileSync(release, 'utf8')).toBe(end.split(' ')[1])
  })
})
