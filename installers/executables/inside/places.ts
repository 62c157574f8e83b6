// Where an executable's own files are: in `lib`, beside it, and nowhere else. Whatever would be
// loaded from another place is refused.

import { realpathSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/** As modules are found: links on the way to it are followed. */
const libFolder = join(realpathSync(dirname(process.execPath)), 'lib')

/** Of a worker, of pages: what the sources find beside themselves. */
export function placeUrl(name: string): URL {
  return pathToFileURL(join(libFolder, name))
}

/** An addon, or a package that has to be files. */
export function requireBeside(name: string): unknown {
  return createRequire(join(libFolder, 'anchor.cjs'))(name)
}

/**
 * Node looks for packages in every folder above, in the user's own and where a variable says; an
 * addon names other files again. On Windows any user may make a folder below the drive.
 */
export function loadNothingElse(): void {
  const resolve: unknown = Reflect.get(Module, '_resolveFilename')
  if (typeof resolve !== 'function') throw new Error('this Node resolves modules in another way')
  Reflect.set(Module, '_resolveFilename', function guarded(this: unknown, ...words: unknown[]) {
    const found: unknown = Reflect.apply(resolve, this, words)
    if (typeof found === 'string' && isElsewhere(found)) throw new Error('module outside of lib')
    return found
  })
  const dlopen = process.dlopen.bind(process)
  process.dlopen = (module, file, flags) => {
    if (isElsewhere(file)) throw new Error('addon outside of lib')
    if (flags === undefined) dlopen(module, file)
    else dlopen(module, file, flags)
  }
}

/** Built-in modules resolve to their bare names; Windows is handed addons with a prefix. */
function isElsewhere(found: string): boolean {
  const isBuiltIn = !/^(\/|[A-Za-z]:|\\\\)/.test(found)
  return !isBuiltIn && !found.replace(/^\\\\\?\\/, '').startsWith(libFolder + sep)
}
