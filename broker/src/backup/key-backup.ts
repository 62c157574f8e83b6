// A backup of the key folder in a file of its own, sealed for people who keep it apart from the
// data (age). Never in the same file as data, and never for the same recipients.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '../platform/fault.ts'
import { decryptAge, encryptAge } from '../platform/age/age-stream.ts'
import type { Identity } from '../platform/age/age-keys.ts'
import { keyFault, makeKeyFolder } from '../platform/keys/key-folder.ts'
import type { KeyFolder } from '../platform/keys/key-folder.ts'

/** What another process is writing, or did not end to write, is no key. */
const isKeyFile = (name: string): boolean => !name.endsWith('.new')

const contents = z.strictObject({
  format: z.literal('wardkey-keys-1'),
  madeMs: z.int().min(0),
  files: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/), z.string().max(65_536)),
})

/** Says which files those are. The file must not be there yet. */
export async function writeKeys(
  folder: KeyFolder,
  file: string,
  recipients: readonly KeyObject[],
  nowMs: number,
): Promise<readonly string[]> {
  const names = folder.names().filter(isKeyFile).sort()
  const files = Object.fromEntries(names.map((name) => [name, folder.find(name) ?? '']))
  const text = JSON.stringify({ format: 'wardkey-keys-1', madeMs: nowMs, files })
  const sealed = await whole(encryptAge(recipients)(once(Buffer.from(text))))
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeSync(handle, sealed)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return names
}

/**
 * Into a folder that is not there, or is empty. Throws Fault `backup-not-valid` where the file is not
 * whole, `key-missing` where the folder holds something; a file is never replaced.
 */
export async function restoreKeys(
  file: string,
  identity: Identity,
  keysDir: string,
): Promise<readonly string[]> {
  const { files } = await readKeys(file, identity)
  const folder = makeKeyFolder(keysDir)
  const isOther = (name: string): boolean =>
    files[name] === undefined || differs(folder, name, files)
  // Broken off and begun again, the same files may be there already.
  if (folder.names().filter(isKeyFile).some(isOther)) {
    throw keyFault(`${keysDir}: it holds other keys already; name an empty folder`)
  }
  for (const [name, text] of Object.entries(files)) folder.create(name, text)
  return Object.keys(files)
}

function differs(
  folder: KeyFolder,
  name: string,
  files: Readonly<Record<string, string>>,
): boolean {
  return folder.find(name) !== files[name]
}

async function readKeys(file: string, identity: Identity): Promise<z.infer<typeof contents>> {
  if (!existsSync(file)) throw new Fault('backup-not-valid', 'permanent')
  try {
    const text = await whole(decryptAge(once(readFileSync(file)), identity))
    return contents.parse(JSON.parse(text.toString('utf8')))
  } catch (thrown) {
    // The parser's words quote what it read: they are keys.
    const words =
      thrown instanceof z.ZodError || thrown instanceof SyntaxError ? '' : String(thrown)
    const cause = new Error(
      `${file}: it is no whole backup of keys, or not for this identity ${words}`,
    )
    throw new Fault('backup-not-valid', 'permanent', { cause })
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes)
}

async function whole(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}
