// The ways out against real receivers on loopback and the real disk: what they send, what they make
// of each answer, and that nothing of a kill in the middle is lost or doubled.

import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sampleEvent } from '../../../../../test/kit/stream-events.ts'
import { streamSettings } from '../../../platform/setting-rows/stream-settings.ts'
import type { StreamOf, StreamSetting } from '../../../platform/setting-rows/stream-settings.ts'
import { parsePrivateAddresses } from '../../oidc/outgoing.ts'
import { csvHead } from '../formats/csv-event.ts'
import { FhirSender } from './fhir-sender.ts'
import { FileSender } from './file-sender.ts'
import { classOfStatus, failedBy, SendFailed } from './sender.ts'
import { publicJwk, SmartToken } from './smart-token.ts'
import { WebhookSender } from './webhook-sender.ts'

interface Got {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const nowMs = Date.now()
const events = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) =>
    sampleEvent({ code: 'SES-001', person: 'p-1' }, { index: from + n, previous: from + n - 1 }),
  )
function settingOf<Kind extends StreamSetting['kind']>(kind: Kind, given: object): StreamOf<Kind> {
  const [one] = streamSettings.parse([{ name: 'out', kind, ...given }])
  if (one?.kind !== kind) throw new Error('another kind')
  return one as StreamOf<Kind>
}

let folder: string
let server: Server
let url: string
let got: Got[]
let answer: (path: string) => readonly [number, string]
const here = parsePrivateAddresses(['127.0.0.1'])

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-senders-'))
  got = []
  answer = () => [201, '']
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      got.push({ method, path, headers, body })
      const [status, text] = answer(path)
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

describe('a webhook', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const sender = (given: object = {}, privateAddresses = here) =>
    new WebhookSender(settingOf('webhook', { url: `${url}/in`, ...given }), {
      ...{ secret, privateAddresses, nowMs: () => nowMs, newId: () => 'id-1', version: '1' },
    })

  it('is signed, once for many, under an id that a repeated one has too', async () => {
    const one = sender()
    await one.send(events(5, 8))
    await one.send(events(5, 8))
    const [first, second] = got
    if (!first || !second) throw new Error('nothing came')
    const headers = first.headers as Record<string, string>
    expect(new Webhook(secret).verify(first.body, headers)).toMatchObject({
      type: 'wardkey.events',
      data: { stream: 'out', record: 'kit.example/record', checkpoint: 4800 },
    })
    expect(JSON.parse(first.body)).toMatchObject({
      data: { events: [{ index: 5, previous: 4 }, { index: 6 }, { index: 7 }] },
    })
    expect([headers['webhook-id'], second.headers['webhook-id'], second.body]).toEqual([
      'out.5.7',
      'out.5.7',
      first.body,
    ])
    await one.close()
  })

  it('is what collectors take: an array, or a line for each, with their token', async () => {
    const tokenFile = join(folder, 'token')
    writeFileSync(tokenFile, 'a-token-of-a-test\n', { mode: 0o600 })
    await sender({ body: 'array', format: 'ocsf', tokenFile }).send(events(1, 3))
    await sender({ body: 'lines', tokenFile, scheme: 'Splunk' }).send(events(1, 3))
    expect(JSON.parse(got[0]?.body ?? '')).toMatchObject([{ class_uid: 3002 }, { class_uid: 3002 }])
    expect(got[0]?.headers.authorization).toBe('Bearer a-token-of-a-test')
    expect(got[1]?.headers).toMatchObject({
      authorization: 'Splunk a-token-of-a-test',
      'content-type': 'application/x-ndjson',
    })
    const lines = (got[1]?.body ?? '').split('\n')
    expect([lines.length, lines[2]]).toEqual([3, ''])
  })

  it.each([
    [500, 'transient'],
    [429, 'transient'],
    [413, 'too-large'],
    [401, 'permanent'],
    [302, 'permanent'],
  ] as const)('that is answered with %i failed, %s', async (status, sendClass) => {
    answer = () => [status, '']
    const failed = sender().send(events(1, 2))
    await expect(failed).rejects.toMatchObject({
      message: `status-${String(status)}`,
      class: sendClass,
    })
    expect(got).toHaveLength(1)
  })

  it('refuses/to go to a private address that is not listed, or without its token', async () => {
    const failed = sender({}, parsePrivateAddresses([])).send(events(1, 2))
    await expect(failed).rejects.toMatchObject({ message: 'private-address', class: 'permanent' })
    const tokenFile = join(folder, 'none')
    const without = sender({ body: 'lines', tokenFile }).send(events(1, 2))
    await expect(without).rejects.toMatchObject({ message: 'ENOENT', class: 'permanent' })
    writeFileSync(tokenFile, 'a-token-of-a-test\n', { mode: 0o644 })
    const open = sender({ body: 'lines', tokenFile }).send(events(1, 2))
    await expect(open).rejects.toMatchObject({ message: 'token-open-to-all' })
    expect(got).toEqual([])
  })

  it('refuses/to be tried with anybody’s fact', async () => {
    await sender().probe()
    expect(got[0]?.body).toMatch(/^\{"type":"wardkey.test"/)
    expect(got[0]?.headers['webhook-id']).toBe('test.id-1')
    // A collector that has nothing against it but that it is empty is there.
    const tokenFile = join(folder, 'token')
    writeFileSync(tokenFile, 'a-token-of-a-test\n', { mode: 0o600 })
    answer = () => [400, '']
    await sender({ body: 'lines', tokenFile }).probe()
    expect(got[1]?.body).toBe('')
    await expect(sender().probe()).rejects.toMatchObject({ message: 'status-400' })
  })
})

describe('a FHIR server', () => {
  const sender = (given: object = {}, smart?: SmartToken) =>
    new FhirSender(settingOf('fhir', { url: `${url}/fhir/`, ...given }), {
      ...{ privateAddresses: here, smart },
    })

  it('is asked to take each once, in order, by the number of the fact', async () => {
    await sender().send(events(5, 8))
    expect(got.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array.from({ length: 3 }, () => 'POST /fhir/AuditEvent'),
    )
    expect(got.map(({ headers }) => headers['if-none-exist'])).toEqual(
      [5, 6, 7].map(
        (index) =>
          `entity:identifier=urn%3Awardkey%3Arecord%7Ckit.example%2Frecord%2F${String(index)}`,
      ),
    )
    expect(got[0]?.headers['content-type']).toBe('application/fhir+json')
    expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({ resourceType: 'AuditEvent' })
  })

  it('is told our own id where settings say so', async () => {
    await sender({ repeats: 'put' }).send(events(5, 6))
    const { id } = JSON.parse(got[0]?.body ?? '') as { id: string }
    expect([got[0]?.method, got[0]?.path]).toEqual(['PUT', `/fhir/AuditEvent/${id}`])
  })

  it('has one that it had already, and stops at one that it refuses', async () => {
    const statuses = [200, 412, 422]
    answer = () => [statuses.shift() ?? 500, '']
    await expect(sender().send(events(1, 5))).rejects.toMatchObject({
      ...{ message: 'status-422', class: 'permanent' },
    })
    expect(got).toHaveLength(3)
  })

  it('gives a token for an assertion that our key has signed, once', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const keyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    const smart = new SmartToken(
      { tokenUrl: `${url}/token`, clientId: 'wardkey', scope: 'system/AuditEvent.c' },
      ...[
        { keyPem, privateAddresses: here, caFile: undefined, nowMs: () => nowMs, newId: () => 'j' },
      ],
    )
    const token = JSON.stringify({ access_token: 'token-of-a-server', expires_in: 300 })
    answer = (path) => (path === '/token' ? [200, token] : [201, ''])
    const one = sender({}, smart)
    await one.send(events(1, 3))
    expect(got.map(({ path }) => path)).toEqual(['/token', '/fhir/AuditEvent', '/fhir/AuditEvent'])
    expect(got[1]?.headers.authorization).toBe('Bearer token-of-a-server')
    const form = new URLSearchParams(got[0]?.body)
    const keys = createLocalJWKSet({ keys: [await publicJwk(keyPem)] })
    const { payload } = await jwtVerify(form.get('client_assertion') ?? '', keys, {
      ...{ issuer: 'wardkey', subject: 'wardkey', audience: `${url}/token` },
    })
    expect([form.get('grant_type'), payload.jti]).toEqual(['client_credentials', 'j'])
    // A token that is taken no more is asked for anew.
    answer = (path) => (path === '/token' ? [200, token] : [401, ''])
    await expect(one.send(events(3, 4))).rejects.toMatchObject({ class: 'permanent' })
    await expect(one.send(events(3, 4))).rejects.toBeInstanceOf(SendFailed)
    expect(got.filter(({ path }) => path === '/token')).toHaveLength(2)
  })

  it.each([
    [401, '{}', 'token-status-401'],
    [200, '{"access_token":"a b"}', 'token-not-understood'],
    [200, 'hello', 'token-not-understood'],
    [200, 'x'.repeat(70_000), 'Error'],
  ])('refuses/a token endpoint that answers %i %.20s', async (status, text, reason) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const keyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    const needs = { keyPem, privateAddresses: here, caFile: undefined }
    const more = { nowMs: () => nowMs, newId: () => 'j' }
    const smart = new SmartToken(
      { tokenUrl: `${url}/token`, clientId: 'wardkey', scope: 's' },
      { ...needs, ...more },
    )
    answer = () => [status, text]
    await expect(sender({}, smart).send(events(1, 2))).rejects.toMatchObject({ message: reason })
  })
})

describe('files', () => {
  let clockMs = nowMs
  const sender = (given: object = {}) =>
    new FileSender(settingOf('file', { folder, ...given }), '1', () => clockMs)
  const at = (nextIndex: number) => ({ nextIndex, previousIndex: undefined })
  const files = () => readdirSync(folder).filter((file) => !file.startsWith('.'))
  const text = (file: string) => readFileSync(join(folder, file), 'utf8')
  const part = 'out-000000000005.csv.part'
  const indexes = (file: string) =>
    text(file)
      .slice(csvHead.length)
      .split('\r\n')
      .slice(0, -1)
      .map((row) => Number(row.split(',')[0]))

  beforeEach(() => {
    clockMs = nowMs
  })

  it('are begun anew when they are old, and have their final name at once', async () => {
    const one = sender({ rollMs: 60_000 })
    await one.open(at(5))
    await one.send(events(5, 7))
    await one.send(events(7, 8))
    expect(files()).toEqual([part])
    expect(indexes(part)).toEqual([5, 6, 7])
    clockMs += 60_000
    await one.send(events(8, 9))
    expect(files().sort()).toEqual([
      'out-000000000005-000000000007.csv',
      'out-000000000008.csv.part',
    ])
    await one.close()
  })

  it('go on after a kill with what counts as arrived, and a torn row is written again', async () => {
    const killed = sender()
    await killed.open(at(5))
    await killed.send(events(5, 9))
    writeFileSync(join(folder, part), `${text(part)}9,8,48`)
    const next = sender()
    // The place that the store has: 7 and 8 were written, and the kill came before that was kept.
    await next.open(at(7))
    expect(indexes(part)).toEqual([5, 6])
    await next.send(events(7, 10))
    expect(indexes(part)).toEqual([5, 6, 7, 8, 9])
    expect(text(part).startsWith(csvHead)).toBe(true)
    await next.close()
    await killed.close()
  })

  it.each(['json', 'ocsf'])('of %s go on by the number in each line', async (format) => {
    const one = sender({ format })
    await one.open(at(5))
    await one.send(events(5, 9))
    await one.close()
    await one.open(at(7))
    await one.send(events(7, 8))
    const lines = text('out-000000000005.ndjson.part').split('\n').slice(0, -1)
    expect(lines).toHaveLength(3)
    await one.close()
  })

  it('that were cut off in their head are begun anew', async () => {
    writeFileSync(join(folder, part), 'index,prev')
    const one = sender()
    await one.open(at(5))
    await one.send(events(5, 6))
    expect(indexes(part)).toEqual([5])
    await one.close()
  })

  it('refuses/a folder that cannot be one', async () => {
    writeFileSync(join(folder, 'file'), '')
    const one = sender({ folder: join(folder, 'file', 'below') })
    await expect(one.open(at(0))).rejects.toBeInstanceOf(SendFailed)
  })
})

describe('what failed', () => {
  it('is told by a word, and never by the text of another', () => {
    const secret = new Error('https://user:secret@siem.example refused')
    expect(failedBy(secret).message).toBe('Error')
    expect(failedBy(Object.assign(secret, { code: 'ECONNRESET' }))).toMatchObject({
      ...{ message: 'ECONNRESET', class: 'transient' },
    })
    expect(failedBy(Object.assign(secret, { code: 'CERT_HAS_EXPIRED' })).class).toBe('permanent')
    expect(failedBy('a text').message).toBe('failed')
    expect([classOfStatus(503), classOfStatus(404)]).toEqual(['transient', 'permanent'])
  })
})
