// The demo's programs as child processes: started, watched, and ended together, by their ids.

import { fork, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

const nodeFlags = ['--disable-warning=ExperimentalWarning']
const endMaxMs = 8000

export class Children {
  readonly #running = new Map<string, ChildProcess>()
  readonly #onEnd: (name: string) => void
  readonly #onError: (name: string, text: string) => void

  constructor(onEnd: (name: string) => void, onError: (name: string, text: string) => void) {
    this.#onEnd = onEnd
    this.#onError = onError
  }

  /** A program with a channel to speak over. */
  fork(name: string, file: string, args: readonly string[] = []): ChildProcess {
    const child = fork(file, args, {
      execArgv: nodeFlags,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    return this.#keep(name, child)
  }

  /** By standard input it is told what it needs, and by its channel that we are gone. */
  spawn(name: string, file: string, args: readonly string[], input = ''): ChildProcess {
    const child = spawn(process.execPath, [...nodeFlags, file, ...args], {
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    })
    child.stdin?.end(input)
    return this.#keep(name, child)
  }

  /** Asks all to end, those that were started last first, and insists after a while. */
  async end(): Promise<void> {
    const all = [...this.#running.values()].reverse()
    this.#running.clear()
    await Promise.all(
      all.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const gone = new Promise<void>((resolve) => {
          child.once('exit', () => {
            resolve()
          })
        })
        const insist = setTimeout(() => child.kill('SIGKILL'), endMaxMs)
        child.kill('SIGTERM')
        await gone
        clearTimeout(insist)
      }),
    )
  }

  #keep(name: string, child: ChildProcess): ChildProcess {
    this.#running.set(name, child)
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#onError(name, chunk.toString('utf8'))
    })
    child.once('exit', () => {
      if (this.#running.get(name) !== child) return
      this.#running.delete(name)
      this.#onEnd(name)
    })
    return child
  }
}
