// Syslog over TLS with the real thing at both ends: the broker as a process of its own, and rsyslog
// from Debian. Each of them is killed in the middle; nothing is lost, and the order is kept.

import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BrokerProgram } from '../../../../test/kit/processes/broker-program.ts'
import { freePorts, until } from '../../../../test/kit/processes/program.ts'
import { RsyslogProgram } from '../../../../test/kit/processes/rsyslog-program.ts'

const isHere = process.env['WARDKEY_HAS_RSYSLOG'] !== undefined
const message = z.object({
  index: z.int(),
  previous: z.int().optional(),
  checkpoint: z.int(),
  record: z.literal('kit.example/record'),
  id: z.string(),
  code: z.string(),
})

describe.runIf(isHere)('rsyslog', () => {
  let rsyslog: RsyslogProgram
  let broker: BrokerProgram
  let adminPort: number

  beforeEach(async () => {
    rsyslog = await RsyslogProgram.make()
    const [port = 0] = await freePorts(1)
    adminPort = port
    const stream = {
      ...{ name: 'siem', kind: 'syslog', from: 'beginning' },
      ...{ host: 'localhost', port: rsyslog.port, caFile: rsyslog.file('ca.pem') },
      certFile: rsyslog.file('client.pem'),
      keyFile: rsyslog.file('client.key'),
    }
    const settings = { admin: { port: adminPort }, streams: [stream] }
    broker = await BrokerProgram.make({ settings })
  })
  afterEach(async () => {
    await broker.dispose()
    await rsyslog.dispose()
  })

  /** Each look at the people is a fact. */
  async function look(times: number): Promise<void> {
    const token = readFileSync(`${broker.keysDir}/admin.token`, 'utf8').trim()
    const headers = { authorization: `Bearer ${token}` }
    for (let n = 0; n < times; n++) {
      const url = `http://127.0.0.1:${String(adminPort)}/admin/v1/people`
      const { status } = await fetch(url, { headers })
      expect(status).toBe(200)
    }
  }
  const received = () =>
    rsyslog.lines().flatMap((line) => {
      // A line that a kill has cut is no message; what it was comes again.
      const json = /^<[0-9]+>1 \S+ \S+ wardkey-broker \S+ \S+ \[wardkey@32473 [^\]]*\] (\{.*\})$/
      const text = json.exec(line)?.[1]
      return text === undefined ? [] : [message.parse(JSON.parse(text))]
    })
  const arrived = async (count: number): Promise<void> => {
    const isThere = (): boolean => new Set(received().map(({ index }) => index)).size >= count
    const seen = (): string => `${String(received().length)} of ${String(count)}`
    await until(isThere, 'all facts at rsyslog', 90_000, () => `${seen()}: ${broker.complaints}`)
  }
  /** Whoever keeps what he has not seen has the record, in its order and without a gap. */
  const expectWhole = async (): Promise<void> => {
    const facts = await broker.facts()
    const seen = new Set<number>()
    const first = received().filter(({ index }) => !seen.has(index) && seen.add(index))
    expect(first.map(({ index }) => index).slice(0, facts.length - 1)).toEqual(
      Array.from({ length: facts.length - 1 }, (_, index) => index),
    )
    for (const { index, previous, checkpoint, id } of first) {
      expect(id).toBe(facts[index]?.id)
      expect(previous).toBe(index === 0 ? undefined : index - 1)
      expect(checkpoint).toBeGreaterThan(index)
    }
  }

  it('has every fact, through its own kill and the broker’s', async () => {
    await rsyslog.start()
    await broker.start()
    await look(150)
    await arrived(150)

    const looking = look(150)
    await until(() => received().length > 200, 'some of it at rsyslog')
    await rsyslog.kill()
    await looking
    const before = new Set(received().map(({ index }) => index)).size
    expect(before).toBeLessThan(300)
    await rsyslog.start()
    await arrived(300)

    const cut = look(400).catch(() => undefined)
    await until(() => received().some(({ index }) => index > 330), 'more of it at rsyslog')
    await broker.kill()
    await cut
    await broker.start()
    await look(20)
    await arrived((await broker.facts()).length)
    await expectWhole()
    const { out } = await broker.run(['--json', 'streams', 'list'])
    expect(JSON.parse(out)).toMatchObject({ streams: [{ name: 'siem', isHere: true, behind: 0 }] })
  })

  it('is not sent to where its certificate is another authority’s', async () => {
    const other = await RsyslogProgram.make()
    await broker.dispose()
    const stream = {
      ...{ name: 'siem', kind: 'syslog', from: 'beginning', host: 'localhost' },
      ...{ port: rsyslog.port, caFile: other.file('ca.pem') },
    }
    const settings = { admin: { port: adminPort }, streams: [stream] }
    broker = await BrokerProgram.make({ settings })
    await rsyslog.start()
    await broker.start()
    await until(() => broker.complaints.includes('stream.failed'), 'a word of it')
    expect(broker.complaints).toMatch(/"reason":"(UNABLE_TO|SELF_SIGNED|CERT_|DEPTH)/)
    const { code, err } = await broker.run(['streams', 'test', 'siem'])
    expect([code, err]).toEqual([1, expect.stringContaining('not reached')])
    expect(rsyslog.lines()).toEqual([])
    await other.dispose()
  })
})
