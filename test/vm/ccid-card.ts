// The card in qemu's ccid-card-passthru: a client of its VSC protocol (big-endian type, reader and
// length; then the payload). It answers FF CA with the UID that lies there, and nothing else.

import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { storageCardAtr } from '../kit/virtual-card.ts'

const messages = {
  init: 1,
  readerAdd: 3,
  atr: 5,
  cardRemove: 6,
  apdu: 7,
  flush: 8,
  flushComplete: 9,
} as const

export class CcidCard {
  readonly #socket: Socket
  #uid: Buffer = Buffer.alloc(0)
  #waiting: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  static async connect(socketPath: string): Promise<CcidCard> {
    const socket = connect(socketPath)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    const card = new CcidCard(socket)
    // qemu closing its end at the end is all the news there is.
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      card.#hear(chunk)
    })
    const hello = Buffer.alloc(12)
    hello.write('VSCD', 'latin1')
    hello.writeUInt32BE(2, 4)
    card.#say(messages.init, hello)
    card.#say(messages.readerAdd, Buffer.from('virtual\0'))
    return card
  }

  insert(uid: string): void {
    this.#uid = Buffer.from(uid, 'hex')
    this.#say(messages.atr, storageCardAtr())
  }

  remove(): void {
    this.#say(messages.cardRemove, Buffer.alloc(0))
  }

  close(): void {
    this.#socket.destroy()
  }

  #hear(chunk: Buffer): void {
    this.#waiting = Buffer.concat([this.#waiting, chunk])
    while (this.#waiting.length >= 12) {
      const end = 12 + this.#waiting.readUInt32BE(8)
      if (this.#waiting.length < end) return
      const type = this.#waiting.readUInt32BE(0)
      const payload = this.#waiting.subarray(12, end)
      this.#waiting = this.#waiting.subarray(end)
      if (type === messages.apdu) this.#say(messages.apdu, this.#answer(payload))
      if (type === messages.flush) this.#say(messages.flushComplete, Buffer.alloc(0))
    }
  }

  #answer(command: Buffer): Buffer {
    const asksUid = command.subarray(0, 4).equals(Buffer.of(0xff, 0xca, 0, 0))
    return asksUid ? Buffer.concat([this.#uid, Buffer.of(0x90, 0)]) : Buffer.of(0x6d, 0)
  }

  #say(type: number, payload: Uint8Array): void {
    const head = Buffer.alloc(12)
    head.writeUInt32BE(type, 0)
    head.writeUInt32BE(payload.length, 8)
    this.#socket.write(Buffer.concat([head, payload]))
  }
}
