// A property list as JSON, by the program that macOS has for it: with a deadline and a size,
// without a shell. Only on macOS.

import { execFile } from 'node:child_process'

const withinMs = 3000
const bytesMax = 1024 * 1024

export function plutilJson(path: string, program = '/usr/bin/plutil'): Promise<string | undefined> {
  const words = ['-convert', 'json', '-o', '-', '--', path]
  const options = { timeout: withinMs, killSignal: 'SIGKILL', maxBuffer: bytesMax } as const
  return new Promise((resolve) => {
    execFile(program, words, options, (error, output) => {
      resolve(error === null ? output : undefined)
    })
  })
}
