// A broker in a process of its own and the sockets to it: started, asked what it used, ended. What
// is sent over the sockets is the callers'.

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { socketPath } from '@wardkey/protocol/workstation/enrolment'
import { protocolVersion, subprotocol } from '@wardkey/protocol/workstation/version'
import { makeAuthority } from './authority.ts'
import type { FloorStart } from './floor-broker.ts'
import type { PinQueueDepth, ProductReady, ProductStart } from './product-broker.ts'

export interface Answer {
  readonly kind: string
  readonly code?: string
}

export interface Station {
  readonly socket: WebSocket
  /** Who taps here. */
  readonly card: string
}

export interface Running {
  readonly child: ChildProcess
  /** Where a badge is enough. */
  readonly badge: readonly Station[]
  /** Where each tap asks for the PIN. */
  readonly pin: readonly Station[]
  readonly usualPin: string
  /** Who waits for the next frame about a tap. */
  readonly waiting: Map<string, (answer: Answer) => void>
  /** Workstations whose line ended while they were wanted: what they send is never answered. */
  readonly linesLost: () => number
  readonly stop: () => Promise<void>
}

export interface Usage {
  readonly cpu: NodeJS.CpuUsage
  readonly rss: number
}

interface Identity {
  readonly certPem: string
  readonly keyPem: string
}

const flags = ['--disable-warning=ExperimentalWarning']
/** A process that says nothing for so long will never say anything. */
const answerMaxMs = 180_000
const stopMaxMs = 5000
/** As often as an agent does, or the broker ends a line that says nothing. */
const pingEveryMs = 10_000

export async function startFloor(kind: 'floor' | 'echo', stations: number): Promise<Running> {
  const authority = await makeAuthority()
  const server = await authority.server()
  const folder = mkdtempSync(join(tmpdir(), `wardkey-bench-${kind}-`))
  const cards = Array.from({ length: stations }, (_, n) => `04${n.toString(16).padStart(12, '0')}`)
  const child = fork(new URL('./floor-broker.ts', import.meta.url), { execArgv: flags })
  const start: FloorStart = {
    kind,
    path: join(folder, 'a.db'),
    caPem: authority.caPem,
    keyPem: server.keyPem,
    certificatePem: server.certificatePem,
    uids: cards,
  }
  child.send(start)
  const { port } = await told<{ port: number }>(child)
  const waiting: Running['waiting'] = new Map()
  const badge: Station[] = []
  for (const card of cards) {
    const { keyPem, certificatePem } = await authority.client(`w${String(badge.length)}`)
    const identity = { keyPem, certPem: certificatePem }
    const socket = await dial(port, authority.caPem, identity)
    listen(socket, waiting)
    badge.push({ socket, card })
  }
  const linesLost = watchLines(badge)
  const stop = async (): Promise<void> => {
    await end(child, badge)
    rmSync(folder, { recursive: true, force: true })
  }
  return { child, badge, pin: [], usualPin: '', waiting, linesLost, stop }
}

export async function startProduct(start: ProductStart): Promise<Running> {
  const { child, ready } = await forkProduct(start)
  const waiting: Running['waiting'] = new Map()
  const connect = async ({ stations, cards }: ProductReady['pin']): Promise<Station[]> => {
    const connected: Station[] = []
    for (const [n, identity] of stations.entries()) {
      const socket = await dial(ready.port, ready.caPem, identity)
      await greet(socket)
      listen(socket, waiting)
      connected.push({ socket, card: cards[n] ?? '' })
    }
    return connected
  }
  const badge = await connect(ready.badge)
  const pin = await connect(ready.pin)
  const all = [...badge, ...pin]
  const linesLost = watchLines(all)
  const pings = setInterval(() => {
    for (const { socket } of all) socket.send(JSON.stringify({ kind: 'ping', id: randomUUID() }))
  }, pingEveryMs)
  const stop = async (): Promise<void> => {
    clearInterval(pings)
    await end(child, all)
  }
  return { child, badge, pin, usualPin: ready.usualPin, waiting, linesLost, stop }
}

/** Resident memory that one connected, idle workstation costs the broker, in KB. */
export async function idleCostKb(count: number): Promise<number> {
  const warm = 20
  const start = { stations: count + warm, pinStations: 0, pinThreads: 1, pinQueueMax: 10 }
  const { child, ready } = await forkProduct(start)
  const open: Station[] = []
  const openAll = async (identities: readonly Identity[]): Promise<number> => {
    for (const identity of identities) {
      const socket = await dial(ready.port, ready.caPem, identity)
      await greet(socket)
      open.push({ socket, card: '' })
    }
    await pause(1500)
    return (await ask(child)).rss
  }
  const before = await openAll(ready.badge.stations.slice(0, warm))
  const after = await openAll(ready.badge.stations.slice(warm))
  await end(child, open)
  return (after - before) / 1024 / count
}

export function ask(child: ChildProcess): Promise<Usage> {
  const answer = told<Usage>(child)
  child.send('usage')
  return answer
}

export function askQueue(child: ChildProcess): Promise<PinQueueDepth> {
  const answer = told<PinQueueDepth>(child)
  child.send('queue')
  return answer
}

async function forkProduct(
  start: ProductStart,
): Promise<{ child: ChildProcess; ready: ProductReady }> {
  const child = fork(new URL('./product-broker.ts', import.meta.url), { execArgv: flags })
  child.send(start)
  return { child, ready: await told<ProductReady>(child) }
}

async function dial(port: number, caPem: string, identity: Identity): Promise<WebSocket> {
  const socket = new WebSocket(`wss://127.0.0.1:${String(port)}${socketPath}`, subprotocol, {
    ca: caPem,
    cert: identity.certPem,
    key: identity.keyPem,
    perMessageDeflate: false,
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return socket
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

function listen(socket: WebSocket, waiting: Running['waiting']): void {
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as Answer & { tapId?: string }
    const answer = frame.tapId === undefined ? undefined : waiting.get(frame.tapId)
    if (!answer || frame.tapId === undefined) return
    waiting.delete(frame.tapId)
    answer(frame)
  })
}

function watchLines(stations: readonly Station[]): () => number {
  let lost = 0
  for (const { socket } of stations) {
    socket.once('close', () => {
      lost += 1
    })
  }
  return () => lost
}

async function end(child: ChildProcess, stations: readonly Station[]): Promise<void> {
  for (const { socket } of stations) socket.terminate()
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.send('stop')
  const late = setTimeout(() => child.kill('SIGKILL'), stopMaxMs)
  await gone
  clearTimeout(late)
}

function told<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`a bench process ended with ${String(code)}`))
    }
    const late = setTimeout(() => {
      reject(new Error('a bench process says nothing'))
    }, answerMaxMs)
    child.once('exit', onExit)
    child.once('message', (message) => {
      clearTimeout(late)
      child.off('exit', onExit)
      resolve(message as T)
    })
  })
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
