// Makes one script of a program, and one of each of its threads. Fails where a source finds
// something beside itself that nobody has given a place in `lib`.

import { join } from 'node:path'
import { rolldown } from 'rolldown'
import type { Plugin } from 'rolldown'
import type { Program } from './programs.ts'

const inside = 'installers/executables/inside'
const entryId = 'wardkey-entry.js'
/** Each is required of the folder beside the executable, never bundled. */
const addons = new Set([
  'koffi',
  'node-hid',
  '@napi-rs/keyring',
  '@node-rs/argon2',
  'better-sqlite3',
  '@cedar-policy/cedar-wasm/nodejs',
])

export interface Bundled {
  readonly main: string
  /** By their file names in `lib`. */
  readonly threads: ReadonlyMap<string, string>
  /** Libraries that are in one of them: paths below the root, as the lockfile names them. */
  readonly libraries: readonly string[]
}

export async function bundleProgram(program: Program, root: string): Promise<Bundled> {
  // An executable takes no module as its script; a thread may wait at its top, as ours do.
  const main = await bundle(program.entry, 'cjs', program, root)
  const threads = new Map<string, string>()
  const libraries = new Set(main.libraries)
  for (const [file, source] of Object.entries(program.threads)) {
    const thread = await bundle(`import './${source}'`, 'es', program, root)
    threads.set(file, thread.code)
    for (const library of thread.libraries) libraries.add(library)
  }
  return { main: main.code, threads, libraries: [...libraries].toSorted() }
}

interface Script {
  readonly code: string
  readonly libraries: readonly string[]
}

async function bundle(
  entry: string,
  format: 'cjs' | 'es',
  program: Program,
  root: string,
): Promise<Script> {
  const build = await rolldown({
    input: entryId,
    cwd: root,
    platform: 'node',
    plugins: [ownPlaces(entry, program, root)],
    onLog: (level, log) => {
      // What a library does to itself is its own; what we leave open fails below.
      if (level === 'warn' && log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
    },
    external: [/^node:/, ...optional],
  })
  const { output } = await build.generate({ format, codeSplitting: false, minify: false })
  await build.close()
  const [chunk] = output
  if (output.length !== 1) throw new Error(`${program.name}: more than one script`)
  return { code: chunk.code, libraries: Object.keys(chunk.modules).flatMap(libraryOf(root)) }
}

const libraryOf =
  (root: string) =>
  (id: string): readonly string[] => {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.slice(root.length + 1))
    return id.startsWith(root) && found?.[1] !== undefined ? [found[1]] : []
  }

/** Libraries try these and do without them; an executable never finds them. */
const optional = ['bufferutil', 'utf-8-validate', 'pg-native', 'pg-cloudflare']

function ownPlaces(entry: string, program: Program, root: string): Plugin {
  const places = join(root, inside, 'places.ts')
  return {
    name: 'own-places',
    resolveId: (id, importer) => {
      if (id === entryId) return join(root, entryId)
      return addons.has(id) && importer !== undefined ? `\0addon:${id}` : undefined
    },
    load: (id) => {
      if (id === join(root, entryId)) return `import './${inside}/start.ts'\n${entry}\n`
      if (!id.startsWith('\0addon:')) return undefined
      const name = JSON.stringify(id.slice('\0addon:'.length))
      return {
        code: `module.exports = require(${JSON.stringify(places)}).requireBeside(${name})`,
        moduleType: 'js',
      }
    },
    transform: (code, id) => {
      const isOurs = id.startsWith(root) && !id.includes('node_modules')
      if (!isOurs || !code.includes('import.meta')) return undefined
      const placed = code.replace(
        /new URL\('([^']+)', import\.meta\.url\)/g,
        (_all, at: string) => {
          const place = program.beside[at]
          if (place === undefined)
            throw new Error(`${id}: ${at} has no place beside ${program.name}`)
          return `placeUrl(${JSON.stringify(place)})`
        },
      )
      if (/\bimport\.meta\b/.test(placed)) throw new Error(`${id}: import.meta stays open`)
      return { code: `import { placeUrl } from ${JSON.stringify(places)}\n${placed}` }
    },
  }
}
