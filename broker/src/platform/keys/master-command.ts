// The master key from a program, for hospitals whose keys never leave a PKCS#11 token or a key
// service: the program opens what is wrapped there and writes the 32 bytes to its standard output.
// Nothing of what it says is logged, neither what it writes nor what it complains of.

import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { keyFault } from './key-folder.ts'

/** A token that asks for its PIN would wait for ever: nobody is there to type it. */
const withinMs = 30_000
const outputBytesMax = 4096

/** What it wrote, whole. Throws Fault `key-missing` with the way it ended, and no word of its own. */
export function outputOfCommand([program = '', ...words]: readonly string[]): Buffer {
  const ended = spawnSync(program, words, {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: withinMs,
    killSignal: 'SIGKILL',
    maxBuffer: outputBytesMax,
    windowsHide: true,
  })
  if (ended.error === undefined && ended.status === 0) return ended.stdout
  throw keyFault(`keys.masterCommand: ${basename(program)} ${howItEnded(ended)}`)
}

function howItEnded({ error, status, signal }: ReturnType<typeof spawnSync>): string {
  const code = error !== undefined && 'code' in error ? String(error.code) : undefined
  if (code === 'ETIMEDOUT') return `did not end within ${String(withinMs / 1000)} s`
  if (code === 'ENOBUFS') return 'wrote far more than a key'
  if (code !== undefined) return `could not be started (${code})`
  return status === null ? `was ended by ${String(signal)}` : `ended with ${String(status)}`
}
