// npm run bench -- tap: what a tap costs beside the least that does the same on the wire, and
// whether PINs get in its way. Floors and product take turns in one run.

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { socketPath } from '@wardkey/protocol/workstation/enrolment'
import { protocolVersion, subprotocol } from '@wardkey/protocol/workstation/version'
import { makeAuthority } from './authority.ts'
import type { FloorStart } from './floor-broker.ts'
import { argonMs, flushesMs, groupCommitRate, inScratch, quantile } from './floors.ts'
import { openLoop } from './open-loop.ts'
import type { LoadResult } from './open-loop.ts'
import { recordRate } from './record-rate.ts'

interface Identity {
  readonly certPem: string
  readonly keyPem: string
}

/** A broker process and the sockets to it, one for each workstation. */
interface Running {
  readonly child: ChildProcess
  readonly sockets: readonly WebSocket[]
  readonly waiting: Map<string, () => void>
  readonly cards: readonly string[]
}

const flags = ['--disable-warning=ExperimentalWarning']

export async function benchTap(args: readonly string[]): Promise<object> {
  const isShort = args.includes('--short')
  const stations = isShort ? 40 : 200
  const perSecond = isShort ? 200 : 1000
  const seconds = isShort ? 2 : 8
  const pairs = isShort ? 1 : 3
  const idle = isShort ? 60 : 600
  say(
    `load average ${loadavg()
      .map((n) => n.toFixed(2))
      .join(' ')}`,
  )
  const people = Math.max(200, stations)

  const floorTimes: LoadResult[] = []
  const productTimes: LoadResult[] = []
  const echoTimes: LoadResult[] = []
  const cpu: { floor: number[]; product: number[] } = { floor: [], product: [] }
  const flushes: number[] = []
  const echo = await startFloor('echo', stations, people)
  const floor = await startFloor('floor', stations, people)
  const product = await startProduct(stations, people)
  for (let pair = 0; pair < pairs + 1; pair++) {
    // The first round warms all three up and is not counted.
    const isCounted = pair > 0
    const e = await measure(echo, perSecond, seconds, pair)
    const f = await measure(floor, perSecond, seconds, pair)
    const p = await measure(product, perSecond, seconds, pair)
    const [flush] = await Promise.resolve([inScratch((folder) => flushesMs(folder, 0.5))])
    if (!isCounted) continue
    flushes.push(...flush)
    echoTimes.push(e.load)
    floorTimes.push(f.load)
    productTimes.push(p.load)
    cpu.floor.push(f.cpuMs)
    cpu.product.push(p.cpuMs)
    say(`floor   ${tell(f.load)}  ${f.cpuMs.toFixed(3)} ms CPU a tap`)
    say(`product ${tell(p.load)}  ${p.cpuMs.toFixed(3)} ms CPU a tap`)
  }
  const echoP50 = median(echoTimes.map(({ p50Ms }) => p50Ms))
  const echoP99 = median(echoTimes.map(({ p99Ms }) => p99Ms))
  const flushP50 = quantile(flushes, 0.5)
  const flushP99 = quantile(flushes, 0.99)
  const tapP50 = median(productTimes.map(({ p50Ms }) => p50Ms))
  const tapP99 = median(productTimes.map(({ p99Ms }) => p99Ms))
  await stop(echo)
  await stop(floor)
  const pins = await badgeBesidePins(product, perSecond / 5, seconds)
  await stop(product)
  const idleAgentKb = await idleCost(idle)
  const bareRate = inScratch((folder) => groupCommitRate(folder, isShort ? 1 : 3, 256))
  const record = await recordRate(isShort ? 1 : 3, 256)
  const argon = argonMs(isShort ? 3 : 10)
  const unanswered = productTimes.reduce((sum, { sent, answered }) => sum + sent - answered, 0)
  return {
    figures: {
      perSecond,
      stations,
      cpuMsPerTap: median(cpu.product),
      tapP50Ms: tapP50,
      tapP99Ms: tapP99,
      unanswered,
      badgeP99IdleMs: pins.idleP99Ms,
      badgeP99WhilePinQueueFullMs: pins.fullP99Ms,
      pinsShed: pins.shed,
      recordPerSecond: record,
      generatorLateP99Ms: median(productTimes.map(({ lateP99Ms }) => lateP99Ms)),
    },
    floors: {
      cpuMsPerTap: median(cpu.floor),
      floorBrokerP50Ms: median(floorTimes.map(({ p50Ms }) => p50Ms)),
      floorBrokerP99Ms: median(floorTimes.map(({ p99Ms }) => p99Ms)),
      echoP50Ms: echoP50,
      echoP99Ms: echoP99,
      flushP50Ms: flushP50,
      flushP99Ms: flushP99,
      groupCommitPerSecond: bareRate,
      argon2idCpuMs: argon,
    },
    ratios: {
      cpuPerTap: median(cpu.product) / median(cpu.floor),
      tapP50: tapP50 / (echoP50 + flushP50),
      tapP99: tapP99 / (echoP99 + flushP99),
      badgeP99WhilePinQueueFull: pins.fullP99Ms / pins.idleP99Ms,
      recordRate: record / bareRate,
    },
    idleAgentKb,
  }
}

async function measure(
  at: Running,
  perSecond: number,
  seconds: number,
  seed: number,
): Promise<{ load: LoadResult; cpuMs: number }> {
  const before = await ask(at.child)
  const load = await openLoop(
    {
      send: (onAnswer) => {
        // Each workstation has a person of its own: nobody is moved, as on a ward in mid-shift.
        sendTap(at, 40 + Math.floor(next(at) % (at.cards.length - 40)), onAnswer)
      },
    },
    perSecond,
    seconds,
    seed + 1,
  )
  const after = await ask(at.child)
  const used = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  return { load, cpuMs: used / 1000 / load.answered }
}

const turns = new WeakMap<Running, number>()
function next(at: Running): number {
  const turn = (turns.get(at) ?? 0) + 1
  turns.set(at, turn)
  return turn
}

function sendTap(at: Running, person: number, onAnswer: (kind: string) => void): void {
  const socket = at.sockets[person % at.sockets.length]
  const tapId = randomUUID()
  at.waiting.set(tapId, () => {
    onAnswer('')
  })
  const card = { technology: 'csn', canonical: at.cards[person] ?? '' }
  const frame = { kind: 'tap', id: randomUUID(), tapId, card, atMs: Date.now() }
  socket?.send(JSON.stringify(frame))
}

/** Badge-only taps, alone and while more PINs come than can ever be checked. */
async function badgeBesidePins(
  at: Running,
  perSecond: number,
  seconds: number,
): Promise<{ idleP99Ms: number; fullP99Ms: number; shed: number }> {
  const idle = await measure(at, perSecond, seconds, 11)
  let shed = 0
  let isOn = true
  const flood = Array.from({ length: 40 }, async (_, person) => {
    while (isOn) {
      const isShed = await wrongPin(at, person)
      if (isShed) shed += 1
    }
  })
  const full = await measure(at, perSecond, seconds, 11)
  isOn = false
  await Promise.all(flood)
  return { idleP99Ms: idle.load.p99Ms, fullP99Ms: full.load.p99Ms, shed }
}

/** Taps as somebody without a grace window and types a PIN; true where it was not even checked. */
function wrongPin(at: Running, person: number): Promise<boolean> {
  const socket = at.sockets[person % at.sockets.length]
  const tapId = randomUUID()
  return new Promise((resolve) => {
    const done = setTimeout(() => {
      at.waiting.delete(tapId)
      resolve(true)
    }, 3000)
    let isAsked = false
    at.waiting.set(tapId, () => {
      if (isAsked) {
        clearTimeout(done)
        resolve(false)
        return
      }
      isAsked = true
      setImmediate(() => {
        at.waiting.set(tapId, () => {
          clearTimeout(done)
          resolve(false)
        })
        const pin = String(10_000_000 + Math.floor(Math.random() * 89_999_999))
        socket?.send(JSON.stringify({ kind: 'pin', id: randomUUID(), tapId, pin }))
      })
    })
    const card = { technology: 'csn', canonical: at.cards[person] ?? '' }
    socket?.send(JSON.stringify({ kind: 'tap', id: randomUUID(), tapId, card, atMs: Date.now() }))
  })
}

async function startFloor(
  kind: 'floor' | 'echo',
  stations: number,
  people: number,
): Promise<Running> {
  const authority = await makeAuthority()
  const server = await authority.server()
  const cards = Array.from({ length: people }, (_, n) => `04${n.toString(16).padStart(12, '0')}`)
  const child = fork(new URL('./floor-broker.ts', import.meta.url), { execArgv: flags })
  const folder = join(process.cwd(), '.cache')
  const start: FloorStart = {
    kind,
    path: join(folder, `bench-${kind}-${String(process.pid)}.db`),
    caPem: authority.caPem,
    keyPem: server.keyPem,
    certificatePem: server.certificatePem,
    uids: cards,
  }
  child.send(start)
  const { port } = await told<{ port: number }>(child)
  const identities: Identity[] = []
  for (let n = 0; n < stations; n++) {
    const { keyPem, certificatePem } = await authority.client(`w${String(n)}`)
    identities.push({ keyPem, certPem: certificatePem })
  }
  return dialAll(child, port, authority.caPem, identities, cards, false)
}

async function startProduct(stations: number, people: number): Promise<Running> {
  const child = fork(new URL('./product-broker.ts', import.meta.url), { execArgv: flags })
  child.send({ stations, people, pinThreads: 1, pinQueueMax: 100 })
  const ready = await told<ProductReady>(child)
  return dialAll(child, ready.port, ready.caPem, ready.stations, ready.cards, true)
}

interface ProductReady {
  readonly port: number
  readonly caPem: string
  readonly stations: readonly Identity[]
  readonly cards: readonly string[]
}

async function dialAll(
  child: ChildProcess,
  port: number,
  caPem: string,
  identities: readonly Identity[],
  cards: readonly string[],
  isProduct: boolean,
): Promise<Running> {
  const waiting = new Map<string, () => void>()
  const sockets: WebSocket[] = []
  for (const identity of identities) {
    const socket = new WebSocket(`wss://127.0.0.1:${String(port)}${socketPath}`, subprotocol, {
      ca: caPem,
      cert: identity.certPem,
      key: identity.keyPem,
      perMessageDeflate: false,
    })
    sockets.push(socket)
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    if (isProduct) await greet(socket)
    socket.on('message', (data: Buffer) => {
      const { tapId } = JSON.parse(data.toString('utf8')) as { tapId?: string }
      const answer = waiting.get(tapId ?? '')
      if (!answer || tapId === undefined) return
      waiting.delete(tapId)
      answer()
    })
  }
  return { child, sockets, waiting, cards }
}

async function greet(socket: WebSocket): Promise<void> {
  const hello = {
    kind: 'hello',
    id: randomUUID(),
    version: protocolVersion,
    agentVersion: 'bench',
    bootId: 'b007-0001',
    platform: 'linux',
    atMs: Date.now(),
  }
  const welcomed = new Promise((resolve) => socket.once('message', resolve))
  socket.send(JSON.stringify(hello))
  await welcomed
}

/** Resident memory that one connected, idle workstation costs the broker, in KB. */
async function idleCost(count: number): Promise<number> {
  const child = fork(new URL('./product-broker.ts', import.meta.url), { execArgv: flags })
  child.send({ stations: count + 20, people: 1, pinThreads: 1, pinQueueMax: 10 })
  const ready = await told<ProductReady>(child)
  const warm = ready.stations.slice(0, 20)
  const first = await dialAll(child, ready.port, ready.caPem, warm, [], true)
  await pause(1500)
  const before = await ask(child)
  const rest = ready.stations.slice(20)
  const all = await dialAll(child, ready.port, ready.caPem, rest, [], true)
  await pause(1500)
  const after = await ask(child)
  for (const socket of [...first.sockets, ...all.sockets]) socket.terminate()
  child.kill('SIGKILL')
  return (after.rss - before.rss) / 1024 / rest.length
}

async function stop(at: Running): Promise<void> {
  for (const socket of at.sockets) socket.terminate()
  const gone = new Promise((resolve) => at.child.once('exit', resolve))
  at.child.send('stop')
  setTimeout(() => at.child.kill('SIGKILL'), 5000).unref()
  await gone
}

interface Usage {
  readonly cpu: NodeJS.CpuUsage
  readonly rss: number
}

function ask(child: ChildProcess): Promise<Usage> {
  const answer = told<Usage>(child)
  child.send('cpu')
  return answer
}

function told<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      resolve(message as T)
    })
    child.once('exit', (code) => {
      reject(new Error(`a bench process ended with ${String(code)}`))
    })
  })
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const median = (values: readonly number[]): number => quantile(values, 0.5)
const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
const tell = ({ p50Ms, p99Ms, maxMs, answered, sent }: LoadResult): string =>
  `p50 ${p50Ms.toFixed(2)} p99 ${p99Ms.toFixed(2)} max ${maxMs.toFixed(1)} ms, ` +
  `${String(answered)} of ${String(sent)} answered`
