// Where `npm run installers` has put what these tests look at, and how they start programs.

import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
export const dist = join(root, 'installers', 'dist')
export const executables = (target: string, program = 'wardkey-agent'): string =>
  join(dist, 'executables', target, program)

/** The one file that ends so. Throws where there is none: then nothing was made. */
export function made(ending: string): string {
  const found = existsSync(dist) ? readdirSync(dist).filter((name) => name.endsWith(ending)) : []
  if (found.length !== 1) throw new Error(`${ending}: first npm run installers`)
  return join(dist, found[0] ?? '')
}

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

export function run(
  file: string,
  words: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const all = { maxBuffer: 50_000_000, timeout: 300_000, ...options }
    execFile(file, [...words], all, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 255
      resolve({ code, out, err })
    })
  })
}

/** As it has to end. Throws with what it said where it does not. */
export async function must(file: string, ...words: readonly string[]): Promise<string> {
  const { code, out, err } = await run(file, words)
  if (code !== 0) throw new Error(`${file} ${words.join(' ')}: ${String(code)} ${out} ${err}`)
  return out
}
