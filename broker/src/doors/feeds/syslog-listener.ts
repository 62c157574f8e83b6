// The door for syslog over TLS of other systems: only who shows a certificate of the named
// authority is heard. It takes one event at a time and reads on when that is durable; where the
// record cannot be written it hangs up, so that the sender keeps what it has.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:tls'
import type { Server, TLSSocket } from 'node:tls'
import { Fault } from '../../platform/fault.ts'
import { listen } from '../../platform/listen.ts'
import type { Log } from '../../platform/log.ts'
import type { FeedOf } from '../../platform/setting-rows/feed-settings.ts'
import type { FeedDesk } from './feed-desk.ts'
import { syslogFields, SyslogFrames } from './read-syslog.ts'

const connectionsMax = 32
const handshakeMaxMs = 10_000
/** A sender that is quiet for longer comes again when it has something. */
const quietMaxMs = 24 * 3_600_000

export interface SyslogListenerNeeds {
  readonly desk: Pick<FeedDesk, 'take'>
  readonly log: Log
}

export interface SyslogListener {
  readonly port: number
  close(): Promise<void>
}

/** Throws Fault where the port cannot be had, or a file cannot be read. */
export async function openSyslogListener(
  setting: FeedOf<'syslog'>,
  needs: SyslogListenerNeeds,
): Promise<SyslogListener> {
  const sockets = new Set<TLSSocket>()
  const server = makeServer(setting)
  server.maxConnections = connectionsMax
  server.on('secureConnection', (socket) => {
    sockets.add(socket)
    socket.setTimeout(quietMaxMs, () => socket.destroy())
    // Told by the reading below, which ends with it.
    socket.on('error', () => undefined)
    void hear(socket, setting.name, needs).finally(() => {
      socket.destroy()
      sockets.delete(socket)
    })
  })
  server.on('tlsClientError', (thrown, socket) => {
    const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name
    needs.log.warn('feed.refused', {
      place: setting.name,
      address: socket.remoteAddress ?? '',
      code,
    })
  })
  const { host, port } = setting
  const taken = await listen(server, { host, port, setting: `feeds: port of ${setting.name}` })
  return {
    port: taken,
    close: async () => {
      const closed = new Promise<void>((resolve) =>
        server.close(() => {
          resolve()
        }),
      )
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function makeServer({ name, certFile, keyFile, caFile }: FeedOf<'syslog'>): Server {
  try {
    return createServer({
      cert: readFileSync(certFile),
      key: readFileSync(keyFile),
      ca: readFileSync(caFile),
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      handshakeTimeout: handshakeMaxMs,
    })
  } catch (thrown) {
    const cause = new Error(`feeds: ${name}: its certificate, key or authority cannot be read`, {
      cause: thrown,
    })
    throw new Fault('settings-not-valid', 'permanent', { cause })
  }
}

async function hear(
  socket: TLSSocket,
  name: string,
  { desk, log }: SyslogListenerNeeds,
): Promise<void> {
  const frames = new SyslogFrames()
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      const { messages, isBroken } = frames.take(chunk)
      for (const message of messages) await desk.take(name, [syslogFields(message)])
      if (!isBroken) continue
      log.warn('feed.not-syslog', { place: name, address: socket.remoteAddress ?? '' })
      return
    }
  } catch (thrown) {
    const code = thrown instanceof Fault ? thrown.code : 'cut'
    log.warn('feed.ended', { place: name, code })
  }
}
