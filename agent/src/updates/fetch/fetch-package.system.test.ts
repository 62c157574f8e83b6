// A package from a door with real TLS that serves it well or badly: what is kept is what was
// signed, whole, or nothing that anybody would install.

import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { UpdateFile } from '@wardkey/protocol/workstation/updates/manifest'
import { updateFilePath, updatePath } from '@wardkey/protocol/workstation/updates/update-exchange'
import { BareBroker } from '../../../../test/kit/bare-broker.ts'
import { ThrowAwayAuthority } from '../../../../test/kit/throw-away-authority.ts'
import { UpdateCalls } from '../../link/updates/update-calls.ts'
import { fetchPackage } from './fetch-package.ts'
import type { FetchNeeds } from './fetch-package.ts'

const content = randomBytes(200_000)
const file: UpdateFile = {
  ...{ target: 'linux-x64', name: 'wardkey-agent_1.2.0_amd64.deb', over: '1.0.0' },
  ...{ bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') },
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void
let authority: ThrowAwayAuthority
let identity: Awaited<ReturnType<ThrowAwayAuthority['identity']>>
let door: BareBroker
let folder: string
let serve: Serve
let ranges: (string | undefined)[]
beforeAll(async () => {
  authority = await ThrowAwayAuthority.make()
  identity = await authority.identity()
})
beforeEach(async () => {
  folder = fs.mkdtempSync(join(tmpdir(), 'wardkey-fetch-'))
  ranges = []
  serve = well
  door = await BareBroker.open(authority)
  door.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    ranges.push(request.headers.range)
    serve(request, response)
  })
})
afterEach(async () => {
  await door.close()
  fs.rmSync(folder, { recursive: true })
})

const fromOf = ({ headers }: IncomingMessage): number =>
  Number(/^bytes=([0-9]+)-$/.exec(headers.range ?? '')?.[1] ?? 0)
const headFor = (response: ServerResponse, from: number, length: number): void => {
  const range = `bytes ${String(from)}-${String(content.length - 1)}/${String(content.length)}`
  const headers = { 'content-length': length, ...(from > 0 ? { 'content-range': range } : {}) }
  response.writeHead(from > 0 ? 206 : 200, headers)
}
const well: Serve = (request, response) => {
  if (request.url !== `${updateFilePath}${file.name}`) {
    response.writeHead(404).end()
    return
  }
  const from = fromOf(request)
  headFor(response, from, content.length - from)
  response.end(content.subarray(from))
}
/** Says all of it, and is gone after so many bytes. */
const tornAfter =
  (bytes: number): Serve =>
  (request, response) => {
    const from = fromOf(request)
    headFor(response, from, content.length - from)
    response.write(content.subarray(from, from + bytes), () => {
      request.socket.destroySoon()
    })
  }

const calls = (ports = [door.port], who: typeof identity | null = identity) =>
  new UpdateCalls({
    addresses: ports.map((port) => ({ host: '127.0.0.1', port, serverName: '' })),
    identity: () => who ?? undefined,
  })
const fetched = (change: Partial<FetchNeeds> = {}) =>
  fetchPackage(file, { folder, broker: calls(), ...change })
const left = () => fs.readdirSync(folder).map((name) => name.replace(file.sha256, 'HASH'))
const whole = [`HASH-${file.name}`]

describe('a package', () => {
  it('is fetched whole, once', async () => {
    const first = await fetched()
    expect(first.kind).toBe('here')
    expect(first.kind === 'here' && fs.readFileSync(first.path).equals(content)).toBe(true)
    expect(await fetched()).toEqual(first)
    expect([ranges, left()]).toEqual([[undefined], whole])
  })

  it('goes on where it was torn, also after a restart', async () => {
    serve = tornAfter(70_000)
    expect(await fetched()).toEqual({ kind: 'later' })
    expect(await fetched()).toEqual({ kind: 'later' })
    serve = well
    expect((await fetched()).kind).toBe('here')
    const [first, ...more] = ranges
    expect(first).toBeUndefined()
    expect(more.every((one) => /^bytes=[1-9][0-9]*-$/.test(one ?? ''))).toBe(true)
    expect(left()).toEqual(whole)
  })

  it('is thrown away where a byte of it is another, and begins anew', async () => {
    const changed = Buffer.from(content)
    changed[150_000] = (changed[150_000] ?? 0) ^ 1
    serve = (_request, response) => response.end(changed)
    expect(await fetched()).toEqual({ kind: 'changed' })
    expect(left()).toEqual([])
    serve = well
    expect((await fetched()).kind).toBe('here')
  })

  it('is never longer than it was signed to be', async () => {
    let sent = 0
    serve = (_request, response) => {
      const more = (): void => {
        if (response.destroyed) return
        sent += content.length
        response.write(content, more)
      }
      more()
    }
    expect(await fetched()).toEqual({ kind: 'changed' })
    expect(sent).toBeLessThan(100 * content.length)
    const sizes = fs.readdirSync(folder).map((name) => fs.statSync(join(folder, name)).size)
    expect(sizes.every((size) => size === 0)).toBe(true)
  })

  it('is later where it is shorter than that, or the door is busy', async () => {
    serve = (_request, response) => response.end(content.subarray(0, 1000))
    expect(await fetched()).toEqual({ kind: 'later' })
    serve = (_request, response) => response.writeHead(503, { 'retry-after': '30' }).end()
    expect(await fetched()).toEqual({ kind: 'later' })
    serve = well
    expect((await fetched()).kind).toBe('here')
  })

  it('takes no other part than it asked for', async () => {
    serve = tornAfter(50_000)
    await fetched()
    serve = (_request, response) => response.end(content)
    expect(await fetched()).toEqual({ kind: 'missing' })
    serve = (_request, response) => {
      headFor(response, 1, content.length - 1)
      response.end(content.subarray(1))
    }
    expect(await fetched()).toEqual({ kind: 'missing' })
    serve = well
    expect((await fetched()).kind).toBe('here')
  })

  it('is missing where the door has none, and comes from the next that has it', async () => {
    serve = (_request, response) => response.writeHead(404).end()
    expect(await fetched()).toEqual({ kind: 'missing' })
    const other = await BareBroker.open(authority)
    other.server.on('request', well)
    try {
      expect((await fetched({ broker: calls([door.port, other.port]) })).kind).toBe('here')
    } finally {
      await other.close()
    }
  })

  it('waits for room, and keeps what it has where the disk is full on the way', async () => {
    expect(await fetched({ roomIn: () => Promise.resolve(1000) })).toEqual({ kind: 'no-room' })
    expect(ranges).toEqual([])
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    const broker = { read: () => Promise.reject(full) }
    expect(await fetched({ broker })).toEqual({ kind: 'no-room' })
    expect((await fetched()).kind).toBe('here')
  })

  it('is alone in its folder: another release’s is thrown away', async () => {
    fs.writeFileSync(join(folder, 'older.deb'), 'x')
    expect((await fetched()).kind).toBe('here')
    expect(left()).toEqual(whole)
  })

  it('comes from no door of another authority, nor without a certificate', async () => {
    const other = await (await ThrowAwayAuthority.make()).identity()
    expect(await fetched({ broker: calls([door.port], other) })).toEqual({ kind: 'later' })
    expect(await fetched({ broker: calls([door.port], null) })).toEqual({ kind: 'later' })
    expect(ranges).toEqual([])
  })
})

describe('a question', () => {
  const about = { target: 'linux-x64', running: '1.1.0', seen: 0 } as const
  const asked = (by = calls()) => by.ask({ kind: 'ask', ...about })
  const nothing = { kind: 'nothing', why: 'no-rollout', againMs: 60_000 }
  it('is answered, by the next broker where one does not know of updates', async () => {
    const other = await BareBroker.open(authority)
    other.server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
      response.end(JSON.stringify(nothing))
    })
    try {
      expect(await asked(calls([door.port, other.port]))).toEqual(nothing)
    } finally {
      await other.close()
    }
  })
  it('is not understood by a broker of before, unless another one answers it', async () => {
    serve = (_request, response) => response.writeHead(400).end()
    expect(await asked()).toEqual({ kind: 'not-understood' })
    expect(await asked(calls([1, door.port, 1]))).toEqual({ kind: 'not-understood' })
    const other = await BareBroker.open(authority)
    other.server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
      response.end(JSON.stringify(nothing))
    })
    try {
      expect(await asked(calls([door.port, other.port]))).toEqual(nothing)
    } finally {
      await other.close()
    }
  })
  it('has no answer where none parses', async () => {
    for (const text of ['', '{', '{}', JSON.stringify({ ...nothing, also: 1 })]) {
      serve = ({ url }, response) => response.end(url === updatePath ? text : '')
      expect(await asked()).toBeUndefined()
    }
    serve = (_request, response) => response.writeHead(403).end(JSON.stringify(nothing))
    expect(await asked()).toBeUndefined()
    expect(await asked(calls([1]))).toBeUndefined()
  })
})
