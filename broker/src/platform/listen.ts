// Taking a port, with an answer that says what to do when it cannot be had.

import type { Server } from 'node:net'
import { Fault } from './fault.ts'

export interface ListenAt {
  readonly host: string
  readonly port: number
  /** The setting that names the port, for the message. */
  readonly setting: string
}

/** The port that was taken: the one asked for, or any free one where 0 was. Throws Fault. */
export function listen(server: Server, at: ListenAt): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      reject(faultOf(cause, at))
    }
    server.once('error', fail)
    server.listen({ host: at.host, port: at.port }, () => {
      server.removeListener('error', fail)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : at.port)
    })
  })
}

function faultOf(cause: Error, { host, port, setting }: ListenAt): Fault {
  const code = 'code' in cause ? cause.code : ''
  const where = `${host}:${String(port)}`
  const explain = (fault: 'port-taken' | 'settings-not-valid', sentence: string): Fault =>
    new Fault(fault, 'permanent', { cause: new Error(sentence, { cause }) })
  switch (code) {
    case 'EADDRINUSE':
      // What it means and what to do is said by the code.
      return explain('port-taken', `${where} (${setting})`)
    case 'EACCES':
      return explain(
        'settings-not-valid',
        `${where}: this user may not take this port; set ${setting} to one above 1023`,
      )
    default:
      return explain(
        'settings-not-valid',
        `${where}: this machine has no such address; look at ${setting.replace('port', 'host')}`,
      )
  }
}
