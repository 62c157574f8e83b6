// A process of the benchmark: asked one thing at a time, and waited for with a deadline. It ends
// with us, whatever becomes of it.

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

const flags = [
  '--disable-warning=ExperimentalWarning',
  // An address of 127.0.0.1 is what everything here is called.
  '--disable-warning=DEP0123',
]
/** A process that says nothing for so long will never say anything. */
const answerMaxMs = 120_000
const endMaxMs = 8000

export class BenchChild {
  readonly #child: ChildProcess

  constructor(file: string) {
    this.#child = fork(new URL(file, import.meta.url), { execArgv: flags })
  }

  ask<T>(message: object | string): Promise<T> {
    const child = this.#child
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(late)
        child.off('exit', onExit)
        child.off('message', onMessage)
        act()
      }
      const onExit = (code: number | null): void => {
        settle(() => {
          reject(new Error(`a bench process ended with ${String(code)}`))
        })
      }
      const onMessage = (answer: unknown): void => {
        settle(() => {
          resolve(answer as T)
        })
      }
      const late = setTimeout(() => {
        settle(() => {
          reject(new Error('a bench process says nothing'))
        })
      }, answerMaxMs)
      child.once('exit', onExit)
      child.once('message', onMessage)
      child.send(message)
    })
  }

  /** Asks it to stop, and ends it where it does not. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || !this.#child.connected) return
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.send('stop')
    const late = setTimeout(() => this.#child.kill('SIGKILL'), endMaxMs)
    await gone
    clearTimeout(late)
  }
}
