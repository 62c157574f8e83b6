// One program of ours as a process of its own: started where a test says, heard, and ended by its own
// id. A killed one is waited for, so that nothing of it runs on into the next test.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const waitMs = 40

export interface ProgramOptions {
  /** Words before its own: a network namespace to stand in. */
  readonly before?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** A channel to speak over, beside its output. */
  readonly hasChannel?: boolean
}

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export class Program {
  readonly child: ChildProcess
  out = ''
  err = ''
  readonly #gone: Promise<unknown>

  /** `file` is ours, from the root of the tree. */
  constructor(file: string, words: readonly string[], options: ProgramOptions = {}) {
    const { before = [], env = {}, hasChannel = false } = options
    const own = [process.execPath, '--disable-warning=ExperimentalWarning', `${root}${file}`]
    const [command = '', ...rest] = [...before, ...own, ...words]
    this.child = spawn(command, rest, {
      stdio: ['pipe', 'pipe', 'pipe', ...(hasChannel ? (['ipc'] as const) : [])],
      env: { ...process.env, ...env },
    })
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()))
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()))
    this.#gone = new Promise((resolve) => this.child.once('close', resolve))
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  async ended(input = ''): Promise<Ended> {
    this.child.stdin?.end(input)
    await this.#gone
    return { code: this.child.exitCode, out: this.out, err: this.err }
  }

  /** The first whole line of its output; throws with what it complained of where it ends first. */
  async line(withinMs = 30_000): Promise<string> {
    await until(() => this.out.includes('\n') || !this.isRunning, 'a word of it', withinMs)
    const [line] = this.out.split('\n')
    if (!this.out.includes('\n')) throw new Error(`it ended: ${this.err}`)
    return line ?? ''
  }

  /** Nothing where it had ended by itself. */
  async signal(name: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (this.isRunning) this.child.kill(name)
    await this.#gone
    return this.child.exitCode
  }
}

export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 20_000,
  seen: () => string = () => '',
): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`never: ${what}; ${seen()}`)
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}

/** Free a moment ago: somebody may be quicker, and that risk is small. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            resolve((server.address() as AddressInfo).port)
          })
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
