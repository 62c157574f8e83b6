// wardkey-broker as it is typed: the real program in processes of its own, by its exit codes, its
// words, and what it never shows.

import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { databaseFile } from './open-store.ts'

const program = fileURLToPath(new URL('../bin/wardkey-broker.js', import.meta.url))
const nobody = '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55'
const pin = '48261739'

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function begin(words: readonly string[]): ChildProcessWithoutNullStreams {
  const flags = ['--disable-warning=ExperimentalWarning', program]
  return spawn(process.execPath, [...flags, ...words], { stdio: 'pipe' })
}

async function finish(child: ChildProcessWithoutNullStreams, input = ''): Promise<Ended> {
  const texts = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()))
  child.stdin.end(input)
  await once(child, 'close')
  return { code: child.exitCode, ...texts }
}

/** A hospital's folder, with settings; nothing is made yet. */
class Place {
  readonly root = mkdtempSync(join(tmpdir(), 'wardkey-command-'))
  readonly file = join(this.root, 'settings.yaml')
  readonly keysDir = join(this.root, 'keys')
  readonly database = join(this.root, 'data', databaseFile)

  write(settings: object): void {
    writeFileSync(this.file, JSON.stringify(settings))
  }

  async settle(change: object = {}): Promise<void> {
    const [web, admin, workstations] = await freePorts()
    this.write({
      dataDir: 'data',
      keysDir: 'keys',
      web: { port: web },
      admin: { port: admin },
      workstations: { port: workstations },
      record: { origin: 'kit.example/record' },
      zones: [{ id: '4-west', kind: 'ward', label: '4 West', rules: { roles: ['nurse'] } }],
      ...change,
    })
  }

  run(words: readonly string[], input = ''): Promise<Ended> {
    return finish(begin(['--settings', this.file, ...words]), input)
  }

  /** Serves until it is ended; what it says last is waited for. */
  async serve() {
    const child = begin(['--settings', this.file, '--json', 'serve'])
    const ended = finish(child)
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => {
        resolve(chunk.toString())
      })
      void ended.then(({ err }) => {
        reject(new Error(err))
      })
    })
    return { child, ended, line }
  }

  remove(): void {
    rmSync(this.root, { recursive: true })
  }
}

async function freePorts(): Promise<readonly (number | undefined)[]> {
  const servers = [createServer(), createServer(), createServer()]
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const address = server.address()
      return typeof address === 'object' ? address?.port : undefined
    }),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

describe('a Node that cannot read our files', () => {
  it.each([
    ['wardkey-broker', 'broker/bin/wardkey-broker.js'],
    ['wardkey-record', 'broker/bin/wardkey-record.js'],
    ['wardkey-agent', 'agent/bin/wardkey-agent.js'],
  ])('is told by %s which one is needed, in one line', async (name, file) => {
    const path = fileURLToPath(new URL(`../../${file}`, import.meta.url))
    // As Node 20 is: it knows nothing of types.
    const flags = ['--no-experimental-strip-types', path, '--version']
    const ended = await finish(spawn(process.execPath, flags, { stdio: 'pipe' }))
    expect(ended).toMatchObject({ code: 69, out: '' })
    expect(ended.err).toMatch(new RegExp(`^${name}: .*22\\.18 or later.*npx ${name}\n$`))
  })
})

describe('a broker that runs', () => {
  const place = new Place()
  let served: Awaited<ReturnType<Place['serve']>>
  let rosa: string

  const id = async (...words: string[]): Promise<string> => {
    const { code, out } = await place.run(words)
    expect(code).toBe(0)
    return out.split('\n')[0] ?? ''
  }

  beforeAll(async () => {
    await place.settle()
    const first = await place.run(['init'])
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('admin.token') as string })
    const token = readFileSync(join(place.keysDir, 'admin.token'), 'utf8').trim()
    expect(first.out + first.err).not.toContain(token)
    expect(first.err).toBe('Making what is missing of keys and database: some seconds …\n')
    expect(first.out).toMatch(/^Next: wardkey-broker serve\..*docs\/first-tap\.md/m)
    served = await place.serve()
    rosa = await id('person', 'add', '--given', 'Rosa', '--family', 'Santos', '--role', 'nurse')
  })
  afterAll(() => {
    served.child.kill('SIGKILL')
    place.remove()
  })

  it('says where it is, once it is ready', () => {
    const said = z.object({ ready: z.literal(true), webUrl: z.url(), workstationUrl: z.url() })
    expect(said.parse(JSON.parse(served.line)).webUrl).toMatch(/^http:\/\/127/)
  })
  it('is initialised only once, also while it runs', async () => {
    const keys = readFileSync(join(place.keysDir, 'master.key'))
    expect(await place.run(['init'])).toMatchObject({
      code: 0,
      out: 'Everything was there already.\n',
      err: '',
    })
    expect(readFileSync(join(place.keysDir, 'master.key'))).toEqual(keys)
  })
  it('knows its people', async () => {
    expect((await place.run(['person', 'list'])).out).toMatch(/Rosa Santos +active +nurse/)
    expect((await place.run(['person', 'show', rosa])).out).toContain('PIN      none')
    const listed = JSON.parse((await place.run(['--json', 'person', 'list'])).out) as unknown
    expect(listed).toMatchObject({ people: [{ personId: rosa, roles: ['nurse'] }] })
  })
  it('enrols a badge, and shows how others write its number', async () => {
    const words = ['badge', 'enrol', rosa, '--csn', '04:A1:B2:C3:D4:E5:80']
    const { out } = await place.run(words)
    expect(out).toMatch(/decimal +1303689068602752/)
    const [badge = ''] = out.split('\n')
    expect((await place.run(['badge', 'list', rosa])).out).toContain('04a1b2c3d4e580')
    expect((await place.run(['badge', 'lost', badge])).out).toBe('The badge is lost now.\n')
    expect((await place.run(['badge', 'restore', badge])).code).toBe(0)
    expect(await place.run(words)).toMatchObject({
      code: 1,
      err: expect.stringContaining('[badge-taken]') as string,
    })
  })
  it('takes a PIN from standard input, and shows it nowhere', async () => {
    const set = await place.run(['pin', 'set', rosa], `${pin}\n`)
    expect(set).toEqual({ code: 0, out: 'The PIN is set.\n', err: '' })
    const weak = await place.run(['pin', 'set', rosa], '12345678\n')
    expect(weak.code).toBe(1)
    expect(weak.err).toContain('[pin-guessable]')
    expect(weak.err + weak.out).not.toContain('12345678')
    // As an argument it is refused, before anything is sent.
    expect((await place.run(['pin', 'set', rosa, pin])).code).toBe(2)
    const db = readFileSync(place.database).toString('latin1')
    expect(db + readFileSync(`${place.database}-wal`).toString('latin1')).not.toContain(pin)
  })
  it('tells an enrolment token once, alone on standard output', async () => {
    const { code, out, err } = await place.run(['workstation', 'token', '--zone', '4-west'])
    expect(code).toBe(0)
    expect(out).toMatch(/^wke_[A-Za-z0-9_-]{43}\n$/)
    expect(err).not.toContain(out.trim())
    expect(err).toMatch(/[0-9a-f]{64}/)
    const db = readFileSync(`${place.database}-wal`).toString('latin1')
    expect(db).not.toContain(out.trim().slice(4))
  })
  it('lists workstations, zones and who is where', async () => {
    expect((await place.run(['workstation', 'list'])).out).toBe('None is enrolled yet.\n')
    expect((await place.run(['zone', 'list'])).out).toMatch(/4-west +ward +4 West +nurse +grace/)
    expect((await place.run(['session', 'list'])).out).toBe('Nobody is signed in.\n')
  })
  it('gives out its record, which proves itself, and not when it was changed', async () => {
    const file = join(place.root, 'record.ndjson')
    expect((await place.run(['record', 'export', '--out', file])).code).toBe(0)
    const again = await place.run(['record', 'export', '--out', file])
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('already') as string })
    const vkey = (await place.run(['record', 'head', '--vkey'])).out.trim()
    const verify = ['record', 'verify', '--export', file, '--vkey', vkey]
    expect(await place.run(verify)).toMatchObject({ code: 0 })
    // Its own key as a witness has cosigned nothing of it.
    const witness = (await place.run(['record', 'head', '--witness-key'])).out.trim()
    expect(await place.run([...verify, '--witness', witness])).toMatchObject({
      code: 1,
      out: expect.stringContaining('too few witnesses') as string,
    })
    writeFileSync(file, readFileSync(file, 'utf8').replace('PER-001', 'PER-002'))
    expect((await place.run(verify)).code).toBe(1)
    const facts = (await place.run(['record', 'facts', '--code', 'PER-001'])).out
    expect(facts).toContain('A person was added.')
    expect(facts).not.toContain('Santos')
  })
  it('proves one fact to anybody who has the key, and not when it was changed', async () => {
    const file = join(place.root, 'fact.tlog-proof')
    const vkey = (await place.run(['record', 'head', '--vkey'])).out.trim()
    expect((await place.run(['record', 'prove', '2', '--out', file])).code).toBe(0)
    expect((await place.run(['record', 'prove', '2', '--out', file])).code).toBe(1)
    const verify = ['record', 'verify-proof', file, '--vkey', vkey]
    const proved = await place.run(verify)
    expect(proved).toMatchObject({ code: 0, out: expect.stringContaining('fact 2 of') as string })
    const json = z.object({ index: z.literal(2), fact: z.string() })
    expect(proved.out).toContain(
      json.parse(JSON.parse((await place.run(['--json', ...verify])).out)).fact,
    )
    writeFileSync(file, readFileSync(file, 'utf8').replace('index 2', 'index 1'))
    expect(await place.run(verify)).toMatchObject({
      code: 1,
      out: 'The fact is NOT proved: the fact does not lead to what was signed.\n',
    })
  })
  it('makes evidence that proves itself without it, and tells a changed one', async () => {
    const file = join(place.root, 'evidence.zip')
    const vkey = (await place.run(['record', 'head', '--vkey'])).out.trim()
    const day = new Date().toISOString().slice(0, 10)
    const make = ['evidence', '--from', day, '--to', day, '--purpose', 'drill', '--out', file]
    expect(await place.run(make)).toMatchObject({ code: 0 })
    expect(await place.run(make)).toMatchObject({ code: 1 })
    const verify = ['evidence', 'verify', file, '--vkey', vkey]
    const valid = await place.run(verify)
    expect(valid).toMatchObject({ code: 0, out: expect.stringContaining('Valid:') as string })
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.of(0)]))
    expect(await place.run(verify)).toMatchObject({
      code: 1,
      err: expect.stringContaining('NOT valid') as string,
    })
  })
  it('makes evidence after its key was changed, which the key before leads to', async () => {
    const file = join(place.root, 'after.zip')
    const [changes, day] = [join(place.root, 'changes'), new Date().toISOString().slice(0, 10)]
    const before = (await place.run(['record', 'head', '--vkey'])).out.trim()
    expect(await place.run(['keys', 'rotate', 'record'])).toMatchObject({ code: 0 })
    const keyNow = async () => (await place.run(['record', 'head', '--vkey'])).out.trim()
    await expect.poll(keyNow, { timeout: 20_000 }).not.toBe(before)
    const make = ['evidence', '--from', day, '--to', day, '--purpose', 'drill', '--out', file]
    expect(await place.run(make)).toMatchObject({ code: 0 })
    writeFileSync(changes, (await place.run(['record', 'keys'])).out)
    const verify = ['evidence', 'verify', file, '--vkey']
    expect(await place.run([...verify, await keyNow()])).toMatchObject({ code: 0 })
    expect(await place.run([...verify, before, '--keys', changes])).toMatchObject({ code: 0 })
    expect(await place.run([...verify, before])).toMatchObject({
      code: 1,
      err: expect.stringContaining('--keys') as string,
    })
  })
  it.each([
    [['record', 'prove', '4711'], 1, 'fact-unknown'],
    [['record', 'prove', 'first'], 1, 'request-not-understood'],
    [['record', 'prove', '0', '--size', '999999'], 1, 'checkpoint-unknown'],
    [['record', 'verify-proof', '/nowhere.tlog-proof', '--vkey', 'x'], 2, 'no such file'],
    [['person', 'show', nobody], 1, 'person-unknown'],
    [['person', 'show', 'me'], 2, 'named by her id'],
    [['workstation', 'token', '--zone', 'nowhere'], 1, 'zone-unknown'],
    [['workstation', 'token', '--zone', '4-west', '--uses', '0'], 2, '--uses'],
    [['workstation', 'revoke', nobody], 1, 'workstation-unknown'],
    [['badge', 'enrol', nobody], 2, '--csn'],
    [['badge', 'enrol', nobody, '--csn', 'xyz'], 2, 'hex'],
    [['person', 'change', nobody, '--given', 'A'], 2, '--family'],
    [['person', 'add'], 2, '--given'],
    [['persn'], 2, 'unknown command'],
    [['person', '--no-such'], 2, 'unknown option'],
  ])('refuses %j with %d', async (words, code, text) => {
    const ended = await place.run(words)
    expect([ended.code, ended.out]).toEqual([code, ''])
    expect(ended.err).toContain(text)
    expect(ended.err).not.toMatch(/\n +at /)
  })
  it('refuses a token that others can read, and one that is none', async () => {
    const file = join(place.root, 'other.token')
    writeFileSync(file, readFileSync(join(place.keysDir, 'admin.token')), { mode: 0o644 })
    expect((await place.run(['--token-file', file, 'zone', 'list'])).code).toBe(78)
    chmodSync(file, 0o600)
    expect((await place.run(['--token-file', file, 'zone', 'list'])).code).toBe(0)
    writeFileSync(file, 'wka_x')
    expect((await place.run(['--token-file', file, 'zone', 'list'])).code).toBe(78)
    writeFileSync(file, `wka_${'a'.repeat(43)}`)
    expect(await place.run(['--token-file', file, 'zone', 'list'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('[token-missing]') as string,
    })
  })
  it('ends in order when it is told to, with the record signed to its last fact', async () => {
    served.child.kill('SIGTERM')
    const { code, err } = await served.ended
    expect([code, err]).toEqual([0, expect.stringContaining('signing the record')])
    const db = new Database(place.database, { readonly: true })
    const last = db.prepare('select idx, code from fact order by idx desc limit 1').get()
    const signed = db.prepare('select max(size) as size from checkpoint').get()
    db.close()
    const { idx, code: lastCode } = z.object({ idx: z.int(), code: z.string() }).parse(last)
    expect(lastCode).toBe('SYS-002')
    expect(z.object({ size: z.int() }).parse(signed).size).toBe(idx + 1)
    expect(await place.run(['zone', 'list'])).toMatchObject({
      code: 69,
      err: expect.stringContaining('wardkey-broker serve') as string,
    })
  })
})

describe('a broker that cannot run says why, and what to do', () => {
  it('everything that is wrong in its settings at once', async () => {
    const place = new Place()
    place.write({ web: { port: 99_999, hst: 'x' }, dataDir: '/d', keysDir: '/d/k' })
    const { code, err } = await place.run(['serve'])
    expect(code).toBe(78)
    expect(err).toMatch(/settings\.yaml:1: web\.port: /)
    expect(err).toMatch(/settings\.yaml:1: web\.hst: there is no such setting/)
    place.remove()
  })
  it('that it was never initialised', async () => {
    const place = new Place()
    await place.settle()
    const { code, err } = await place.run(['serve'])
    expect([code, err]).toEqual([78, expect.stringContaining('wardkey-broker init')])
    place.remove()
  })
  it('keys that others can read, a port that is taken, data without its keys', async () => {
    const place = new Place()
    await place.settle()
    await place.run(['init'])
    const served = await place.serve()
    const second = await place.run(['serve'])
    expect([second.code, second.err]).toEqual([69, expect.stringContaining('web.port')])
    served.child.kill('SIGTERM')
    expect((await served.ended).code).toBe(0)
    chmodSync(join(place.keysDir, 'record.key.sealed'), 0o644)
    const open = await place.run(['serve'])
    expect([open.code, open.err]).toEqual([78, expect.stringContaining('chmod 600')])
    rmSync(place.keysDir, { recursive: true })
    const orphaned = await place.run(['init'])
    expect([orphaned.code, orphaned.err]).toEqual([78, expect.stringContaining('restore them')])
    expect(existsSync(join(place.keysDir, 'master.key'))).toBe(false)
    place.remove()
  })
  it('a record that somebody changed: it does not serve', async () => {
    const place = new Place()
    await place.settle()
    await place.run(['init'])
    const served = await place.serve()
    served.child.kill('SIGTERM')
    await served.ended
    const db = new Database(place.database)
    db.prepare("update fact set body = cast(replace(body, 'init', 'evil') as blob)").run()
    db.close()
    const { code, err } = await place.run(['serve'])
    expect([code, err]).toEqual([1, expect.stringContaining('not the one that was signed')])
    place.remove()
  })
  it('a database that breaks under it: it ends at once, with 70', async () => {
    const place = new Place()
    await place.settle()
    await place.run(['init'])
    const served = await place.serve()
    for (const suffix of ['', '-wal']) writeFileSync(`${place.database}${suffix}`, 'x'.repeat(8192))
    const { webUrl } = z.object({ webUrl: z.url() }).parse(JSON.parse(served.line))
    // Whatever asks it to write next is answered by nobody.
    await expect(fetch(`${webUrl}/readyz`)).rejects.toThrow()
    const { code, err } = await served.ended
    expect([code, err]).toEqual([70, expect.stringContaining('broker.fatal')])
    place.remove()
  })
})

describe('help', () => {
  it('is there for every command, with the exit codes and examples', async () => {
    const { code, out } = await finish(begin(['--help']))
    expect(code).toBe(0)
    for (const word of [
      'init',
      'serve',
      'person',
      'badge',
      'pin',
      'workstation',
      'zone',
      'record',
    ]) {
      expect(out).toMatch(new RegExp(`^ +${word}\\b`, 'm'))
    }
    expect(out).toMatch(/^ +78 /m)
    expect(out).toContain('Examples:')
    expect((await finish(begin(['badge', 'enrol', '--help']))).out).toContain('Example:')
    expect((await finish(begin(['--version']))).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
  it('is shown where nothing was asked', async () => {
    const { code, err } = await finish(begin([]))
    expect([code, err]).toEqual([2, expect.stringContaining('Usage')])
  })
})
