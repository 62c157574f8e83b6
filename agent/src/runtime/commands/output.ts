// Where a command's words go: answers to standard output, progress and complaints to standard
// error.

export interface Output {
  /** What was asked for, for people or for programs. */
  answer(text: string): void
  /** How it goes, and what went wrong. */
  say(text: string): void
}

export const consoleOutput: Output = {
  answer: (text) => {
    process.stdout.write(`${text}\n`)
  },
  say: (text) => {
    process.stderr.write(`${text}\n`)
  },
}
