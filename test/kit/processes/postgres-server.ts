// A PostgreSQL of a test's own, to be killed and started again: a cluster in a folder of its own, on
// loopback, ended by its own process id.

import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePorts, until } from './program.ts'

const installed = '/usr/lib/postgresql'
/** After a crash it goes through its log first. */
const answerWithinMs = 60_000

export class PostgresServer {
  readonly #folder: string
  readonly #bin: string
  readonly #port: number
  #child: ChildProcess | undefined

  private constructor(folder: string, bin: string, port: number) {
    this.#folder = folder
    this.#bin = bin
    this.#port = port
  }

  /** Made, and started. */
  static async make(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'wardkey-postgres-'))
    const [port = 0] = await freePorts(1)
    const server = new PostgresServer(folder, newestBin(), port)
    const data = ['-D', join(folder, 'data'), '-A', 'trust', '-U', 'postgres']
    const { user } = server
    if (user) chownSync(folder, user.uid, user.gid)
    execFileSync(join(server.#bin, 'initdb'), data, { ...user, stdio: 'ignore' })
    try {
      await server.start()
    } catch (thrown) {
      await server.dispose()
      throw thrown
    }
    return server
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${String(this.#port)}/postgres`
  }

  async start(): Promise<void> {
    const words = ['-D', join(this.#folder, 'data'), '-p', String(this.#port)]
    const places = ['-c', 'listen_addresses=127.0.0.1', '-k', this.#folder]
    const program = join(this.#bin, 'postgres')
    this.#child = spawn(program, [...words, ...places], { ...this.user, stdio: 'ignore' })
    await until(() => this.#answers(), 'a database that answers', answerWithinMs)
  }

  /** As after a power cut: everything of it ends at once, and recovers at its next start. */
  async crash(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    // Its own word for ending without a checkpoint; a killed postmaster would leave its children.
    child.kill('SIGQUIT')
    await gone
  }

  async dispose(): Promise<void> {
    await this.crash()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** It does not run as root. */
  get user(): { readonly uid: number; readonly gid: number } | undefined {
    if (process.getuid?.() !== 0) return undefined
    const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']).toString())
    return { uid: idOf('-u'), gid: idOf('-g') }
  }

  async #answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 1000 })
    // A server that is just ending closes what it had taken.
    client.on('error', () => undefined)
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    )
  }
}

function newestBin(): string {
  const versions = existsSync(installed) ? readdirSync(installed) : []
  const newest = versions.map(Number).sort((a, b) => a - b)
  return join(installed, String(newest.at(-1)), 'bin')
}
