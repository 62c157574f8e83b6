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
import { buildDeb } from './linux/deb/build-deb.ts'
import { agentDeb, brokerDeb } from './linux/deb/packages.ts'
import { buildPkg } from './macos/pkg/build-pkg.ts'
import { writeSums } from './sums.ts'

const root = resolve(fileURLToPath(new URL('..', import.meta.url)))
const own = z.object({ version: z.string().regex(/^\d+\.\d+\.\d+$/) })
const { version } = own.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

const kinds = ['executables', 'deb', 'msi', 'pkg'] as const
type Kind = (typeof kinds)[number]

/** Of every file in a package: when Node's binary was pinned, not when somebody built. */
const epoch = 1_793_491_200

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
  deb: async () => {
    for (const [name, describe] of Object.entries({
      'wardkey-agent': agentDeb,
      'wardkey-broker': brokerDeb,
    })) {
      const program = join(options.out, 'executables', 'linux-x64', name)
      const deb = describe(version, { linux: join(root, 'installers', 'linux'), program })
      const out = join(options.out, `${name}_${version}_amd64.deb`)
      await buildDeb(deb, join(options.out, 'work', 'deb', name), out, epoch)
    }
  },
  pkg: () => {
    const architectures = { 'darwin-arm64': 'arm64', 'darwin-x64': 'x86_64' } as const
    for (const [target, architecture] of Object.entries(architectures)) {
      buildPkg({
        ...{ version, architecture, epoch },
        folder: join(options.out, 'executables', target, 'wardkey-agent'),
        workFolder: join(options.out, 'work', 'pkg', target),
        out: join(options.out, `wardkey-agent-${version}-${target}.pkg`),
      })
    }
    return Promise.resolve()
  },
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
