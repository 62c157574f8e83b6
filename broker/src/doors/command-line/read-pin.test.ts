// Typing a PIN: unseen, twice, and what else may come down a terminal.

import { EventEmitter } from 'node:events'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readPin } from './read-pin.ts'
import type { PinInput } from './read-pin.ts'

/** A terminal that types what it is told to as soon as it is asked, in the given pieces. */
class Terminal extends EventEmitter implements PinInput {
  readonly isTTY = true
  isRaw = false
  readonly said: string[] = []
  readonly #answers: string[][]

  constructor(answers: string[][]) {
    super()
    this.#answers = answers
  }

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw
    return this
  }

  resume(): this {
    const pieces = this.#answers.shift() ?? []
    setImmediate(() => {
      for (const piece of pieces) this.emit('data', Buffer.from(piece))
    })
    return this
  }

  pause(): this {
    return this
  }

  setEncoding(): this {
    return this
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    throw new Error('a terminal is not read to its end')
  }
}

function type(...answers: string[][]) {
  const terminal = new Terminal(answers)
  return { terminal, pin: readPin(terminal, (text) => terminal.said.push(text)) }
}

function piped(text: string): PinInput {
  return Object.assign(Readable.from([text]), { isTTY: false, setRawMode: () => undefined })
}

describe('a PIN', () => {
  it('is typed twice and never echoed', async () => {
    const { pin, terminal } = type(['4', '8', '26173', '9\r'], ['48261739\r'])
    expect(await pin).toBe('48261739')
    expect(terminal.said.join('')).not.toMatch(/[0-9•*]/)
    expect(terminal.isRaw).toBe(false)
  })
  it('can be mended while it is typed', async () => {
    const { pin } = type(['4826173', '0', '\u007f', '9\r'], ['48261739\n'])
    expect(await pin).toBe('48261739')
  })
  it('comes as one line where there is no terminal', async () => {
    expect(await readPin(piped('48261739\n'), () => undefined)).toBe('48261739')
    expect(await readPin(piped('48261739'), () => undefined)).toBe('48261739')
  })
})

describe('refuses', () => {
  it.each([
    ['12345678', 'easy to guess'],
    ['11223344', 'easy to guess'],
    ['123', '4 to 12 digits'],
  ])('what will not do before it is typed twice', async (first, why) => {
    const { pin, terminal } = type([`${first}\r`])
    await expect(pin).rejects.toThrow(why)
    expect(terminal.said.join('')).not.toContain('Once more')
    expect(terminal.isRaw).toBe(false)
  })
  it('two that differ', async () => {
    await expect(type(['48261739\r'], ['48261738\r']).pin).rejects.toThrow('not the same')
  })
  it.each(['\u0003', '\u0004'])('to go on after %j, with the terminal as it was', async (key) => {
    const { pin, terminal } = type(['4826', key])
    await expect(pin).rejects.toThrow('Nothing was changed')
    expect(terminal.isRaw).toBe(false)
  })
  it.each(['', '123', '1234567890123', '4826 1739', '4826173a', '\u0664\u0668\u0662\u0666'])(
    'what is no PIN (%j), without repeating it',
    async (text) => {
      await expect(readPin(piped(`${text}\n`), () => undefined)).rejects.toThrow(
        /^A PIN has 4 to 12 digits and nothing else\.$/,
      )
    },
  )
})
