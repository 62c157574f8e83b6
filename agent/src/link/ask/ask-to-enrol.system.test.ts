// Asking without a token, against a door over real TLS: the same key each time, words that both
// sides have, and an end whatever the other side says.

import 'reflect-metadata'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import { z } from 'zod'
import { fingerprintWords } from '@wardkey/protocol/workstation/fleet/fingerprint-words'
import { ThrowAwayAuthority } from '../../../../test/kit/throw-away-authority.ts'
import type { Clock } from '../../platform/clock.ts'
import { askToEnrol } from './ask-to-enrol.ts'

let authority: ThrowAwayAuthority
let stranger: ThrowAwayAuthority
beforeAll(async () => {
  authority = await ThrowAwayAuthority.make()
  stranger = await ThrowAwayAuthority.make()
})
const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

interface Answer {
  readonly status: number
  readonly text: string
}
const asked = z.strictObject({ csrPem: z.string(), place: z.string() })

/** Answers each question as the list has it, its last entry for ever; keeps the keys it saw. */
async function door(answers: readonly ((csrPem: string) => Answer | Promise<Answer> | 'cut')[]) {
  const keys: Buffer[] = []
  const { keyPem, chainPem } = await authority.server(['127.0.0.1'])
  const server = createServer({ key: keyPem, cert: chainPem, minVersion: 'TLSv1.3' })
  server.on('tlsClientError', () => undefined)
  server.on('request', (request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const { csrPem } = asked.parse(JSON.parse(text))
      keys.push(Buffer.from(new Pkcs10CertificateRequest(csrPem).publicKey.rawData))
      const answer = answers[Math.min(keys.length, answers.length) - 1]?.(csrPem) ?? 'cut'
      if (answer === 'cut') request.socket.destroy()
      else {
        void Promise.resolve(answer).then(({ status, text: said }) => {
          response.writeHead(status).end(said)
        })
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.push({
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
  const { port } = server.address() as AddressInfo
  return { keys, broker: { host: '127.0.0.1', port, serverName: '' } }
}

const salt = 's'.repeat(22)
const waits = (with_ = salt) => ({
  status: 202,
  text: JSON.stringify({ salt: with_, againMs: 1000, endsMs: 1_800_000_000_000 }),
})
const no = (status: number, code: string) => () => ({
  status,
  text: JSON.stringify({ type: 'x', title: 'x', status, code, next: 'x' }),
})
const yes =
  (of = authority) =>
  async (csrPem: string) => {
    const { publicKey } = new Pkcs10CertificateRequest(csrPem)
    const issued = await of.certify(publicKey.rawData)
    const identity = {
      workstationId: '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55',
      certificatePem: issued.pem,
      caPem: authority.caPem,
      notAfterMs: issued.notAfterMs,
    }
    return { status: 200, text: JSON.stringify(identity) }
  }

/** Passes each wait at once, and keeps how long it would have been. */
function hasty() {
  const waited: number[] = []
  let monoMs = 0
  const clock: Clock = {
    monoMs: () => monoMs,
    wallMs: () => 0,
    after: (ms, run) => {
      waited.push(ms)
      monoMs += ms
      setImmediate(run)
      return () => undefined
    },
  }
  return { clock, waited }
}

async function ask(broker: Awaited<ReturnType<typeof door>>['broker'], of = authority) {
  const words: (readonly string[])[] = []
  const { clock, waited } = hasty()
  const pin = { kind: 'sha256', hex: of.caSha256 } as const
  const outcome = await askToEnrol(
    { broker, pin, place: '4 West, 2' },
    { clock, onWords: (shown) => words.push(shown) },
  )
  return { outcome, words, waited }
}

it('asks with one key until it has its identity, and shows the words once', async () => {
  const { broker, keys } = await door([() => waits(), () => waits(), yes()])
  const { outcome, words, waited } = await ask(broker)
  expect(outcome).toMatchObject({ kind: 'enrolled' })
  expect(new Set(keys.map((key) => key.toString('hex')))).toHaveLength(1)
  expect(words).toEqual([fingerprintWords(keys[0] ?? Buffer.alloc(0), salt)])
  expect(waited).toEqual([1000, 1000])
})
it('goes on through a broker that is away, in trouble or full', async () => {
  const { broker } = await door([
    () => waits(),
    () => 'cut',
    no(503, 'store-unavailable'),
    no(429, 'enrolment-full'),
    () => waits(),
    yes(),
  ])
  const { outcome, words } = await ask(broker)
  expect(outcome).toMatchObject({ kind: 'enrolled' })
  expect(words).toHaveLength(1)
})
it('shows other words where the broker has forgotten it and begins anew', async () => {
  const { broker } = await door([() => waits(), () => waits('o'.repeat(22)), yes()])
  expect((await ask(broker)).words).toHaveLength(2)
})
it('ends with a no', async () => {
  const { broker } = await door([() => waits(), no(403, 'enrolment-refused')])
  expect((await ask(broker)).outcome).toMatchObject({ kind: 'refused', code: 'enrolment-refused' })
})
it('ends after a day, whatever the broker says', async () => {
  const forever = () => ({
    status: 202,
    text: JSON.stringify({ salt, againMs: 600_000, endsMs: 1_800_000_000_000 }),
  })
  const { broker, keys } = await door([forever])
  expect((await ask(broker)).outcome).toMatchObject({ kind: 'refused' })
  expect(keys).toHaveLength(144)
})
it('believes no identity of another authority, and asks no other broker', async () => {
  const { broker } = await door([() => waits(), yes(stranger)])
  await expect(ask(broker)).rejects.toMatchObject({ code: 'link-down', class: 'permanent' })
  const other = await door([yes()])
  await expect(ask(other.broker, stranger)).rejects.toMatchObject({ code: 'link-down' })
  expect(other.keys).toEqual([])
})
