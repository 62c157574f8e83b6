// Syslog over TLS (RFC 5425): one connection that stays, to a server that a named authority vouches
// for. Nothing says that a message has arrived, so it says when its way was cut.

import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { connect } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import type { StreamOf } from '../../../platform/setting-rows/stream-settings.ts'
import { cefEvent } from '../formats/cef.ts'
import { jsonEvent } from '../formats/json-event.ts'
import type { StreamEvent } from '../formats/stream-event.ts'
import { syslogFrame } from '../formats/syslog-frame.ts'
import type { SyslogForm } from '../formats/syslog-frame.ts'
import { failedBy, SendFailed } from './sender.ts'
import type { Sender, Settling } from './sender.ts'

const batchMax = 200
const connectMaxMs = 10_000
/** A receiver that takes nothing for so long is as good as gone. */
const takeMaxMs = 10_000
const keepAliveMs = 15_000

export class SyslogSender implements Sender {
  readonly batchMax = batchMax
  readonly settling: Settling
  readonly #setting: StreamOf<'syslog'>
  readonly #form: SyslogForm
  readonly #version: string
  #socket: TLSSocket | undefined
  #isCut = false

  constructor(setting: StreamOf<'syslog'>, version: string) {
    this.#setting = setting
    this.#version = version
    this.settling = { afterMs: setting.resendMs, keepMin: setting.resendMin }
    this.#form = {
      facility: setting.facility,
      hostName: setting.hostName ?? hostname(),
      processId: String(process.pid),
      enterprise: setting.enterprise,
      hasBom: setting.bom,
    }
  }

  get isCut(): boolean {
    return this.#isCut
  }

  async open(): Promise<boolean> {
    if (this.#socket) return false
    this.#isCut = false
    this.#socket = await this.#connect()
    return true
  }

  async send(events: readonly StreamEvent[]): Promise<void> {
    const socket = this.#socket
    if (!socket) throw new SendFailed('cut', 'transient')
    const bytes = Buffer.concat(events.map((event) => this.#frame(event)))
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        socket.destroy()
        reject(new SendFailed('takes-nothing', 'transient'))
      }, takeMaxMs)
      socket.write(bytes, (error) => {
        clearTimeout(timer)
        if (error) reject(failedBy(error))
        else resolve()
      })
    })
  }

  /** The handshake alone: a syslog server has nothing to say. */
  async probe(): Promise<void> {
    const socket = await this.#connect()
    socket.destroy()
  }

  /** In order, so that what is on its way is read before the end. */
  close(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    this.#isCut = false
    socket?.end()
    return Promise.resolve()
  }

  #frame(event: StreamEvent): Buffer {
    const isCef = this.#setting.format === 'cef'
    const message = isCef ? cefEvent(event, this.#version) : JSON.stringify(jsonEvent(event))
    return syslogFrame(event, message, this.#form)
  }

  #connect(): Promise<TLSSocket> {
    const { host, port, caFile, certFile, keyFile, serverName } = this.#setting
    return new Promise((resolve, reject) => {
      const socket = connect({
        host,
        port,
        minVersion: 'TLSv1.2',
        // Read each time: certificates are renewed while the broker runs.
        ca: readFileSync(caFile, 'utf8'),
        ...(certFile === undefined ? {} : { cert: readFileSync(certFile, 'utf8') }),
        ...(keyFile === undefined ? {} : { key: readFileSync(keyFile, 'utf8') }),
        ...(serverName === undefined ? {} : { servername: serverName }),
      })
      const timer = setTimeout(() => {
        socket.destroy(new SendFailed('no-answer', 'transient'))
      }, connectMaxMs)
      // What it says is of no interest; unread it would hold up what it means to say at the end.
      socket.resume()
      socket.setKeepAlive(true, keepAliveMs)
      socket.once('secureConnect', () => {
        clearTimeout(timer)
        resolve(socket)
      })
      socket.on('error', (thrown) => {
        clearTimeout(timer)
        reject(failedBy(thrown))
      })
      // Its end is heard too, where it does not fail: a receiver that goes sends a FIN.
      socket.on('end', () => socket.destroy())
      socket.on('close', () => {
        reject(new SendFailed('cut', 'transient'))
        if (this.#socket !== socket) return
        this.#socket = undefined
        this.#isCut = true
      })
    })
  }
}
