// npm run release-manifest: makes a release key, or the signed manifest of what installers/dist
// holds. Run it where the release key is; it asks no network for anything.

import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { sha256Of } from '../executables/fetch-package.ts'
import { makeManifest, parseRing } from './make-manifest.ts'
import { publicText, readReleaseKey, signManifest } from './sign-manifest.ts'

const dayMs = 86_400_000

interface SignOptions {
  readonly dist: string
  readonly key: string
  readonly nextKey?: string
  readonly number: string
  readonly release: string
  readonly over: string
  readonly days: string
  readonly ring: readonly string[]
}

const program = new Command('npm run release-manifest --')
program
  .command('key <file>')
  .description('make a release key; its public half is printed, for updates.releaseKey')
  .action((file: string) => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })
    // Never over one that is there: what it signed could not be followed by anything.
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' })
    process.stdout.write(`${publicText(privateKey)}\n`)
  })
program
  .command('sign')
  .description('make and sign the manifest of a release, as DIST/update-manifest.txt')
  .requiredOption('--key <file>', 'the release key (PEM)')
  .option('--next-key <file>', 'signs what comes after; it signs this one too')
  .requiredOption('--number <n>', 'higher than that of every manifest before')
  .requiredOption('--release <version>', 'as the files are named: 1.2.3')
  .requiredOption('--over <version>', 'the oldest release that it may be put over')
  .option('--days <n>', 'how long it may be begun with', '90')
  .option('--ring <percent:hours:failed...>', 'rings', ['1:24:0', '10:24:1', '50:24:3', '100:0:5'])
  .option('--dist <folder>', 'where the files and SHA256SUMS are', join('installers', 'dist'))
  .action(signRelease)
await program.parseAsync()

async function signRelease(options: SignOptions): Promise<void> {
  const { dist, number, release, over } = options
  const key = readReleaseKey(readFileSync(options.key, 'utf8'))
  const next =
    options.nextKey === undefined
      ? undefined
      : readReleaseKey(readFileSync(options.nextKey, 'utf8'))
  const issuedMs = Date.now()
  const manifest = makeManifest(
    {
      ...{ number: Number(number), release, over, issuedMs, rings: options.ring.map(parseRing) },
      expiresMs: issuedMs + Number(options.days) * dayMs,
      ...(next ? { nextKey: publicText(next) } : {}),
    },
    readFileSync(join(dist, 'SHA256SUMS'), 'utf8'),
    (name) => statSync(join(dist, name)).size,
  )
  for (const { name, sha256 } of manifest.files) {
    if ((await sha256Of(join(dist, name))) === sha256) continue
    throw new Error(`${name} is not what SHA256SUMS says`)
  }
  writeFileSync(join(dist, 'update-manifest.txt'), `${signManifest(manifest, key, next)}\n`)
  for (const { name } of manifest.files) process.stdout.write(`${name}\n`)
}
