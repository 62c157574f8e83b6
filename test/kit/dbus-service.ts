// As much of D-Bus as it takes to stand in for one system service in a test: own a name, answer
// method calls, send signals. Little-endian, no file descriptors, no security.

import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** What a method answers: a signature and its body, or the name of an error. */
export type DbusAnswer =
  { readonly signature: string; readonly body: readonly DbusValue[] } | { readonly error: string }

/** Strings (s, o), booleans and numbers (b, u), lists (structs and arrays), and variants. */
export type DbusValue = string | boolean | number | readonly DbusValue[] | DbusVariant
export interface DbusVariant {
  readonly signature: string
  readonly value: DbusValue
}

export interface DbusCall {
  readonly path: string
  readonly member: string
  /** Its leading string arguments. */
  readonly strings: readonly string[]
}

const kinds = { call: 1, answer: 2, error: 3, signal: 4 } as const
const fields = { path: 1, interface: 2, member: 3, errorName: 4, replySerial: 5 } as const
const targets = { destination: 6, signature: 8 } as const

export class DbusService {
  readonly #socket: Socket
  readonly #answer: (call: DbusCall) => DbusAnswer
  #serial = 0
  #waiting: Buffer = Buffer.alloc(0)
  /** Resolves once the bus has said that the name is ours. */
  readonly #owned = Promise.withResolvers<undefined>()

  private constructor(socket: Socket, answer: (call: DbusCall) => DbusAnswer) {
    this.#socket = socket
    this.#answer = answer
  }

  static async own(
    busPath: string,
    name: string,
    answer: (call: DbusCall) => DbusAnswer,
  ): Promise<DbusService> {
    const socket = connect(busPath)
    const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex')
    const greeted = new Promise((resolve, reject) => {
      socket.once('data', resolve)
      socket.once('error', reject)
    })
    socket.write(`\0AUTH EXTERNAL ${uid}\r\n`)
    await greeted
    socket.write('BEGIN\r\n')
    const service = new DbusService(socket, answer)
    socket.on('data', (chunk) => {
      service.#hear(chunk)
    })
    service.#callBus('Hello', '', [])
    service.#callBus('RequestName', 'su', [name, 4])
    await service.#owned.promise
    return service
  }

  signal(
    path: string,
    interfaceName: string,
    member: string,
    signature: string,
    body: readonly DbusValue[],
  ): void {
    this.#send(kinds.signal, signature, body, [
      [fields.path, 'o', path],
      [fields.interface, 's', interfaceName],
      [fields.member, 's', member],
    ])
  }

  close(): void {
    this.#socket.destroy()
  }

  #callBus(member: string, signature: string, body: readonly DbusValue[]): void {
    this.#send(kinds.call, signature, body, [
      [fields.path, 'o', '/org/freedesktop/DBus'],
      [fields.interface, 's', 'org.freedesktop.DBus'],
      [fields.member, 's', member],
      [targets.destination, 's', 'org.freedesktop.DBus'],
    ])
  }

  #send(
    kind: number,
    signature: string,
    values: readonly DbusValue[],
    header: readonly (readonly [number, string, DbusValue])[],
  ): void {
    const body = new DbusWriter()
    splitSignature(signature).forEach((type, index) => {
      body.write(type, values[index] ?? '')
    })
    const all =
      signature === '' ? header : [...header, [targets.signature, 'g', signature] as const]
    const head = new DbusWriter()
    head.bytes(Buffer.from([0x6c, kind, 0, 1]))
    head.write('u', body.length)
    head.write('u', (this.#serial += 1))
    head.write(
      'a(yv)',
      all.map(([field, type, value]) => [field, { signature: type, value }]),
    )
    head.align(8)
    this.#socket.write(Buffer.concat([head.take(), body.take()]))
  }

  #hear(chunk: Buffer): void {
    this.#waiting = Buffer.concat([this.#waiting, chunk])
    for (;;) {
      if (this.#waiting.length < 16) return
      const bodyBytes = this.#waiting.readUInt32LE(4)
      const headBytes = (16 + this.#waiting.readUInt32LE(12) + 7) & ~7
      if (this.#waiting.length < headBytes + bodyBytes) return
      const message = this.#waiting.subarray(0, headBytes + bodyBytes)
      this.#waiting = this.#waiting.subarray(headBytes + bodyBytes)
      this.#take(message, headBytes)
    }
  }

  #take(message: Buffer, headBytes: number): void {
    const kind = message[1]
    // Answers come for Hello (1) and RequestName (2), in this order.
    if (kind === kinds.answer || kind === kinds.error) {
      const replyTo = readFields(message).get(fields.replySerial)
      if (replyTo === 2) this.#owned.resolve(undefined)
    }
    if (kind !== kinds.call) return
    const head = readFields(message)
    const text = (field: number) => String(head.get(field) ?? '')
    const serial = message.readUInt32LE(8)
    const strings = readStrings(message.subarray(headBytes), text(targets.signature))
    const answer = this.#answer({ path: text(fields.path), member: text(fields.member), strings })
    const back: readonly (readonly [number, string, DbusValue])[] = [
      [fields.replySerial, 'u', serial],
      [targets.destination, 's', text(7)],
    ]
    if ('error' in answer) {
      this.#send(kinds.error, '', [], [...back, [fields.errorName, 's', answer.error]])
    } else this.#send(kinds.answer, answer.signature, answer.body, back)
  }
}

class DbusWriter {
  readonly #parts: Buffer[] = []
  length = 0

  bytes(part: Buffer): void {
    this.#parts.push(part)
    this.length += part.length
  }

  align(to: number): void {
    this.bytes(Buffer.alloc((to - (this.length % to)) % to))
  }

  take(): Buffer {
    return Buffer.concat(this.#parts)
  }

  write(type: string, value: DbusValue): void {
    const kind = type[0] ?? ''
    if (kind === 'y') this.bytes(Buffer.of(Number(value)))
    else if (kind === 'b' || kind === 'u') this.#word(Number(value))
    else if (kind === 's' || kind === 'o') this.#text(text(value))
    else if (kind === 'g') this.#short(text(value))
    else if (kind === 'v') this.#variant(value)
    else if (kind === 'a') this.#array(type.slice(1), list(value))
    else if (kind === '(' || kind === '{') this.#struct(type.slice(1, -1), list(value))
    else throw new Error(`no ${type} here`)
  }

  #word(value: number): void {
    this.align(4)
    const word = Buffer.alloc(4)
    word.writeUInt32LE(value)
    this.bytes(word)
  }

  #text(words: string): void {
    this.#word(Buffer.byteLength(words))
    this.bytes(Buffer.from(`${words}\0`))
  }

  #short(words: string): void {
    this.bytes(Buffer.from([words.length]))
    this.bytes(Buffer.from(`${words}\0`))
  }

  #variant(value: DbusValue): void {
    if (typeof value !== 'object' || !('signature' in value)) throw new Error('no variant')
    this.#short(value.signature)
    this.write(value.signature, value.value)
  }

  #struct(signature: string, values: readonly DbusValue[]): void {
    this.align(8)
    splitSignature(signature).forEach((type, index) => {
      this.write(type, values[index] ?? '')
    })
  }

  #array(type: string, values: readonly DbusValue[]): void {
    this.align(4)
    const length = Buffer.alloc(4)
    this.bytes(length)
    if (type.startsWith('(') || type.startsWith('{')) this.align(8)
    const from = this.length
    for (const value of values) this.write(type, value)
    length.writeUInt32LE(this.length - from)
  }
}

function text(value: DbusValue): string {
  if (typeof value === 'string') return value
  throw new Error('no text')
}

function list(value: DbusValue): readonly DbusValue[] {
  if (typeof value === 'object' && !('signature' in value)) return value
  throw new Error('no list')
}

/** "sa{sv}as" is "s", "a{sv}", "as". */
function splitSignature(signature: string): readonly string[] {
  const types: string[] = []
  let depth = 0
  let type = ''
  for (const letter of signature) {
    type += letter
    if (letter === '(' || letter === '{') depth += 1
    if (letter === ')' || letter === '}') depth -= 1
    if (depth > 0 || letter === 'a') continue
    types.push(type)
    type = ''
  }
  return types
}

/** The header fields of a message: strings, paths and signatures as text, numbers as numbers. */
function readFields(message: Buffer): ReadonlyMap<number, string | number> {
  const read = new Map<number, string | number>()
  const end = 16 + message.readUInt32LE(12)
  let at = 16
  while (at < end) {
    at = (at + 7) & ~7
    const field = message[at] ?? 0
    const type = String.fromCharCode(message[at + 2] ?? 0)
    at += 4
    if (type === 'g') {
      const bytes = message[at] ?? 0
      read.set(field, message.toString('utf8', at + 1, at + 1 + bytes))
      at += bytes + 2
    } else {
      at = (at + 3) & ~3
      const word = message.readUInt32LE(at)
      if (type === 'u') read.set(field, word)
      else read.set(field, message.toString('utf8', at + 4, at + 4 + word))
      at += type === 'u' ? 4 : word + 5
    }
  }
  return read
}

function readStrings(body: Buffer, signature: string): readonly string[] {
  const strings: string[] = []
  let at = 0
  for (const type of signature) {
    if (type !== 's' && type !== 'o') break
    at = (at + 3) & ~3
    const bytes = body.readUInt32LE(at)
    strings.push(body.toString('utf8', at + 4, at + 4 + bytes))
    at += bytes + 5
  }
  return strings
}
