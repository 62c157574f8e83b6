// The sensor before a demo workstation's screen: a program like any other, that says on the
// workstation's own socket whether somebody is near. Until a visitor walks away it says nothing.

import { createConnection } from 'node:net'
import type { Clock } from '@wardkey/agent/platform/clock'

/** A report counts for two minutes. */
const againMs = 30_000
const confidence = 0.9

export class DemoSensor {
  readonly #path: string
  readonly #clock: Clock
  #isNear = true
  #forget: () => void = () => undefined

  constructor(path: string, clock: Clock) {
    this.#path = path
    this.#clock = clock
  }

  get isNear(): boolean {
    return this.#isNear
  }

  /** Said at once, and again and again as sensors do. */
  sense(isNear: boolean): void {
    this.#isNear = isNear
    this.#forget()
    const socket = createConnection(this.#path, () => {
      socket.end(`${JSON.stringify({ near: isNear, confidence })}\n`)
    })
    // An agent without the socket has no sensor: its screen waits as long as it always does.
    socket.on('error', () => socket.destroy())
    this.#forget = this.#clock.after(againMs, () => {
      this.sense(this.#isNear)
    })
  }

  stop(): void {
    this.#forget()
  }
}
