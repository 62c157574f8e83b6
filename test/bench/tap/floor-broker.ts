// The floor: the least program that does on the wire what a broker does for a badge tap. TLS 1.3
// with client certificates, a parsed frame, a keyed-hash lookup, one row and one leaf, one flush
// for all that wait, an answer. Runs as a process of its own, so that its CPU time is its own.

import { createHmac, randomUUID } from 'node:crypto'
import { createServer } from 'node:https'
import Database from 'better-sqlite3'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { emptyFrontier, grow, leafHash, rootOf } from '@wardkey/broker/audit/merkle/tree-hash'
import { parseAgentFrame } from '@wardkey/protocol/workstation/parse-frame'
import { frameBytesMax } from '@wardkey/protocol/workstation/version'

export interface FloorStart {
  readonly kind: 'floor' | 'echo'
  readonly path: string
  readonly caPem: string
  readonly keyPem: string
  readonly certificatePem: string
  readonly uids: readonly string[]
}

const key = Buffer.alloc(32, 1)
const lookupOf = (uid: string): string => createHmac('sha256', key).update(uid).digest('hex')

process.once('message', (start: FloorStart) => {
  const known = new Map(start.uids.map((uid) => [lookupOf(uid), uid]))
  const db = new Database(start.path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('create table if not exists tap (id text primary key, at_ms integer, body blob)')
  const insert = db.prepare('insert into tap (id, at_ms, body) values (?, ?, ?)')
  let waiting: { id: string; body: Buffer; socket: WebSocket; answer: string }[] = []
  let frontier = emptyFrontier
  let isScheduled = false

  const flush = (): void => {
    isScheduled = false
    const batch = waiting
    waiting = []
    db.exec('begin immediate')
    for (const { id, body } of batch) insert.run(id, Date.now(), body)
    db.exec('commit')
    frontier = grow(
      frontier,
      batch.map(({ body }) => leafHash(body)),
    )
    rootOf(frontier)
    for (const { socket, answer } of batch) socket.send(answer)
  }

  const server = createServer({
    ca: start.caPem,
    key: start.keyPem,
    cert: start.certificatePem,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  })
  const sockets = new WebSocketServer({
    server,
    maxPayload: frameBytesMax,
    perMessageDeflate: false,
  })
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8')
      if (start.kind === 'echo') {
        socket.send(text)
        return
      }
      const parsed = parseAgentFrame(text)
      if (parsed.kind === 'invalid' || parsed.frame.kind !== 'tap') return
      const { tapId, card, atMs } = parsed.frame
      const isKnown = known.has(lookupOf(card.canonical))
      const body = Buffer.from(JSON.stringify({ id: tapId, atMs, isKnown, fact: randomUUID() }))
      const answer = JSON.stringify({ kind: isKnown ? 'admitted' : 'refused', tapId })
      waiting.push({ id: tapId, body, socket, answer })
      if (isScheduled) return
      isScheduled = true
      setImmediate(flush)
    })
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
  })
  process.on('message', (message: string) => {
    if (message === 'usage')
      process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() })
    if (message === 'stop') process.exit(0)
  })
})
process.once('disconnect', () => process.exit(0))
