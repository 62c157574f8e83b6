// The two programs, and what each is made of: its entry, its threads, its pages, and the packages
// that stay files because they are, or load, native code. Pure.

import type { Target } from './targets.ts'

export interface Program {
  readonly name: 'wardkey-agent' | 'wardkey-broker'
  readonly title: string
  /** Imports, and the call that resolves to the exit code. */
  readonly entry: string
  /** What `new URL(…, import.meta.url)` means in the sources: a file or folder in `lib`. */
  readonly beside: Readonly<Record<string, string>>
  /** A thread's source, by its file in `lib`. */
  readonly threads: Readonly<Record<string, string>>
  /** Folders with what `npm run build` makes, by their name in `lib`. */
  readonly pages: Readonly<Record<string, string>>
  /** Packages that stay files, by their own name; `files` are all that is taken of each. */
  readonly packages: (target: Target) => readonly LibPackage[]
}

export interface LibPackage {
  readonly name: string
  /** Begins of paths in the package; all of it where there is none. */
  readonly files?: readonly string[]
}

const koffi = ({ name }: Target): readonly LibPackage[] => [
  { name: 'koffi', files: ['package.json', 'LICENSE', 'index', 'indirect', 'src/koffi/', 'lib/'] },
  {
    name: `@koromix/koffi-${name}`,
    files: ['package.json', 'index.js', name.replace('-', '_')],
  },
]
const napi = (name: string, { napiSuffix }: Target): readonly LibPackage[] => [
  { name, files: ['package.json', 'index.js', 'LICENSE'] },
  { name: `${name}-${napiSuffix}` },
]

export const agent: Program = {
  name: 'wardkey-agent',
  title: 'Wardkey agent',
  entry: `import { main } from './agent/src/main.ts'
void main(process.argv.slice(2)).then((code) => { process.exitCode = code })`,
  beside: {
    '../dist/screen': 'screen',
    './pcsc-worker.ts': 'pcsc-worker.mjs',
    './pin-check-worker.ts': 'pin-check-worker.mjs',
  },
  threads: {
    'pcsc-worker.mjs': 'agent/src/readers/pcsc/pcsc-worker.ts',
    'pin-check-worker.mjs': 'agent/src/offline/pin/pin-check-worker.ts',
  },
  pages: { screen: 'agent/dist/screen' },
  packages: (target) => [
    ...koffi(target),
    ...napi('@napi-rs/keyring', target),
    ...napi('@node-rs/argon2', target),
    {
      name: 'node-hid',
      files: [
        'package.json',
        'LICENSE',
        'binding-options.js',
        'nodehid.js',
        `prebuilds/HID-${target.name}/`,
        ...(target.platform === 'linux' ? [`prebuilds/HID_hidraw-${target.name}/`] : []),
      ],
    },
    { name: 'pkg-prebuilds', files: ['package.json', 'LICENSE', 'bindings.js', 'lib/'] },
  ],
}

export const broker: Program = {
  name: 'wardkey-broker',
  title: 'Wardkey broker',
  entry: `import { brokerMain } from './broker/src/command-main.ts'
void brokerMain(process.argv.slice(2)).then((code) => { process.exitCode = code })`,
  beside: {
    '../../../console/dist': 'console',
    './pin-worker.ts': 'pin-worker.mjs',
    './writer.ts': 'sqlite-writer.mjs',
  },
  threads: {
    'pin-worker.mjs': 'broker/src/identity/pin-worker.ts',
    'sqlite-writer.mjs': 'broker/src/store/sqlite/writer.ts',
  },
  pages: { console: 'broker/console/dist' },
  packages: (target) => [
    ...napi('@node-rs/argon2', target),
    {
      name: 'better-sqlite3',
      files: ['package.json', 'LICENSE', 'lib/', `prebuilds/${target.name}.node`],
    },
    { name: '@cedar-policy/cedar-wasm', files: ['package.json', 'nodejs/'] },
  ],
}

export const programs: readonly Program[] = [agent, broker]
