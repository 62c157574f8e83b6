// rsyslog as Debian has it, receiving syslog over TLS into a file: a process of its own, with a
// configuration of its own, that a test may kill and start again.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ThrowAwayAuthority } from '../throw-away-authority.ts'
import { freePorts, until } from './program.ts'

export class RsyslogProgram {
  readonly folder = mkdtempSync(join(tmpdir(), 'wardkey-rsyslog-'))
  readonly port: number
  #child: ChildProcess | undefined
  #gone: Promise<unknown> = Promise.resolve()
  #complaints = ''

  private constructor(port: number) {
    this.port = port
  }

  /** With a server certificate for localhost, and one for whoever may send. */
  static async make(): Promise<RsyslogProgram> {
    const [port = 0] = await freePorts(1)
    const rsyslog = new RsyslogProgram(port)
    const authority = await ThrowAwayAuthority.make()
    const server = await authority.server(['localhost'])
    const client = await authority.identity()
    const write = (name: string, text: string): void => {
      writeFileSync(rsyslog.file(name), text, { mode: 0o600 })
    }
    write('ca.pem', authority.caPem)
    write('server.pem', server.chainPem)
    write('server.key', server.keyPem)
    write('client.pem', client.certificatePem)
    write('client.key', client.keyPem)
    write('rsyslog.conf', configurationOf(rsyslog))
    return rsyslog
  }

  file(name: string): string {
    return join(this.folder, name)
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const words = ['-n', '-f', this.file('rsyslog.conf'), '-i', this.file('rsyslog.pid')]
    const child = spawn('rsyslogd', words, { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk: Buffer) => (this.#complaints += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (this.#complaints += chunk.toString()))
    this.#gone = new Promise((resolve) => child.once('close', resolve))
    this.#child = child
    const hex = this.port.toString(16).toUpperCase().padStart(4, '0')
    // Asked of the system: a connection of ours would be one that it has to refuse.
    const isListening = (): boolean =>
      new RegExp(`:${hex} 00000000:0000 0A`).test(readFileSync('/proc/net/tcp', 'utf8'))
    await until(isListening, 'rsyslog listens', 20_000, () => this.#complaints)
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#gone
    rmSync(this.file('rsyslog.pid'), { force: true })
  }

  /** Whole lines only: the last one may be half written when it is killed. */
  lines(): readonly string[] {
    const file = this.file('received.log')
    if (!existsSync(file)) return []
    return readFileSync(file, 'utf8').split('\n').slice(0, -1)
  }

  async dispose(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const configurationOf = ({ folder, port }: RsyslogProgram): string => `
global(
  workDirectory="${folder}"
  maxMessageSize="64k"
  defaultNetstreamDriver="gtls"
  defaultNetstreamDriverCAFile="${folder}/ca.pem"
  defaultNetstreamDriverCertFile="${folder}/server.pem"
  defaultNetstreamDriverKeyFile="${folder}/server.key"
)
module(
  load="imtcp"
  streamDriver.name="gtls"
  streamDriver.mode="1"
  streamDriver.authMode="x509/certvalid"
)
template(name="raw" type="string" string="%rawmsg%\\n")
ruleset(name="wardkey") {
  action(type="omfile" file="${folder}/received.log" template="raw")
}
input(type="imtcp" address="127.0.0.1" port="${String(port)}" ruleset="wardkey")
`
