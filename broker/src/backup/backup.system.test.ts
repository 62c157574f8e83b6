// Backup and restore as they are typed, with real processes: beside a broker that serves, killed in
// the middle, and back in a new place, where a witness has seen more or has not.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import 'reflect-metadata'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../../test/kit/broker-core.ts'
import { checkRecord } from '../../../test/kit/check-record.ts'
import { addPerson } from '../flows/add-person.ts'
import { initBroker } from '../init.ts'
import { startBroker } from '../main.ts'
import type { RunningBroker } from '../main.ts'
import { parseSettings } from '../platform/settings.ts'
import { zoneSettings } from '../policy/zone-settings.ts'

const program = fileURLToPath(new URL('../../bin/wardkey-broker.js', import.meta.url))

let root: string
let running: RunningBroker | undefined
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-restore-'))
  mkdirSync(join(root, 'shelf'))
})
afterEach(async () => {
  await running?.close()
  running = undefined
  rmSync(root, { recursive: true })
})

const file = () => join(root, 'settings.yaml')
function settle(change: object = {}): void {
  const settings = {
    dataDir: 'data',
    keysDir: 'keys',
    web: { port: 0 },
    admin: { port: 0 },
    workstations: { port: 0 },
    record: {
      origin: 'kit.example/record',
      witnesses: [{ name: 'shelf', folder: join(root, 'shelf') }],
    },
    ...change,
  }
  writeFileSync(file(), JSON.stringify(settings))
}

function read() {
  const parsed = parseSettings({ file: file(), environment: {} }, zoneSettings)
  if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join('\n'))
  return parsed.settings
}

async function serve(): Promise<RunningBroker> {
  running = await startBroker(read(), silentLog)
  return running
}

async function stop(): Promise<void> {
  await running?.close()
  running = undefined
}

async function addPeople(broker: RunningBroker, count: number): Promise<void> {
  const order = { name: { given: 'Rosa', family: 'Santos' }, roles: ['nurse'], by: 'kit' }
  const all = Array.from({ length: count }, () =>
    broker.needs.perform(() => addPerson(order, broker.needs)),
  )
  await Promise.all(all)
}

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function begin(...words: readonly string[]) {
  const flags = ['--disable-warning=ExperimentalWarning', program, '--settings', file()]
  const child = spawn(process.execPath, [...flags, ...words], { stdio: 'pipe' })
  const texts = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()))
  const ended = once(child, 'close').then((): Ended => ({ code: child.exitCode, ...texts }))
  return { child, ended }
}

const run = (...words: readonly string[]): Promise<Ended> => begin(...words).ended

/** An identity, a place that is initialised, and people in it. */
async function prepare(): Promise<{ identity: string; recipient: string; broker: RunningBroker }> {
  settle()
  await initBroker(read(), silentLog)
  const identity = join(root, 'recovery.txt')
  const made = await run('backup', 'identity', '--out', identity)
  expect(made.code).toBe(0)
  expect(statSync(identity).mode & 0o777).toBe(0o600)
  const recipient = made.out.split('\n')[0] ?? ''
  settle({ backup: { recipients: [recipient] } })
  const broker = await serve()
  await addPeople(broker, 40)
  return { identity, recipient, broker }
}

/** As on a new machine: no data, the keys from their own backup. */
function loseData(): void {
  rmSync(join(root, 'data'), { recursive: true })
}

describe('a backup of a broker that serves', () => {
  it('comes back whole on another machine, as new as the witness', async () => {
    const { identity, broker } = await prepare()
    mkdirSync(join(root, 'backups'))
    const done = await run('backup', join(root, 'backups'))
    expect(done).toMatchObject({ code: 0, err: '' })
    const [name = ''] = readdirSync(join(root, 'backups'))
    const backup = join(root, 'backups', name)
    expect(name).toMatch(/^wardkey-[0-9]{8}T[0-9]{6}Z\.age$/)
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    const { recordKey } = broker
    // The witness has seen no more than the backup has, where the broker is gone at that moment.
    const facts = await broker.needs.db.selectFrom('fact').select('code').execute()
    expect(facts.map(({ code }) => code)).toEqual(expect.arrayContaining(['BCK-001', 'BCK-002']))
    await stop()
    rmSync(join(root, 'shelf'), { recursive: true })
    mkdirSync(join(root, 'shelf'))

    expect(await run('backup', 'verify', backup, '--identity', identity)).toMatchObject({ code: 0 })
    loseData()
    const restored = await run('restore', backup, '--identity', identity)
    expect(restored.err).toBe('')
    expect(restored.code).toBe(0)
    expect(restored.out).toMatch(/Restored: .* the record as it was signed/)
    expect(restored.out).toMatch(/shelf has seen nothing newer than these [0-9]+ facts/)
    const again = await serve()
    expect(again.recordKey).toBe(recordKey)
    const codes = (await checkRecord(again.needs.db, recordKey)).map(({ code }) => code)
    expect(codes).toContain('BCK-003')
    expect(codes.filter((code) => code === 'PER-001')).toHaveLength(40)
  }, 120_000)

  it('that is older than a witness has seen says so, and what to do', async () => {
    const { identity, broker } = await prepare()
    const backup = join(root, 'a.age')
    expect((await run('backup', backup)).code).toBe(0)
    await addPeople(broker, 5)
    await stop()
    loseData()
    const restored = await run('restore', backup, '--identity', identity)
    expect(restored.code).toBe(1)
    expect(restored.err).toMatch(/OLDER than what a witness has seen: [0-9]+ facts are missing/)
    expect(restored.err).toContain('Restore a newer backup')
    await expect(serve()).rejects.toMatchObject({ code: 'record-rolled-back' })
  }, 120_000)

  it('killed in the middle of a restore leaves nothing, and goes in the next time', async () => {
    const { identity, broker } = await prepare()
    await addPeople(broker, 2_000)
    const backup = join(root, 'a.age')
    expect((await run('backup', backup)).code).toBe(0)
    await stop()
    loseData()
    let killed = 0
    for (const afterMs of [400, 600, 700, 800, 900, 1_000]) {
      const { child, ended } = begin('restore', backup, '--identity', identity)
      const timer = setTimeout(() => child.kill('SIGKILL'), afterMs)
      const { code } = await ended
      clearTimeout(timer)
      // The shelf has seen more than the backup: restored is 1.
      if (code !== null) break
      killed += 1
    }
    expect(killed).toBeGreaterThan(0)
    const last = await run('restore', backup, '--identity', identity)
    const isDone = last.out.includes('Restored: ') || last.err.includes('[store-not-empty]')
    expect(isDone || last.err.includes('holds something already')).toBe(true)
    rmSync(join(root, 'shelf'), { recursive: true })
    mkdirSync(join(root, 'shelf'))
    const again = await serve()
    const codes = (await checkRecord(again.needs.db, again.recordKey)).map(({ code }) => code)
    expect(codes.filter((code) => code === 'BCK-003')).toHaveLength(1)
    expect(codes.filter((code) => code === 'PER-001')).toHaveLength(2_040)
  }, 180_000)

  it('killed while it is written bears no name, and does not keep the next one out', async () => {
    const { identity, broker } = await prepare()
    await addPeople(broker, 2_000)
    const backup = join(root, 'a.age')
    const { child, ended } = begin('backup', backup)
    while (!existsSync(`${backup}.unfinished`) && child.exitCode === null) {
      await new Promise((done) => setImmediate(done))
    }
    child.kill('SIGKILL')
    await ended
    expect(existsSync(backup)).toBe(false)
    expect((await run('backup', backup)).code).toBe(0)
    expect(existsSync(`${backup}.unfinished`)).toBe(false)
    expect((await run('backup', 'verify', backup, '--identity', identity)).code).toBe(0)
  }, 120_000)
})

describe('a backup of the key folder', () => {
  it('is for other people than the data, and comes back as it was', async () => {
    const { identity, recipient } = await prepare()
    const file = join(root, 'keys.age')
    expect(await run('backup', 'keys', file, '--recipient', recipient)).toMatchObject({ code: 1 })
    const safe = join(root, 'safe.txt')
    const made = await run('backup', 'identity', '--out', safe)
    const other = made.out.split('\n')[0] ?? ''
    expect((await run('backup', 'keys', file, '--recipient', other)).code).toBe(0)
    await stop()
    const before = join(root, 'before')
    cpSync(join(root, 'keys'), before, { recursive: true })
    rmSync(join(root, 'keys'), { recursive: true })
    expect(await run('restore-keys', file, '--identity', identity)).toMatchObject({ code: 1 })
    expect((await run('restore-keys', file, '--identity', safe)).code).toBe(0)
    const names = readdirSync(before).sort()
    expect(readdirSync(join(root, 'keys')).sort()).toEqual(names)
    for (const name of names) {
      const [a, b] = [join(before, name), join(root, 'keys', name)].map((one) => readFileSync(one))
      expect(a).toEqual(b)
    }
    writeFileSync(join(root, 'keys', 'master.key'), 'A'.repeat(43), { mode: 0o600 })
    expect((await run('restore-keys', file, '--identity', safe)).code).toBe(78)
  }, 120_000)
})

describe('refuses', () => {
  it('a backup that nobody could open', async () => {
    settle()
    await initBroker(read(), silentLog)
    const { code, err } = await run('backup', join(root, 'a.age'))
    expect(code).toBe(2)
    expect(err).toContain('Nobody could open it')
  }, 60_000)
  it('an identity that others can read, and shows nothing of it', async () => {
    const { identity } = await prepare()
    const backup = join(root, 'a.age')
    await run('backup', backup)
    const open = join(root, 'open.txt')
    writeFileSync(open, readFileSync(identity), { mode: 0o644 })
    const { code, out, err } = await run('restore', backup, '--identity', open)
    expect(code).toBe(78)
    expect(out + err).not.toContain('AGE-SECRET')
  }, 60_000)
  it('to restore over what is there', async () => {
    const { identity } = await prepare()
    const backup = join(root, 'a.age')
    await run('backup', backup)
    await stop()
    const { code, err } = await run('restore', backup, '--identity', identity)
    expect(code).toBe(1)
    expect(err).toContain('into an empty one only')
  }, 60_000)
})
