// A pcscd of a test's own, with two virtual readers, out of reach of the machine's: in a mount
// namespace where /run/pcscd is a folder of the test. Clients find it by PCSCLITE_CSOCK_NAME.

import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const cacheFolder = fileURLToPath(new URL('../../../.cache', import.meta.url))
const shimSource = fileURLToPath(new URL('./fastpoll.c', import.meta.url))
const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'
const upWithinMs = 5000

export interface PrivatePcscdNeeds {
  /** By how much pcscd's 400 ms are divided; 1 is pcscd as it is. */
  readonly divisor?: number
}

/**
 * Two slots, as vpcd has them, under one reader's name. libpcsclite remembers the socket it found
 * first, so a process can only ever know one of these.
 */
export class PrivatePcscd {
  readonly readerName = 'ACS ACR122U PICC Interface'
  readonly socketPath: string
  readonly #folder: string
  readonly #divisor: number
  readonly #ports: readonly [number, number]
  #process: ChildProcess | undefined

  private constructor(folder: string, port: number, divisor: number) {
    this.#folder = folder
    this.#divisor = divisor
    this.#ports = [port, port + 1]
    this.socketPath = join(folder, 'run', 'pcscd.comm')
  }

  /** Prepares a place for it; nothing runs yet. Tells our own libpcsclite where it will be. */
  static async prepare(needs: PrivatePcscdNeeds = {}): Promise<PrivatePcscd> {
    const folder = mkdtempSync(join(tmpdir(), 'wardkey-pcscd-'))
    mkdirSync(join(folder, 'run'))
    mkdirSync(join(folder, 'readers'))
    const port = await twoFreePorts()
    const pcscd = new PrivatePcscd(folder, port, needs.divisor ?? 100)
    const hexPort = `0x${port.toString(16).toUpperCase()}`
    writeFileSync(
      join(folder, 'readers', 'virtual'),
      [
        `FRIENDLYNAME "${pcscd.readerName}"`,
        `DEVICENAME /dev/null:${hexPort}`,
        `LIBPATH ${driver}`,
        `CHANNELID ${hexPort}`,
        '',
      ].join('\n'),
    )
    process.env['PCSCLITE_CSOCK_NAME'] = pcscd.socketPath
    return pcscd
  }

  /** For a program of its own that is to find this pcscd. */
  get environment(): { readonly PCSCLITE_CSOCK_NAME: string } {
    return { PCSCLITE_CSOCK_NAME: this.socketPath }
  }

  /** Where a card connects: slot 0 or 1. */
  port(slot: 0 | 1): number {
    return this.#ports[slot]
  }

  async start(): Promise<void> {
    const run = join(this.#folder, 'run')
    const readers = join(this.#folder, 'readers')
    rmSync(this.socketPath, { force: true })
    const own = process.getuid?.() === 0 ? ['-m'] : ['-U', '-r', '-m']
    const script = [
      'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$1" /run/pcscd',
      'export LD_PRELOAD="$3"; exec pcscd -f -c "$2"',
    ].join('\n')
    const child = spawn('unshare', [...own, 'sh', '-ec', script, 'sh', run, readers, buildShim()], {
      stdio: 'ignore',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', FASTPOLL_DIVISOR: String(this.#divisor) },
    })
    this.#process = child
    const deadline = performance.now() + upWithinMs
    while (!existsSync(this.socketPath)) {
      if (child.exitCode !== null) throw new Error(`pcscd ended with ${String(child.exitCode)}`)
      if (performance.now() > deadline) throw new Error('pcscd did not come up')
      await sleep(10)
    }
  }

  /** Any signal: TERM for an orderly end, KILL, STOP and CONT for one that hangs. */
  async signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill(name)
    if (name === 'SIGSTOP' || name === 'SIGCONT') return
    this.#process = undefined
    await new Promise((resolve) => child.once('exit', resolve))
  }

  async dispose(): Promise<void> {
    await this.signal('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Compiled once for each version of its source. */
function buildShim(): string {
  const version = createHash('sha256').update(readFileSync(shimSource)).digest('hex').slice(0, 16)
  const built = join(cacheFolder, `fastpoll-${version}.so`)
  if (existsSync(built)) return built
  mkdirSync(cacheFolder, { recursive: true })
  const half = `${built}.${String(process.pid)}`
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', half, shimSource, '-ldl'])
  renameSync(half, built)
  return built
}

/** vpcd takes a port and the next. Somebody may be quicker: that risk is small. */
async function twoFreePorts(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = await listenOnce(0)
    if (port !== undefined && (await listenOnce(port + 1)) !== undefined) return port
  }
  throw new Error('no two free ports side by side')
}

async function listenOnce(port: number): Promise<number | undefined> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  server.once('error', () => {
    resolve(undefined)
  })
  server.listen(port, '127.0.0.1', () => {
    const address: AddressInfo | string | null = server.address()
    const got = typeof address === 'object' ? address?.port : undefined
    server.close(() => {
      resolve(got)
    })
  })
  return promise
}
