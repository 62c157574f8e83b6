// Puts a program's script into a Node binary: signature off, branded, injected. What comes out is
// the same each time, and takes no options of Node's from anybody.

import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { inject } from 'postject'
import { sha256Of } from './fetch-package.ts'
import type { Target } from './targets.ts'

const run = promisify(execFile)
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

/** Kept from the environment, and from a signal that would open a debugger's port. */
const blobSettings = {
  disableExperimentalSEAWarning: true,
  useSnapshot: false,
  useCodeCache: false,
  execArgv: ['--disable-warning=ExperimentalWarning', '--disable-sigusr1'],
  execArgvExtension: 'none',
}

/** With the Node binary of this machine: it must be of the very version that is injected into. */
export async function makeBlob(name: string, code: string, workFolder: string): Promise<Buffer> {
  mkdirSync(workFolder, { recursive: true })
  // The blob holds the script's name: short and the same everywhere.
  const main = `${name}.cjs`
  writeFileSync(join(workFolder, main), code)
  const settings = { main, output: `${name}.blob`, ...blobSettings }
  writeFileSync(join(workFolder, 'sea.json'), JSON.stringify(settings))
  await run(process.execPath, ['--experimental-sea-config', 'sea.json'], { cwd: workFolder })
  return readFileSync(join(workFolder, `${name}.blob`))
}

/** Throws where the Node binary is not the one that is pinned. */
export async function makeExecutable(
  nodeBinary: string,
  blob: Buffer,
  target: Target,
  brand: (file: string) => void,
  out: string,
): Promise<void> {
  const found = await sha256Of(nodeBinary)
  if (found !== target.nodeSha256) {
    throw new Error(`${target.nodePackage}: its binary is not the pinned one: ${found}`)
  }
  mkdirSync(dirname(out), { recursive: true })
  copyFileSync(nodeBinary, out)
  if (target.platform === 'win32') brand(out)
  await inject(out, 'NODE_SEA_BLOB', blob, {
    sentinelFuse: fuse,
    ...(target.platform === 'darwin' ? { machoSegmentName: 'NODE_SEA' } : {}),
  })
}
