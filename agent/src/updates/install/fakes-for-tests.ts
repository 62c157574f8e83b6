// A system that installs nothing: a package is a line that says what it is, and what is installed
// is kept in a file. For tests; the contract is the one of the real systems.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Put, SystemPackages } from './system-packages.ts'

/** `wardkey-agent 1.2.0`, with ` breaks` where it does not come to its end. */
const line = /^wardkey-agent (\d+\.\d+\.\d+)( breaks)?\n/

export const fakePackage = (release: string, breaks = false): string =>
  `wardkey-agent ${release}${breaks ? ' breaks' : ''}\n`

export class FakePackages implements SystemPackages {
  readonly target = 'linux-x64'
  /** Instead of the next one. */
  nextPut: Put | undefined
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  fileName(release: string): string {
    return `wardkey-agent_${release}_amd64.deb`
  }

  installed(): Promise<string | undefined> {
    const text = existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : ''
    return Promise.resolve(text === '' ? undefined : text)
  }

  mayBe(path: string, release: string): Promise<boolean> {
    return Promise.resolve(line.exec(readFileSync(path, 'utf8'))?.[1] === release)
  }

  keepsakes(): Promise<readonly string[]> {
    return Promise.resolve([])
  }

  put(path: string): Promise<Put> {
    const instead = this.nextPut
    this.nextPut = undefined
    if (instead !== undefined) return Promise.resolve(instead)
    const [, release, breaks] = line.exec(readFileSync(path, 'utf8')) ?? []
    const isDone = release !== undefined && breaks === undefined
    writeFileSync(this.#file, isDone ? release : '')
    return Promise.resolve(isDone ? 'done' : 'failed')
  }

  putBack(older: string): Promise<Put> {
    return this.put(older)
  }
}
