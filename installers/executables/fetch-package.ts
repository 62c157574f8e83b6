// Brings a package of the lockfile into a folder of its own, whatever system it is for, and checks
// it against the lockfile's hash. The only thing of the build that reaches the network.

import { execFile } from 'node:child_process'
import { createHash, hash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { z } from 'zod'

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      integrity: z.string().optional(),
      license: z.string().optional(),
    }),
  ),
})
export interface Locked {
  readonly name: string
  readonly version: string
  readonly integrity: string
  readonly licence: string
}
/** By its place, as the lockfile has it: `node_modules/koffi`. */
export type Lockfile = (place: string) => Locked

const run = promisify(execFile)

export function readLockfile(file: string): Lockfile {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return (place) => {
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const { version, integrity, license } = packages[place] ?? {}
    if (version === undefined || integrity === undefined) {
      throw new Error(`${name} has no hash in the lockfile`)
    }
    return { name, version, integrity, licence: license ?? 'NOASSERTION' }
  }
}

/** The package's folder below `cache`. What does not have the hash of the lockfile is not kept. */
export async function fetchPackage(locked: Locked, cache: string): Promise<string> {
  const { name, version, integrity } = locked
  const folder = join(cache, `${name.replace('/', '+')}-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const words = ['pack', '--silent', '--ignore-scripts', `${name}@${version}`]
  const shell = process.platform === 'win32'
  const { stdout } = await run('npm', [...words, '--pack-destination', cache], { shell })
  const archive = join(cache, stdout.trim())
  const found = `sha512-${hash('sha512', readFileSync(archive), 'base64')}`
  if (found !== integrity) {
    rmSync(archive)
    throw new Error(`${name}@${version} is not what the lockfile says: ${found}`)
  }
  const partial = `${folder}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial)
  await run('tar', ['xzf', archive, '-C', partial, '--strip-components=1', '--no-same-owner'])
  renameSync(partial, folder)
  rmSync(archive)
  return folder
}

export async function sha256Of(file: string): Promise<string> {
  const sum = createHash('sha256')
  await pipeline(createReadStream(file), sum)
  return sum.digest('hex')
}
