// Fills the folder beside an executable: threads, pages, and the packages that stay files, each
// only with what its system needs. Nothing is written from time or place: two builds are the same.

import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fetchPackage } from './fetch-package.ts'
import type { Lockfile } from './fetch-package.ts'
import type { Program } from './programs.ts'
import type { Target } from './targets.ts'

export interface LibNeeds {
  readonly root: string
  readonly cache: string
  readonly lockfile: Lockfile
  readonly threads: ReadonlyMap<string, string>
}

/** The folder must be empty. */
export async function fillLib(
  lib: string,
  program: Program,
  target: Target,
  { root, cache, lockfile, threads }: LibNeeds,
): Promise<void> {
  mkdirSync(lib, { recursive: true })
  for (const [file, code] of threads) writeFileSync(join(lib, file), code)
  for (const [name, from] of Object.entries(program.pages)) {
    cpSync(join(root, from), join(lib, name), { recursive: true })
  }
  for (const { name, files } of program.packages(target)) {
    const from = await fetchPackage(lockfile(`node_modules/${name}`), cache)
    const wanted = filesBelow(from).filter(
      (file) => files === undefined || files.some((start) => file.startsWith(start)),
    )
    for (const start of files ?? []) {
      if (!wanted.some((file) => file.startsWith(start)) && start !== 'LICENSE') {
        throw new Error(`${name} has no ${start}`)
      }
    }
    for (const file of wanted.filter(isOfUse)) {
      cpSync(join(from, file), join(lib, 'node_modules', name, file))
    }
  }
}

const isOfUse = (file: string): boolean => !/(\.d\.[cm]?ts|\.map|README\.md|\.pdb)$/.test(file)

/** Every file's path in it, with forward slashes, sorted. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll(sep, '/'))
    .toSorted()
}
