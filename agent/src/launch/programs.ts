// Programs that a launch may start: only by a name that the workstation's own settings know, with
// values only for placeholders that they declare. Never through a shell.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { StartProgram } from '@wardkey/protocol/launch-steps'
import { Fault } from '../platform/fault.ts'

export interface ProgramSettings {
  readonly path: string
  readonly arguments: readonly string[]
  readonly placeholders: readonly string[]
}

export interface CommandLine {
  readonly path: string
  readonly arguments: readonly string[]
}

/** Pure. Throws Fault `launch-not-allowed` for a name or a value that settings do not know. */
export function commandLine(
  step: StartProgram,
  programs: Readonly<Record<string, ProgramSettings>>,
): CommandLine {
  const program = Object.hasOwn(programs, step.program) ? programs[step.program] : undefined
  if (!program) throw new Fault('launch-not-allowed', 'permanent')
  const values = step.values ?? {}
  for (const [name, value] of Object.entries(values)) {
    // An option mark or a control character in a value could become an argument of its own.
    const isOdd = value.startsWith('-') || /[\u0000-\u001f\u007f]/.test(value)
    if (!program.placeholders.includes(name) || isOdd) {
      throw new Fault('launch-not-allowed', 'permanent')
    }
  }
  const filled = program.arguments.map((argument) =>
    argument.replace(/\{([a-z_]{1,32})\}/g, (_whole, name: string) => values[name] ?? ''),
  )
  return { path: program.path, arguments: filled }
}

export class Programs {
  readonly #settings: Readonly<Record<string, ProgramSettings>>
  readonly #running = new Map<string, ChildProcess[]>()

  constructor(settings: Readonly<Record<string, ProgramSettings>>) {
    this.#settings = settings
  }

  start(sessionId: string, step: StartProgram): void {
    const { path, arguments: filled } = commandLine(step, this.#settings)
    const isGroup = process.platform !== 'win32'
    const child = spawn(path, filled, { stdio: 'ignore', detached: isGroup, windowsHide: false })
    child.on('error', () => {
      this.#forget(sessionId, child)
    })
    child.on('exit', () => {
      this.#forget(sessionId, child)
    })
    this.#running.set(sessionId, [...(this.#running.get(sessionId) ?? []), child])
  }

  /** Ends what a session started, with whatever that started in turn. */
  end(sessionId: string): void {
    for (const child of this.#running.get(sessionId) ?? []) {
      const { pid } = child
      if (pid === undefined) continue
      try {
        if (process.platform === 'win32') child.kill()
        else process.kill(-pid, 'SIGTERM')
      } catch (thrown) {
        // Gone already.
        if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) throw thrown
      }
    }
    this.#running.delete(sessionId)
  }

  #forget(sessionId: string, child: ChildProcess): void {
    const left = (this.#running.get(sessionId) ?? []).filter((one) => one !== child)
    if (left.length === 0) this.#running.delete(sessionId)
    else this.#running.set(sessionId, left)
  }
}
