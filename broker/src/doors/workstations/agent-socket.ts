// The WebSocket class of this door: it knows its connection, so that thousands of idle sockets
// share four listeners instead of holding closures of their own.

import { WebSocket } from 'ws'
import type { RawData } from 'ws'
import type { Connection } from './connection.ts'

export interface SocketListener {
  message(connection: Connection, text: string): void
  binary(connection: Connection): void
  heard(connection: Connection): void
  closed(connection: Connection): void
}

export class AgentSocket extends WebSocket {
  connection: Connection | undefined
  listener: SocketListener | undefined

  /** Begins to listen; called once, right after the handshake. */
  begin(connection: Connection, listener: SocketListener): void {
    this.connection = connection
    this.listener = listener
    this.on('message', onMessage)
    this.on('ping', onPing)
    this.on('close', onClose)
    this.on('error', onError)
  }

  /** Whether the other end answers a ping within this. Never throws. */
  answers(withinMs: number): Promise<boolean> {
    if (this.readyState !== WebSocket.OPEN) return Promise.resolve(false)
    return new Promise((resolve) => {
      const done = (is: boolean): void => {
        clearTimeout(late)
        this.off('pong', onPong)
        this.off('close', onGone)
        resolve(is)
      }
      const onPong = (): void => {
        done(true)
      }
      const onGone = (): void => {
        done(false)
      }
      const late = setTimeout(onGone, withinMs)
      this.once('pong', onPong)
      this.once('close', onGone)
      this.ping()
    })
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  if (!(this instanceof AgentSocket)) return
  const { connection, listener } = this
  if (!connection || !listener) return
  // Text arrives as one Buffer while binaryType is its default; anything else is not ours.
  if (isBinary || !Buffer.isBuffer(data)) listener.binary(connection)
  else listener.message(connection, data.toString('utf8'))
}

function onPing(this: WebSocket): void {
  if (!(this instanceof AgentSocket)) return
  const { connection, listener } = this
  if (connection) listener?.heard(connection)
}

function onClose(this: WebSocket): void {
  if (!(this instanceof AgentSocket)) return
  const { connection, listener } = this
  if (connection) listener?.closed(connection)
}

function onError(this: WebSocket): void {
  // A frame too large, bad UTF-8, a reset: ws closes by itself after it, and `close` tells the
  // door.
  if (!(this instanceof AgentSocket)) return
  const { connection } = this
  if (connection?.phase !== 'closed') connection?.cut('socket-error')
}
