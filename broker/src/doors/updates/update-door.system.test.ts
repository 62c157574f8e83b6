// Updates over real TLS: who is answered on the workstations' port, what comes of a file by ranges,
// and what nobody gets.

import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import type { Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import {
  updateAnswer,
  updateFilePath,
  updatePath,
} from '@wardkey/protocol/workstation/updates/update-exchange'
import { openCore, silentLog } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import {
  newReleaseSigner,
  plainManifest,
  signed,
  updateSettings,
} from '../../../../test/kit/release.ts'
import { hostTokenName } from '../../flows/admin-tokens.ts'
import { revokeWorkstation } from '../../flows/enrolment/revoke-workstation.ts'
import { addRelease } from '../../flows/updates/add-release.ts'
import { beginRollout } from '../../flows/updates/steer-rollout.ts'
import { openAuthority } from '../../platform/authority/authority.ts'
import type { Authority } from '../../platform/authority/authority.ts'
import { makeKeys, openKeys } from '../../platform/keys/keys.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import { listen } from '../../platform/listen.ts'
import { makeWorkstationListener } from '../enrolment/workstation-listener.ts'
import { FileDesk } from './file-desk.ts'
import { withUpdates } from './update-door.ts'

const content = randomBytes(300_000)
const name = 'wardkey-agent_1.2.0_amd64.deb'
const always = { updateWindows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '00:00' }] }
const signer = newReleaseSigner()

let root: string
let keys: Keys
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-updates-'))
  const settings = { keysDir: join(root, 'keys'), masterKey: '' }
  makeKeys(settings)
  keys = await openKeys(settings)
  mkdirSync(join(root, 'files'))
  writeFileSync(join(root, 'files', name), content)
  writeFileSync(join(root, 'outside.deb'), 'outside')
  mkdirSync(join(root, 'files', 'folder.deb'))
})
afterAll(() => {
  rmSync(root, { recursive: true })
})

let core: BrokerCore
let authority: Authority
let server: Server
let port: number
let here: WorkstationId
let proof: { key: string; cert: string }

beforeEach(async () => {
  core = await openCore()
  await core.addZone('4-west', always)
  const nowMs = (): number => Date.now()
  authority = await openAuthority(keys, { names: ['localhost'], certificateHours: 168 }, nowMs)
  const files = new FileDesk(join(root, 'files'))
  const updates = updateSettings(signer, { hasFiles: (all) => files.hasFiles(all) })
  const needs = { ...core.needs, nowMs, updates }
  const answer = withUpdates({ ...needs, files, monotonicMs: () => 0 }, (_request, response) => {
    response.writeHead(418).end('{}')
  })
  const listener = { keys, authority, connectionsMax: 200, nowMs, log: silentLog, answer }
  ;({ server } = await makeWorkstationListener(listener))
  port = await listen(server, { host: '127.0.0.1', port: 0, setting: 'workstations.port' })
  ;({ id: here, proof } = await enrolled())
  const sha256 = createHash('sha256').update(content).digest('hex')
  const [file] = plainManifest().files
  if (!file) throw new Error('no file')
  const manifest = plainManifest({
    files: [{ ...file, bytes: content.length, sha256 }],
    rings: [{ percent: 100, soakMs: 0, failedMax: 0 }],
  })
  const order = { manifest: signed(manifest, signer), by: 'kit' }
  await core.needs.perform(() => addRelease(order, needs))
  const begin = { number: 1, by: `token ${hostTokenName}`, madeMs: 0 }
  await core.needs.perform(() => beginRollout(begin, needs))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await core.record()
  await core.close()
})

async function enrolled(): Promise<{ id: WorkstationId; proof: typeof proof }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = workstationId.parse(randomUUID())
  const issued = await authority.issue(spkiOf(publicKey), id)
  await core.addWorkstation('4-west', issued.sha256, id)
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  return { id, proof: { key, cert: issued.pem } }
}

function spkiOf(key: KeyObject): ArrayBuffer {
  return new Uint8Array(key.export({ format: 'der', type: 'spki' })).buffer
}

interface Sent {
  readonly status: number
  readonly range: string | undefined
  readonly body: Buffer
}

function send(
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; by?: typeof proof | null } = {},
): Promise<Sent> {
  const { body, headers, by = proof } = options
  const about = { host: '127.0.0.1', port, servername: 'localhost', ca: authority.caPem }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const sending = request(
      { ...about, ...by, agent: false, path, method, headers: { ...type, ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const range = response.headers['content-range']
          resolve({ status: response.statusCode ?? 0, range, body: Buffer.concat(chunks) })
        })
        response.on('error', reject)
      },
    )
    sending.on('error', reject)
    sending.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

const about = { target: 'linux-x64', running: '1.1.0', seen: 0 }
const say = async (body: object, by?: typeof proof) => {
  const sent = await send('POST', updatePath, { body, ...(by ? { by } : {}) })
  expect(sent.status).toBe(200)
  return updateAnswer.parse(JSON.parse(sent.body.toString()))
}

it('offers, lets it begin, and hears how it ended', async () => {
  expect(await say({ kind: 'ask', ...about })).toMatchObject({ kind: 'offer' })
  expect(await say({ kind: 'begin', number: 1, ...about })).toEqual({ kind: 'go', number: 1 })
  const ended = { kind: 'ended', number: 1, outcome: 'returned', flaw: 'no-link', ...about }
  expect(await say(ended)).toEqual({ kind: 'noted' })
  expect(await say({ kind: 'ask', ...about })).toMatchObject({ kind: 'nothing', why: 'tried' })
  const facts = (await core.record()).filter(({ code }) => code === 'UPD-103')
  expect(facts).toMatchObject([{ workstation: here }])
})

it('hears that it did not begin after all, and offers it again', async () => {
  const key = '0b6f6a52-5d0a-4c0e-9d55-6f1b1a3f2c10'
  expect(await say({ kind: 'begin', number: 1, key, ...about })).toEqual({ kind: 'go', number: 1 })
  const taken = { kind: 'not-begun', number: 1, key, waits: 'in-use', ...about }
  for (const wrong of [{ key: 'a' }, { key: undefined }, { waits: 'ring' }, { number: -1 }]) {
    expect((await send('POST', updatePath, { body: { ...taken, ...wrong } })).status).toBe(400)
  }
  for (const _ of ['once', 'again']) expect(await say(taken)).toEqual({ kind: 'noted' })
  expect(await say({ kind: 'ask', ...about })).toMatchObject({ kind: 'offer' })
  const facts = (await core.record()).filter(({ code }) => code === 'UPD-012')
  expect(facts).toMatchObject([{ workstation: here, fields: { why: 'in-use' } }])
})

it('gives a file whole, and in the pieces that are asked for', async () => {
  const whole = await send('GET', `${updateFilePath}${name}`)
  expect(whole.status).toBe(200)
  expect(whole.body.equals(content)).toBe(true)
  const get = (range: string) => send('GET', `${updateFilePath}${name}`, { headers: { range } })
  const tail = await get('bytes=299990-')
  expect([tail.status, tail.range]).toEqual([206, 'bytes 299990-299999/300000'])
  expect(tail.body.equals(content.subarray(299_990))).toBe(true)
  expect((await get('bytes=10-19')).body.equals(content.subarray(10, 20))).toBe(true)
  for (const wrong of ['bytes=300000-', 'bytes=5-4', 'bytes=-5', 'bytes=0-1,4-5', 'lines=1-2']) {
    expect((await get(wrong)).status).toBe(416)
  }
})

it('gives nothing that is no plain file of the folder', async () => {
  symlinkSync(join(root, 'outside.deb'), join(root, 'files', 'link.deb'))
  const names = ['', 'none.deb', '../outside.deb', '..%2Foutside.deb', 'folder.deb', '.hidden']
  for (const one of [...names, 'a/b.deb', 'a'.repeat(200), 'link.deb']) {
    expect([one, (await send('GET', `${updateFilePath}${one}`)).status]).toEqual([one, 404])
  }
})

it('answers nobody without a certificate, none that is revoked, and no page', async () => {
  const body = { kind: 'ask', ...about }
  expect((await send('POST', updatePath, { body, by: null })).status).toBe(401)
  expect((await send('GET', `${updateFilePath}${name}`, { by: null })).status).toBe(401)
  const headers = { origin: 'https://page.example' }
  expect((await send('POST', updatePath, { body, headers })).status).toBe(403)
  const order = { workstationId: here, by: 'kit' }
  await core.needs.perform(() => revokeWorkstation(order, core.needs))
  expect((await send('POST', updatePath, { body })).status).toBe(403)
  expect((await send('GET', `${updateFilePath}${name}`)).status).toBe(403)
})

it('takes nothing that does not parse, and not without end', async () => {
  for (const body of [{}, { kind: 'ask' }, { kind: 'ask', ...about, also: 1 }, 'x', null]) {
    expect((await send('POST', updatePath, { body })).status).toBe(400)
  }
  expect((await send('GET', updatePath)).status).toBe(405)
  expect((await send('DELETE', `${updateFilePath}${name}`)).status).toBe(405)
  const statuses: number[] = []
  for (let at = 0; at < 40; at++) statuses.push((await send('PUT', updatePath)).status)
  expect(statuses.every((status) => status === 405)).toBe(true)
  for (let at = 0; at < 40; at++) {
    statuses.push((await send('POST', updatePath, { body: { kind: 'ask', ...about } })).status)
  }
  expect(statuses).toContain(429)
})

it('leaves what is not about updates to others', async () => {
  expect((await send('POST', '/workstation/v1/renew', { body: {} })).status).toBe(418)
})
