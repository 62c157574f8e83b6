// A contactless card for the virtual reader of vsmartcard's vpcd: a plain TCP client. To insert is
// to connect, to remove is to close. It answers FF CA like a real card, or as a test wants it.

import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a card says to a command; `tear` is to be pulled away in the middle of it, `silence` nothing. */
export type CardAnswer = Uint8Array | 'tear' | 'silence'

export interface VirtualCardNeeds {
  /** Hex. */
  readonly uid: string
  readonly port: number
  /** Undefined leaves it to the ordinary answer. */
  readonly answer?: (command: Uint8Array) => CardAnswer | undefined
  /** Instead of a contactless storage card's ATR; empty for a card that does not answer a reset. */
  readonly atr?: Uint8Array
}

/** A reader takes a moment to listen again after a card has gone or its service has started. */
const insertWithinMs = 4000
const control = { off: 0, on: 1, reset: 2, atr: 4 } as const

export class VirtualCard {
  readonly #needs: VirtualCardNeeds
  readonly #uid: Buffer
  #socket: Socket | undefined
  /** Commands answered so far, to see that somebody asked. */
  commands = 0

  constructor(needs: VirtualCardNeeds) {
    this.#needs = needs
    this.#uid = Buffer.from(needs.uid, 'hex')
  }

  /** Puts the card on the reader; the service sees it at its next poll. */
  async insert(): Promise<void> {
    const deadline = performance.now() + insertWithinMs
    for (;;) {
      try {
        this.#socket = await this.#connect()
        return
      } catch (error) {
        if (performance.now() > deadline) throw error
        await sleep(10)
      }
    }
  }

  async remove(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    if (socket === undefined || socket.destroyed) return
    const closed = Promise.withResolvers<undefined>()
    socket.once('close', () => {
      closed.resolve(undefined)
    })
    socket.destroy()
    await closed.promise
  }

  #connect(): Promise<Socket> {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>()
    const socket = connect(this.#needs.port, '127.0.0.1')
    socket.setNoDelay(true)
    socket.once('connect', () => {
      resolve(socket)
    })
    // After connecting, an error is the service going away: the close that follows says it all.
    socket.on('error', reject)
    let waiting: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk])
      while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
        const end = 2 + waiting.readUInt16BE(0)
        this.#hear(socket, waiting.subarray(2, end))
        waiting = waiting.subarray(end)
      }
    })
    return promise
  }

  #hear(socket: Socket, message: Buffer): void {
    if (message.length === 1) {
      if (message[0] === control.atr) say(socket, this.#needs.atr ?? storageCardAtr())
      return
    }
    if (message.length === 0) return
    this.commands += 1
    const answer = this.#needs.answer?.(message) ?? this.#answer(message)
    if (answer === 'tear') socket.destroy()
    else if (answer !== 'silence') say(socket, answer)
  }

  #answer(command: Buffer): Uint8Array {
    const asksUid = command.subarray(0, 4).equals(Buffer.of(0xff, 0xca, 0, 0))
    if (!asksUid) return Buffer.of(0x6d, 0x00)
    const wanted = command[4] ?? 0
    if (wanted !== 0 && wanted < this.#uid.length) return Buffer.of(0x6c, this.#uid.length)
    return Buffer.concat([this.#uid, Buffer.of(0x90, 0x00)])
  }
}

function say(socket: Socket, payload: Uint8Array): void {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(payload.length)
  socket.write(Buffer.concat([length, payload]))
}

/** PC/SC part 3: the ATR that a reader makes up for a MIFARE Classic 1K. */
export function storageCardAtr(): Uint8Array {
  const historical = Buffer.from('804f0ca00000030603000100000000', 'hex')
  const body = Buffer.concat([Buffer.of(0x80 | historical.length, 0x80, 0x01), historical])
  return Buffer.concat([Buffer.of(0x3b), body, Buffer.of(body.reduce((a, b) => a ^ b, 0))])
}
