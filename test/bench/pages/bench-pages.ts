// npm run bench -- pages: a real broker on a house that the simulator made, and each page of its
// console in a real browser: how long until it is there, what axe finds, what the browser complains
// of, and a picture where somebody asks for it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { addPerson } from '@wardkey/broker/flows/add-person'
import { initBroker } from '@wardkey/broker/init'
import { startBroker } from '@wardkey/broker/main'
import type { RunningBroker } from '@wardkey/broker/main'
import { parseSettings } from '@wardkey/broker/platform/settings'
import { zoneSettings } from '@wardkey/broker/policy/zone-settings'
import { flawsOf, settled } from '../../../broker/console/kit/console-browser.ts'
import { silentLog } from '../../kit/broker-core.ts'
import { HospitalSignIn, clientId, clientSecret } from '../../kit/sign-in/hospital-sign-in.ts'
import { openKeptHouse, settingsFileIn } from '../../simulation/keep-house.ts'
import { playSeed } from '../../simulation/play-seed.ts'
import { emptyImage } from '../../simulation/world/memory-store.ts'
import { optionOf } from '../bench-options.ts'
import { quantile } from '../tap/floors.ts'
import { pageViews } from './page-views.ts'
import type { PageView } from './page-views.ts'

const hourMs = 3_600_000
const times = 5
const usual = { hours: 24, workstations: 100 } as const
const short = { hours: 1, workstations: 20 } as const
const viewer = { given: 'Cora', family: 'Imagined', staffNumber: 'V-1' } as const
const roles = ['compliance', 'privacy', 'it', 'serviceDesk', 'manager', 'administrator'] as const

interface Seen {
  readonly p50Ms: number
  readonly worstMs: number
  readonly flaws: number
}

export async function benchPages(args: readonly string[]): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-pages-'))
  const undo: (() => unknown)[] = [
    () => {
      rmSync(folder, { recursive: true, force: true })
    },
  ]
  try {
    const house = optionOf(args, '--house') ?? (await playHouse(folder, args.includes('--short')))
    const signIn = await HospitalSignIn.open()
    undo.push(() => signIn.close())
    const beganMs = performance.now()
    const broker = await startOn(house, signIn, folder)
    undo.push(() => broker.close())
    const { db } = broker.needs
    const { facts } = await db
      .selectFrom('fact')
      .select((eb) => eb.fn.countAll<number>().as('facts'))
      .executeTakeFirstOrThrow()
    const startedS = (performance.now() - beganMs) / 1000
    say(`${String(facts)} facts; the broker was there after ${startedS.toFixed(1)} s`)
    const tour = await takeTour(broker, undo, optionOf(args, '--pictures'))
    const slowest = Math.max(...Object.values(tour.pages).map(({ p50Ms }) => p50Ms))
    return {
      figures: { facts, slowestP50Ms: slowest, ...tour },
      goals: { p50Ms: 1000 },
    }
  } finally {
    for (const step of undo.toReversed()) await step()
  }
}

/** A calm day, or an hour, as `npm run simulate` plays it. */
async function playHouse(folder: string, isShort: boolean): Promise<string> {
  const { hours, workstations } = isShort ? short : usual
  const house = join(folder, 'house')
  const lengthMs = hours * hourMs
  const kept = await openKeptHouse(house, lengthMs)
  const people = Math.ceil(workstations * 1.5) + 1
  const size = { seed: 1, lengthMs, workstations, people, brokers: 1, isCalm: true }
  const played = await playSeed(size, {
    image: await emptyImage(),
    isShrinking: false,
    kept,
    onProgress: (simulatedMs) => {
      if (simulatedMs % hourMs === 0) say(`${String(simulatedMs / hourMs)} h are played`)
    },
  })
  if (played.failure !== undefined) throw new Error(played.failure)
  return house
}

/** Whoever signs in is the viewer, who has every role. */
async function startOn(
  house: string,
  signIn: HospitalSignIn,
  folder: string,
): Promise<RunningBroker> {
  const caFile = join(folder, 'sign-in.pem')
  writeFileSync(caFile, signIn.caPem)
  signIn.says.claims = { preferred_username: viewer.staffNumber, groups: ['everything'] }
  const given = {
    ...{ 'web.port': 0, 'admin.port': 0, 'workstations.port': 0 },
    ...{ 'account.issuer': signIn.issuer, 'account.clientId': clientId },
    ...{ 'account.secret': clientSecret, 'account.caFile': caFile, 'account.acr': ['mfa'] },
    'account.person': 'staff-number',
    ...Object.fromEntries(roles.map((role) => [`console.${role}`, ['everything']])),
  }
  const parsed = parseSettings(
    { file: settingsFileIn(house), environment: {}, given },
    zoneSettings,
  )
  if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join('; '))
  await initBroker(parsed.settings, silentLog)
  const broker = await startBroker(parsed.settings, silentLog)
  const { staffNumber, ...name } = viewer
  await broker.needs.perform(() =>
    addPerson({ name, roles: ['office'], staffNumber, by: 'tour' }, broker.needs),
  )
  return broker
}

async function takeTour(
  broker: RunningBroker,
  undo: (() => unknown)[],
  pictures: string | undefined,
) {
  const complaints: string[] = []
  const browser = await chromium.launch({
    executablePath: process.env['WARDKEY_HAS_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  undo.push(() => browser.close())
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    ignoreHTTPSErrors: true,
  })
  const page = await context.newPage()
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (said) => {
    if (said.type() === 'error') complaints.push(said.text())
  })
  const base = `${broker.adminUrl}/console/`
  await page.goto(`${base}sign-in`)
  await settled(page)
  const pages: Record<string, Seen> = {}
  say(
    `load average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  )
  for (const view of await pageViews(broker.needs.db, Date.now())) {
    const seen = await look(page, base, view)
    pages[view.name] = seen
    say(
      `${view.name.padEnd(28)} p50 ${seen.p50Ms.toFixed(0).padStart(6)} ms, ` +
        `worst ${seen.worstMs.toFixed(0).padStart(6)} ms, ${String(seen.flaws)} flaws`,
    )
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${view.name}.png`) })
  }
  return { pages, complaints }
}

/** From the address to its heading with nothing under way; the first time is not counted. */
async function look(page: Page, base: string, { path }: PageView): Promise<Seen> {
  const took: number[] = []
  for (let time = 0; time <= times; time += 1) {
    const beganMs = performance.now()
    await page.goto(base + path)
    await settled(page)
    if (time > 0) took.push(performance.now() - beganMs)
  }
  const flaws = await flawsOf(page)
  for (const flaw of flaws) say(`  ${String(flaw)}`)
  return { p50Ms: quantile(took, 0.5), worstMs: Math.max(...took), flaws: flaws.length }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
