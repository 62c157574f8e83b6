// Whether the keyring opens, asked by a process of its own: a keyring that waits for a password
// keeps whoever asked it, and there is no way to let go but to end.

import { execFile } from 'node:child_process'
import { isSea } from 'node:sea'
import type { CommonOptions } from '../commands/command-line.ts'

const usualMs = 8000

export function keyOpensElsewhere(
  { settings, set }: CommonOptions,
  program: readonly string[] = isSea() ? [] : [...process.execArgv, ...process.argv.slice(1, 2)],
  withinMs = usualMs,
): Promise<'opens' | 'closed' | 'late'> {
  const words = [
    ...(settings === undefined ? [] : ['--settings', settings]),
    ...Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  ]
  const options = { timeout: withinMs, killSignal: 'SIGKILL' } as const
  return new Promise((resolve) => {
    execFile(process.execPath, [...program, 'key-opens', ...words], options, (error) => {
      resolve(error === null ? 'opens' : error.killed === true ? 'late' : 'closed')
    })
  })
}
