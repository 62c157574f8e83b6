// npm run installers: makes what Wardkey is deployed with, into installers/dist. Nothing of it is
// committed, and nothing else of the project fetches what it fetches.

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, Option } from 'commander'
import { z } from 'zod'
import { buildExecutables } from './executables/build-executables.ts'
import { programs } from './executables/programs.ts'
import { targets } from './executables/targets.ts'
import { buildMsi } from './windows/msi/build-msi.ts'
import { writeSums } from './sums.ts'

const root = resolve(fileURLToPath(new URL('..', import.meta.url)))
const own = z.object({ version: z.string().regex(/^\d+\.\d+\.\d+$/) })
const { version } = own.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

const kinds = ['executables', 'deb', 'oci', 'msi', 'pkg'] as const
type Kind = (typeof kinds)[number]

const options = new Command('npm run installers --')
  .description('Makes the executables and installers of Wardkey.')
  .addOption(new Option('--only <kind...>', 'these kinds').choices(kinds).default(kinds))
  .addOption(new Option('--target <name...>', 'executables for these').choices(targets.map(nameOf)))
  .addOption(new Option('--program <name...>', 'these programs').choices(programs.map(nameOf)))
  .option('--out <folder>', 'where to', join(root, 'installers', 'dist'))
  .parse()
  .opts<{
    only: readonly Kind[]
    target?: readonly string[]
    program?: readonly string[]
    out: string
  }>()

const places = { root, out: options.out, cache: join(root, '.cache', 'installers') }
const wanted = targets.filter(({ name }) => options.target?.includes(name) ?? true)
const chosen = programs.filter(({ name }) => options.program?.includes(name) ?? true)

const makers: Readonly<Partial<Record<Kind, () => Promise<void>>>> = {
  executables: () => buildExecutables(chosen, wanted, version, places, say),
  msi: () =>
    buildMsi({
      version,
      folder: join(options.out, 'executables', 'win32-x64', 'wardkey-agent'),
      workFolder: join(options.out, 'work', 'msi'),
      out: join(options.out, `wardkey-agent-${version}-x64.msi`),
    }),
}

for (const kind of kinds.filter((one) => options.only.includes(one))) await makers[kind]?.()
await writeSums(options.out)
say(`done: ${options.out}`)

function nameOf({ name }: { readonly name: string }): string {
  return name
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
