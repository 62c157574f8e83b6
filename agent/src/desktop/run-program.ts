// Runs one of the system's own programs with a deadline and without a shell. What it prints is
// returned whole or not at all; it is never a program that a frame has named.

import { execFile } from 'node:child_process'
import { answerWithinMs } from './desktop.ts'

export type ProgramOutcome =
  | { readonly kind: 'ran'; readonly output: string }
  | { readonly kind: 'failed'; readonly detail: string }

const outputBytesMax = 64 * 1024

export function runProgram(
  file: string,
  programArguments: readonly string[],
): Promise<ProgramOutcome> {
  return new Promise((resolve) => {
    execFile(
      file,
      programArguments,
      { timeout: answerWithinMs, killSignal: 'SIGKILL', maxBuffer: outputBytesMax },
      (error, output, trouble) => {
        if (error === null) resolve({ kind: 'ran', output })
        else resolve({ kind: 'failed', detail: detailOf(error, trouble) })
      },
    )
  })
}

function detailOf(error: Error, trouble: string): string {
  const said = trouble.trim().split('\n').at(-1) ?? ''
  return (said === '' ? error.message : said).slice(0, 200)
}
