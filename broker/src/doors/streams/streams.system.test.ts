// Streams and a feed of the broker as a process of its own: events of a list come in by command,
// and go out by webhook and into files; the broker is killed in the middle, and nothing is lost.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BrokerProgram } from '../../../../test/kit/processes/broker-program.ts'
import { freePorts, until } from '../../../../test/kit/processes/program.ts'
import { parseCsv } from '../command-line/people/parse-csv.ts'

const body = z.object({
  // A test has none.
  data: z.object({ events: z.array(z.object({ index: z.int(), id: z.string() })).default([]) }),
})

describe('streams of a running broker', () => {
  let broker: BrokerProgram
  let server: Server
  let adminPort: number
  let got: { index: number; id: string }[]

  beforeEach(async () => {
    got = []
    server = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      request.on('end', () => {
        got.push(...body.parse(JSON.parse(text)).data.events)
        response.writeHead(204).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const [admin = 0] = await freePorts(1)
    adminPort = admin
    const hook = {
      ...{ name: 'hook', kind: 'webhook', from: 'beginning', batch: 20 },
      ...{ url: `http://127.0.0.1:${String(port)}/in`, privateAddresses: ['127.0.0.1'] },
    }
    const settings = {
      admin: { port: adminPort },
      streams: [hook],
      feeds: [
        {
          ...{ name: 'doors', kind: 'list', doors: { North: { zone: '4-west' } } },
          fields: { badge: 'card', door: 'reader', direction: 'dir', time: 'when', type: 'type' },
          alarms: { Forced: 'forced-open' },
        },
      ],
    }
    broker = await BrokerProgram.make({ settings })
    const file = { name: 'archive', kind: 'file', from: 'beginning', folder: folderOf(broker) }
    writeFileSync(join(broker.folder, 'broker.yaml'), withStream(broker, file), { mode: 0o600 })
    await broker.start()
  })
  afterEach(async () => {
    await broker.dispose()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const folderOf = ({ folder }: BrokerProgram): string => join(folder, 'facts')
  const withStream = ({ folder }: BrokerProgram, stream: object): string => {
    const settings = JSON.parse(readFileSync(join(folder, 'broker.yaml'), 'utf8')) as {
      streams: object[]
    }
    return JSON.stringify({ ...settings, streams: [...settings.streams, stream] })
  }
  const rowsOf = (): readonly string[][] => {
    const files = readdirSync(folderOf(broker)).filter((name) => name.startsWith('archive-'))
    return files.sort().flatMap((name) => {
      const parsed = parseCsv(readFileSync(join(folderOf(broker), name), 'utf8'), ',')
      if (parsed.kind === 'flawed') throw new Error(parsed.what)
      return parsed.rows.slice(1).map(({ cells }) => [...cells])
    })
  }
  async function look(times: number): Promise<void> {
    const token = readFileSync(`${broker.keysDir}/admin.token`, 'utf8').trim()
    const headers = { authorization: `Bearer ${token}` }
    for (let n = 0; n < times; n++) {
      await fetch(`http://127.0.0.1:${String(adminPort)}/admin/v1/people`, { headers })
    }
  }

  it('have what came in, and all of it through a kill', async () => {
    const list = join(broker.folder, 'doors.csv')
    const now = String(Date.now())
    writeFileSync(
      list,
      `card,reader,dir,when,type\n04a1b2c3d4e5f6,North,in,${now},\n` +
        `,North,,${now},Forced\n04a1b2c3d4e5f6,Cellar,in,${now},\n`,
    )
    const first = await broker.run(['feeds', 'import', 'doors', list])
    expect([first.code, first.out]).toEqual([1, expect.stringContaining(':4: not taken: door')])
    const again = await broker.run(['--json', 'feeds', 'import', 'doors', list])
    expect(JSON.parse(again.out)).toMatchObject({ taken: 0, repeated: 2 })
    const listed = await broker.run(['feeds', 'list'])
    expect(listed.out).toMatch(/doors +door +Cellar +2/)

    const looking = look(200).catch(() => undefined)
    await until(() => got.length > 60, 'some of it by webhook')
    await broker.kill()
    await looking
    await broker.start()
    await look(10)
    const facts = await broker.facts()
    const last = facts.length - 1
    const seen = (): boolean => got.some(({ index }) => index >= last) && rowsOf().length > last
    await until(seen, 'all of it', 60_000, () => broker.complaints)

    // By webhook some of it may come twice; whoever keeps what is new has it in order.
    const known = new Set<number>()
    const kept = got.filter(({ index }) => !known.has(index) && known.add(index))
    expect(kept.slice(0, last + 1).map(({ id }) => id)).toEqual(facts.map(({ id }) => id))
    // In files none is twice.
    const rows = rowsOf().slice(0, last + 1)
    expect(rows.map(([index]) => Number(index))).toEqual(facts.map((_fact, index) => index))
    expect(rows.map((row) => row[5])).toContain('ALM-001')

    const tested = await broker.run(['streams', 'test', 'hook'])
    expect([tested.code, tested.out]).toEqual([0, expect.stringMatching(/^hook: reached in /)])
    const moved = await broker.run(['streams', 'rewind', 'hook', '--to', '3'])
    expect(moved.out).toMatch(/^hook: from [0-9]+ to 3\n$/)
    const before = got.length
    await until(() => got.slice(before).some(({ index }) => index === 3), 'it again')
  })
})
