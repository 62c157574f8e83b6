// An older database put back under a broker: the whole broker on a real SQLite file, with a folder
// and with another broker as its witnesses. It refuses to start, and says why.

import 'reflect-metadata'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../test/kit/broker-core.ts'
import { tellFault } from './doors/command-line/exit.ts'
import { addPerson } from './flows/add-person.ts'
import { initBroker } from './init.ts'
import { startBroker } from './main.ts'
import type { RunningBroker } from './main.ts'
import { databaseFile } from './open-store.ts'
import { Fault } from './platform/fault.ts'
import { parseSettings } from './platform/settings.ts'
import type { Settings } from './platform/settings.ts'
import { zoneSettings } from './policy/zone-settings.ts'

let root: string
let running: RunningBroker[]
let warned: string[]
const log = {
  ...silentLog,
  warn: (event: string, { place, reason }: { place?: string; reason?: string }) => {
    warned.push([event, place, reason].join(' '))
  },
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-rollback-'))
  running = []
  warned = []
})
afterEach(async () => {
  await Promise.all(running.map((broker) => broker.close()))
  rmSync(root, { recursive: true })
})

/** A broker with its own folders; what is in `change` is over the rest. */
function settingsOf(name: string, change: Record<string, unknown>): Settings {
  const given = {
    dataDir: join(root, name, 'data'),
    keysDir: join(root, name, 'keys'),
    'web.port': 0,
    'admin.port': 0,
    'workstations.port': 0,
    'record.origin': `${name}.example/record`,
    zones: [],
    ...change,
  }
  const parsed = parseSettings({ given, environment: {} }, zoneSettings)
  if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join('\n'))
  return parsed.settings
}

async function start(settings: Settings, onFatal?: (cause: Error) => void): Promise<RunningBroker> {
  const broker = await startBroker(settings, log, onFatal === undefined ? {} : { onFatal })
  running.push(broker)
  return broker
}

async function close(broker: RunningBroker): Promise<void> {
  running = running.filter((one) => one !== broker)
  await broker.close()
}

async function faultOf(starting: Promise<RunningBroker>): Promise<string> {
  const thrown: unknown = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (thrown instanceof Fault) return `${thrown.code}\n${tellFault(thrown)}`
  throw new Error('it started')
}

async function addSomebody(broker: RunningBroker): Promise<void> {
  const order = { name: { given: 'Rosa', family: 'Santos' }, roles: ['nurse'], by: 'kit' }
  await broker.needs.perform(() => addPerson(order, broker.needs))
}

const files = ['', '-wal', '-shm']
/** The database as it lies on disk, whole, while nothing runs on it. */
function copyData({ dataDir }: Settings, to: string, isBack = false): void {
  mkdirSync(to, { recursive: true })
  for (const end of files) {
    const [from, onto] = [join(dataDir, databaseFile + end), join(to, databaseFile + end)]
    const [source, target] = isBack ? [onto, from] : [from, onto]
    rmSync(target, { force: true })
    if (existsSync(source)) copyFileSync(source, target)
  }
}

function inDatabase<Found>(folder: string, ask: (database: Database.Database) => Found): Found {
  const database = new Database(join(folder, databaseFile))
  try {
    return ask(database)
  } finally {
    database.close()
  }
}

/** As a copy has it that was made between a fact and its checkpoint. */
function dropLastCheckpoint(folder: string): void {
  const text = 'delete from checkpoint where size = (select max(size) from checkpoint)'
  inDatabase(folder, (database) => database.prepare(text).run())
}

const notesIn = ({ dataDir }: Settings): unknown[] =>
  inDatabase(dataDir, (database) =>
    database.prepare('select note from checkpoint order by size').all(),
  )

/** Starts, copies, starts again with more; then the copy is put back. */
async function rollBack(settings: Settings, change = (_folder: string) => {}): Promise<void> {
  await close(await start(settings))
  const older = join(root, 'older')
  copyData(settings, older)
  change(older)
  const broker = await start(settings)
  await addSomebody(broker)
  await close(broker)
  copyData(settings, older, true)
}

describe('an older database', () => {
  it('is found by a folder on other storage, and the broker refuses to start', async () => {
    const folder = join(root, 'shelf')
    mkdirSync(folder)
    const settings = settingsOf('ward', { 'record.witnesses': [{ name: 'shelf', folder }] })
    await initBroker(settings, silentLog)
    await rollBack(settings)
    const said = await faultOf(start(settings))
    expect(said).toMatch(/^record-rolled-back\n/)
    expect(said).toMatch(/the witness shelf has seen [0-9]+ facts; here are [0-9]+/)
    expect(said).toContain('Bring back the newer database.')
    // It has written nothing either: another try is refused as well.
    expect(await faultOf(start(settings))).toBe(said)
  })
  it('is found before anything is signed that was left without a checkpoint', async () => {
    const folder = join(root, 'shelf')
    mkdirSync(folder)
    const settings = settingsOf('ward', { 'record.witnesses': [{ name: 'shelf', folder }] })
    await initBroker(settings, silentLog)
    await rollBack(settings, dropLastCheckpoint)
    const before = notesIn(settings)
    expect(await faultOf(start(settings))).toMatch(/^record-rolled-back\n/)
    expect(notesIn(settings)).toEqual(before)
  })
  it('keeps no broker waiting for a witness that is away: it starts, and signs what was left', async () => {
    const folder = join(root, 'shelf')
    mkdirSync(folder)
    const settings = settingsOf('ward', { 'record.witnesses': [{ name: 'shelf', folder }] })
    await initBroker(settings, silentLog)
    await close(await start(settings))
    rmSync(folder, { recursive: true })
    const before = notesIn(settings).length
    dropLastCheckpoint(settings.dataDir)
    // Its witness is away as well: the broker starts all the same, and signs.
    await close(await start(settings))
    expect(warned.join('\n')).toContain('witness.failed shelf ENOENT')
    expect(notesIn(settings).length).toBeGreaterThan(before)
  })
  it('is not, where the broker has no witness: it starts, as an export alone would not tell', async () => {
    const settings = settingsOf('ward', {})
    await initBroker(settings, silentLog)
    await rollBack(settings)
    await start(settings)
  })
  it('also an empty one, with the keys that were', async () => {
    const folder = join(root, 'shelf')
    mkdirSync(folder)
    const settings = settingsOf('ward', { 'record.witnesses': [{ name: 'shelf', folder }] })
    await initBroker(settings, silentLog)
    await close(await start(settings))
    for (const end of files) rmSync(join(settings.dataDir, databaseFile + end), { force: true })
    expect(await faultOf(start(settings))).toMatch(/^record-rolled-back\n/)
  })
  it('is found by another broker, or as soon as that one is back', async () => {
    const second = settingsOf('second', { 'web.port': await freePort() })
    await initBroker(second, silentLog)
    const before = await start(second)
    const { witnessKey: key, webUrl } = before
    await close(before)
    const ward = settingsOf('ward', {
      'record.witnesses': [{ name: 'second-site', url: `${webUrl}/witness`, key }],
    })
    await initBroker(ward, silentLog)
    const first = await start(ward)
    const { recordKey } = first
    await close(first)
    expect(warned.join('\n')).toContain('witness.failed second-site ECONNREFUSED')

    const watching = settingsOf('second', {
      'web.port': second['web.port'],
      'record.witnessFor': [recordKey],
    })
    const witness = await start(watching)
    await rollBack(ward)
    expect(await faultOf(start(ward))).toContain('the witness second-site has seen')

    // While it is away the broker starts, and says so; when it is back, the broker must stop.
    await close(witness)
    warned = []
    const stopped = new Promise<Error>((resolve, reject) => {
      start(ward, resolve).catch(reject)
    })
    await expect.poll(() => warned.join(), { timeout: 20_000 }).toContain('ECONNREFUSED')
    await start(watching)
    expect(await stopped).toMatchObject({ code: 'record-rolled-back' })
  })
  it('is not what a broker beside its witness sees that goes on', async () => {
    const folder = join(root, 'shelf')
    mkdirSync(folder)
    const settings = settingsOf('ward', { 'record.witnesses': [{ name: 'shelf', folder }] })
    await initBroker(settings, silentLog)
    for (let n = 0; n < 3; n++) {
      const broker = await start(settings)
      await addSomebody(broker)
      await close(broker)
    }
    expect(readFileSync(join(root, 'ward/keys/admin.token'), 'utf8')).not.toBe('')
  })
})

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
