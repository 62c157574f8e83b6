// The package of a release, fetched into a folder of the session's own: in pieces, across restarts,
// never longer than it was signed to be, and whole only once its hash is. Whoever installs it
// verifies it again.

import { createHash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { UpdateFile } from '@wardkey/protocol/workstation/updates/manifest'
import type { BrokerPort } from './broker-port.ts'

export type Fetched =
  | { readonly kind: 'here'; readonly path: string }
  /** `later`: what there is of it is kept, and goes on at the next look. */
  | { readonly kind: 'later' | 'no-room' | 'missing' }
  /** All of it came, and it is not what was signed: it is thrown away. */
  | { readonly kind: 'changed' }

export interface FetchNeeds {
  /** For nothing else: what is in it beside the package is thrown away. */
  readonly folder: string
  readonly broker: Pick<BrokerPort, 'read'>
  /** Handed in so that a full disk can be tried. */
  readonly roomIn?: (folder: string) => Promise<number>
}

/** Beside the package: its copy by whoever installs it, and what is in it. */
const roomTimes = 4

export async function fetchPackage(file: UpdateFile, needs: FetchNeeds): Promise<Fetched> {
  const { folder, roomIn = freeIn } = needs
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Under its hash: another one of the same name goes on nothing that is not its own.
  const name = `${file.sha256}-${file.name}`
  const path = join(folder, name)
  const part = `${path}.part`
  await forgetOthers(folder, [name, `${name}.part`])
  if ((await sizeOf(path)) === file.bytes && (await sha256Of(path)) === file.sha256) {
    return { kind: 'here', path }
  }
  await rm(path, { force: true })
  if ((await sizeOf(part)) > file.bytes) await rm(part)
  const missing = file.bytes - (await sizeOf(part))
  if ((await roomIn(folder)) < missing + (roomTimes - 1) * file.bytes) return { kind: 'no-room' }
  const end = await fetchRest(part, file, needs)
  if (end !== 'whole') return { kind: end }
  if ((await sha256Of(part)) !== file.sha256) {
    await rm(part)
    return { kind: 'changed' }
  }
  await rename(part, path)
  return { kind: 'here', path }
}

async function fetchRest(
  part: string,
  { name, bytes }: UpdateFile,
  { broker }: FetchNeeds,
): Promise<'whole' | 'later' | 'no-room' | 'missing' | 'changed'> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants
  const target = await open(part, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
  try {
    const { size: from } = await target.stat()
    if (from === bytes) return 'whole'
    let at = from
    // One more than there should be is enough to know that it is another one.
    const end = await broker.read(name, from, bytes - from + 1, async (chunk) => {
      await writeAll(target, chunk, at)
      at += chunk.length
    })
    if (at > bytes) {
      await target.truncate(0)
      return 'changed'
    }
    await target.sync()
    if (at === bytes) return 'whole'
    return end === 'missing' ? 'missing' : 'later'
  } catch (thrown) {
    if (isFull(thrown)) return 'no-room'
    throw thrown
  } finally {
    await target.close()
  }
}

async function writeAll(target: FileHandle, chunk: Buffer, at: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await target.write(chunk, done, chunk.length - done, at + done)
    done += bytesWritten
  }
}

async function forgetOthers(folder: string, names: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!names.includes(name)) await rm(join(folder, name), { recursive: true, force: true })
  }
}

async function freeIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw thrown
    return 0
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) {
    if (Buffer.isBuffer(chunk)) hash.update(chunk)
  }
  return hash.digest('hex')
}

const isFull = (thrown: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(thrown))

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
