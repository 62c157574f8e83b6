// The whole broker in one process, on real ports: how it starts, what it lets in, what a restart keeps,
// how it stops, and where it refuses to start at all.

import 'reflect-metadata'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID, webcrypto } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import Database from 'better-sqlite3'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { zoneId } from '@wardkey/protocol/ids'
import { enrolPath, identityAnswer, socketPath } from '@wardkey/protocol/workstation/enrolment'
import { parseBrokerFrame } from '@wardkey/protocol/workstation/parse-frame'
import { protocolVersion, subprotocol } from '@wardkey/protocol/workstation/version'
import { silentLog } from '../../test/kit/broker-core.ts'
import { checkRecord } from '../../test/kit/check-record.ts'
import { tellFault } from './doors/command-line/exit.ts'
import { mintToken } from './flows/enrolment/mint-token.ts'
import { revokeWorkstation } from './flows/enrolment/revoke-workstation.ts'
import { initBroker } from './init.ts'
import { startBroker } from './main.ts'
import type { RunningBroker } from './main.ts'
import { databaseFile, openStore } from './open-store.ts'
import { Fault } from './platform/fault.ts'
import { makeKeys } from './platform/keys/keys.ts'
import { parseSettings } from './platform/settings.ts'
import type { Settings } from './platform/settings.ts'
import { zoneSettings } from './policy/zone-settings.ts'

const ward = { id: '4-west', kind: 'nurse-station', label: '4 West', rules: { roles: ['nurse'] } }

let keysDir: string
let root: string
let running: RunningBroker[]

beforeAll(() => {
  keysDir = mkdtempSync(join(tmpdir(), 'wardkey-main-keys-'))
  makeKeys({ keysDir, masterKey: '' })
})
afterAll(() => {
  rmSync(keysDir, { recursive: true })
})
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-main-'))
  mkdirSync(join(root, 'data'))
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((broker) => broker.close()))
  rmSync(root, { recursive: true })
})

function settingsWith(change: Record<string, unknown> = {}): Settings {
  const given = {
    dataDir: join(root, 'data'),
    keysDir,
    'web.port': 0,
    'admin.port': 0,
    'workstations.port': 0,
    'record.origin': 'kit.example/record',
    zones: [ward],
    ...change,
  }
  const parsed = parseSettings({ given, environment: {} }, zoneSettings)
  if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join('\n'))
  return parsed.settings
}

async function start(change: Record<string, unknown> = {}): Promise<RunningBroker> {
  const broker = await startBroker(settingsWith(change), silentLog)
  running.push(broker)
  return broker
}

async function faultOf(starting: Promise<unknown>): Promise<Fault> {
  const thrown: unknown = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (thrown instanceof Fault) return thrown
  throw new Error('it started')
}

const messageOf = ({ cause }: Fault): string => (cause instanceof Error ? cause.message : '')

interface Identity {
  readonly workstationId: string
  readonly cert: string
  readonly key: string
}

async function enrol(broker: RunningBroker): Promise<Identity> {
  const order = { zoneId: zoneId.parse('4-west'), uses: 1, lifeMs: 600_000, by: 'kit' }
  const { perform } = broker.needs
  const { answer } = await perform(() => mintToken(order, broker.needs))
  if (answer.kind !== 'minted') throw new Error(answer.code)
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=x',
    keys,
    signingAlgorithm: algorithm,
  })
  const csrPem = `${csr.toString('pem')}\n`
  const { Agent, request } = await import('node:https')
  const body = JSON.stringify({ token: answer.token, csrPem, place: '4 West, 2' })
  const text = await new Promise<string>((resolve, reject) => {
    const sending = request(
      new URL(enrolPath, broker.workstationUrl),
      {
        method: 'POST',
        agent: new Agent(),
        ca: broker.caPem,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        let all = ''
        response.on('data', (chunk: Buffer) => (all += chunk.toString()))
        response.on('end', () => {
          resolve(all)
        })
      },
    )
    sending.on('error', reject)
    sending.end(body)
  })
  const { workstationId, certificatePem } = identityAnswer.parse(JSON.parse(text))
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  const key = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
  return { workstationId, cert: certificatePem, key }
}

interface Connected {
  readonly welcome: unknown
  readonly isResumed: boolean
  readonly session: Buffer | undefined
  readonly closed: Promise<number>
}

/** As an agent says hello; rejects where the door does not let it. */
function connect(
  broker: RunningBroker,
  { cert, key }: Identity,
  session?: Buffer,
): Promise<Connected> {
  const socket = new WebSocket(new URL(socketPath, broker.workstationUrl), [subprotocol], {
    ...{ cert, key, ca: broker.caPem, minVersion: 'TLSv1.3' },
    ...(session === undefined ? {} : { session }),
  })
  let tls: TLSSocket | undefined
  socket.once('upgrade', (response) => {
    if (response.socket instanceof TLSSocket) tls = response.socket
  })
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(String(response.statusCode)))
    })
    socket.once('error', reject)
    void closed.then((code) => {
      reject(new Error(String(code)))
    })
    socket.once('open', () => {
      const hello = {
        kind: 'hello',
        id: '5f2b7c1e-0d7a-4a55-8d2c-3f1f4f0e9b11',
        version: protocolVersion,
        agentVersion: '0.1.0',
        bootId: '0000-0001',
        platform: 'linux',
        atMs: 1,
      }
      socket.send(JSON.stringify(hello))
    })
    socket.once('message', (data: Buffer) => {
      const parsed = parseBrokerFrame(data.toString())
      const welcome = parsed.kind === 'parsed' ? parsed.frame : undefined
      // The ticket has come by now: it is sent with the handshake's last flight.
      const isResumed = tls?.isSessionReused() ?? false
      resolve({ welcome, isResumed, session: tls?.getSession(), closed })
    })
  })
}

async function get(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url)
  return { status: response.status, text: await response.text() }
}

/** What a stopped broker left on disk, verified by the key it had given out. */
async function recordOf(recordKey: string) {
  const store = await openStore(settingsWith(), (cause) => {
    throw cause
  })
  const facts = await checkRecord(store.read, recordKey)
  const unsigned = await store.read
    .selectFrom('checkpoint')
    .select('size')
    .orderBy('size', 'desc')
    .executeTakeFirstOrThrow()
  await store.close()
  return { facts, signed: unsigned.size }
}

describe('the broker', () => {
  it('serves browsers, administration and workstations, and says that it is ready', async () => {
    const broker = await start()
    const ready = await get(`${broker.webUrl}/readyz`)
    expect(ready).toMatchObject({ status: 200, text: expect.stringContaining('"ready"') as string })
    expect((await get(`${broker.adminUrl}/healthz`)).status).toBe(200)
    const discovery = await get(`${broker.webUrl}/oidc/.well-known/openid-configuration`)
    expect(discovery.text).toContain(`"issuer":"${broker.webUrl}/oidc"`)
    const { welcome } = await connect(broker, await enrol(broker))
    expect(welcome).toMatchObject({
      kind: 'welcome',
      place: '4 West, 2',
      rules: { zoneId: '4-west' },
    })
  })
  it('counts for operators, and never names anybody', async () => {
    const broker = await start()
    const identity = await enrol(broker)
    await connect(broker, identity)
    const { text } = await get(`${broker.adminUrl}/metrics`)
    expect(text).toMatch(/^wardkey_connections 1$/m)
    expect(text).toMatch(/^wardkey_tap_seconds_count\{stage="hello",outcome="welcome"\} 1$/m)
    expect(text).toMatch(/^wardkey_enrolments_total\{outcome="certified"\} 1$/m)
    expect(text).toMatch(/^wardkey_commit_batch_units_count [1-9]/m)
    expect(text).not.toContain(identity.workstationId)
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
  })
  it('keeps metrics and administration off the browsers’ port', async () => {
    const broker = await start()
    expect((await get(`${broker.webUrl}/metrics`)).status).toBe(404)
    expect((await get(`${broker.webUrl}/admin/v1/people`)).status).toBe(404)
    expect((await get(`${broker.adminUrl}/admin/v1/people`)).status).toBe(401)
    mkdirSync(join(root, 'other'))
    const quiet = await start({ 'metrics.enabled': false, dataDir: join(root, 'other') })
    expect((await get(`${quiet.adminUrl}/metrics`)).status).toBe(404)
  })
  it('is the same to its workstations after a restart, without a full handshake', async () => {
    const first = await start()
    const identity = await enrol(first)
    const { session, closed } = await connect(first, identity)
    await first.close()
    expect(await closed).toBe(1001)
    const second = await start()
    expect(second.caPem).toBe(first.caPem)
    const back = await connect(second, identity, session)
    expect(back).toMatchObject({ isResumed: true, welcome: { kind: 'welcome' } })
  })
  it('closes the connection of a workstation that is revoked, and lets it in no more', async () => {
    const broker = await start()
    const identity = await enrol(broker)
    const { closed, session } = await connect(broker, identity)
    const id = broker.door.connections.all().next().value?.workstationId
    if (id === undefined) throw new Error('nobody is connected')
    const { perform } = broker.needs
    await perform(() => revokeWorkstation({ workstationId: id, by: 'kit' }, broker.needs))
    expect(await closed).toBe(4401)
    await expect(connect(broker, identity)).rejects.toThrow('403')
    await expect(connect(broker, identity, session)).rejects.toThrow('403')
  })
  it('signs everything before it is gone: that it went, too', async () => {
    const broker = await start()
    const { closed } = await connect(broker, await enrol(broker))
    await broker.close()
    expect(await closed).toBe(1001)
    const { facts, signed } = await recordOf(broker.recordKey)
    const codes = facts.map(({ code }) => code)
    expect(codes[0]).toBe('SYS-001')
    expect(codes.slice(-2)).toEqual(['WKS-005', 'SYS-002'])
    expect(signed).toBe(facts.length)
  })
  it('can be closed twice, and answers nobody after', async () => {
    const broker = await start()
    await Promise.all([broker.close(), broker.close()])
    await expect(get(`${broker.webUrl}/healthz`)).rejects.toThrow()
    await expect(get(`${broker.adminUrl}/healthz`)).rejects.toThrow()
  })
  it('tells the record of a zone only when its rules changed', async () => {
    await (await start()).close()
    await (await start()).close()
    const rules = { roles: ['nurse', 'physician'] }
    const third = await start({ zones: [{ ...ward, rules }] })
    await third.close()
    const { facts } = await recordOf(third.recordKey)
    const zones = facts.filter(({ code }) => code === 'ZON-001').map(({ fields }) => fields)
    expect(zones).toMatchObject([{ outcome: 'added' }, { outcome: 'changed' }])
  })
})

const postgresUrl = process.env['WARDKEY_TEST_POSTGRES_URL']
describe.runIf(postgresUrl !== undefined)('on PostgreSQL', () => {
  const name = `wardkey_main_${randomUUID().replaceAll('-', '')}`
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: postgresUrl })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  const change = (): Record<string, unknown> => {
    const url = new URL(postgresUrl ?? '')
    url.pathname = `/${name}`
    return { 'store.kind': 'postgres', 'store.postgresUrl': url.href }
  }

  it('is initialised, serves, and refuses new keys beside its old data', async () => {
    await run(`create database ${name}`)
    const settings = settingsWith({ ...change(), keysDir: join(root, 'keys') })
    expect((await initBroker(settings, silentLog)).join()).toContain('database: postgres')
    expect(await initBroker(settings, silentLog)).toEqual([])
    const broker = await start({ ...change(), keysDir: join(root, 'keys') })
    const { welcome } = await connect(broker, await enrol(broker))
    expect(welcome).toMatchObject({ kind: 'welcome' })
    await broker.close()
    const store = await openStore(settings, (cause) => {
      throw cause
    })
    const facts = await checkRecord(store.read, broker.recordKey)
    expect(facts.at(-1)?.code).toBe('SYS-002')
    await store.close()
    rmSync(join(root, 'keys'), { recursive: true })
    expect((await faultOf(initBroker(settings, silentLog))).code).toBe('key-missing')
    await run(`drop database ${name} with (force)`)
  })
  it('says that the database does not answer', async () => {
    const fault = await faultOf(start(change()))
    expect(fault.code).toBe('store-unavailable')
  })
})

describe('refuses to start', () => {
  it.each(['web', 'admin', 'workstations'])(
    'on a port that is taken (%s), and says so',
    async (door) => {
      const other = createServer()
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
      const address = other.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const fault = await faultOf(start({ [`${door}.port`]: port }))
      expect(fault.code).toBe('port-taken')
      expect(tellFault(fault)).toBe(
        'Another program has the port.\n' +
          `  127.0.0.1:${String(port)} (${door}.port)\n` +
          'End it, or set another port.',
      )
      await new Promise((resolve) => other.close(resolve))
      // Nothing of the failed start is left open: the same ports and files can be had at once.
      await (await start({ [`${door}.port`]: port })).close()
    },
  )
  it('without its keys', async () => {
    const fault = await faultOf(start({ keysDir: join(root, 'none') }))
    expect(fault.code).toBe('key-missing')
    expect(messageOf(fault)).toContain('wardkey-broker init')
  })
  it('without its data folder: a wrong path must not begin a new record', async () => {
    const fault = await faultOf(start({ dataDir: join(root, 'none') }))
    expect(fault.code).toBe('store-unavailable')
    expect(messageOf(fault)).toContain('wardkey-broker init')
  })
  it('with an adapter that does not exist', async () => {
    const launch = { id: 'chart', adapter: 'no-such', launchUrl: 'https://ehr.example/login' }
    const client = {
      clientId: 'ehr',
      name: 'Chart',
      secret: 's'.repeat(32),
      redirectUris: ['https://ehr.example/callback'],
      launch,
    }
    const fault = await faultOf(start({ 'oidc.clients': [client] }))
    expect(fault.code).toBe('settings-not-valid')
    expect(messageOf(fault)).toContain('no-such')
  })
  it('on a record that somebody changed', async () => {
    await (await start()).close()
    const db = new Database(join(root, 'data', databaseFile))
    db.prepare(
      `update fact set body = cast(replace(body, '0.1.0', '0.1.1') as blob) where idx = 0`,
    ).run()
    db.close()
    expect((await faultOf(start())).code).toBe('record-not-valid')
  })
  it('on a record that somebody shortened', async () => {
    await (await start()).close()
    const db = new Database(join(root, 'data', databaseFile))
    db.prepare('delete from fact where idx = (select max(idx) from fact)').run()
    db.close()
    expect((await faultOf(start())).code).toBe('record-not-valid')
  })
  it('under another name for its record than the one that signed', async () => {
    await (await start()).close()
    const fault = await faultOf(start({ 'record.origin': 'other.example/record' }))
    expect(fault.code).toBe('record-not-valid')
  })
})
