// A folder on other storage as a witness: it keeps the newest checkpoint that it was shown. It
// signs nothing; what it proves is signed by the record's own key, and nobody can make it go back.

import { createHash } from 'node:crypto'
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openCheckpoint } from '../checkpoint.ts'
import type { Checkpoint } from '../checkpoint.ts'
import type { NoteVerifier } from '../signed-note.ts'
import type { Offer, Shown, Witness } from './witness.ts'

const noteBytesMax = 64 * 1024
const sizeDigits = 16

export interface FileWitnessSettings {
  readonly name: string
  /** It is never made: a mount that is away must not look like a witness that has seen nothing. */
  readonly folder: string
  /** The record's name. */
  readonly origin: string
  /** All keys of the record, also those that have ended: what lies there may be older. */
  readonly keys: () => readonly NoteVerifier[]
}

export function fileWitness({ name, folder, origin, keys }: FileWitnessSettings): Witness {
  const prefix = `${createHash('sha256').update(origin).digest('hex')}-`
  return {
    name,
    show: async (offer) => {
      try {
        return await show(offer, { folder, prefix, keys: keys() })
      } catch (thrown) {
        const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'failed'
        return { kind: 'failed', reason: code }
      }
    },
  }
}

interface Place {
  readonly folder: string
  readonly prefix: string
  readonly keys: readonly NoteVerifier[]
}

/**
 * Each size is a file of its own, and the largest counts: two brokers of one record that write at
 * the same time cannot bring it back, and storage that nothing can be deleted from will do.
 */
async function show(offer: Offer, place: Place): Promise<Shown> {
  const files = (await readdir(place.folder)).filter((file) => isOurs(file, place.prefix)).sort()
  const newest = files.at(-1)
  if (newest !== undefined) {
    const seen = await read(join(place.folder, newest), place.keys)
    // An older one under a larger name would stand before all that come.
    if (!seen || newest !== nameOf(seen.size, place)) {
      return { kind: 'failed', reason: 'not-understood' }
    }
    if (seen.size > offer.size) return { kind: 'ahead', size: seen.size }
    const here = await offer.rootAt(seen.size)
    if (!here.equals(seen.root)) return { kind: 'forked', size: seen.size }
    if (seen.size === offer.size) return { kind: 'kept', lines: [] }
  }
  await write(offer, place)
  // What cannot be deleted, as on storage that is written once, does no harm.
  await Promise.allSettled(files.map((file) => rm(join(place.folder, file))))
  return { kind: 'kept', lines: [] }
}

const isOurs = (file: string, prefix: string): boolean =>
  file.startsWith(prefix) && /^[0-9]{16}\.checkpoint$/.test(file.slice(prefix.length))

async function read(file: string, keys: readonly NoteVerifier[]): Promise<Checkpoint | undefined> {
  if ((await stat(file)).size > noteBytesMax) return undefined
  return openCheckpoint(await readFile(file, 'utf8'), keys)
}

const nameOf = (size: number, { prefix }: Pick<Place, 'prefix'>): string =>
  `${prefix}${String(size).padStart(sizeDigits, '0')}.checkpoint`

/** Whole or not at all, and on the disk before it is said to be kept. */
async function write({ size, note }: Offer, { folder, prefix }: Place): Promise<void> {
  const name = nameOf(size, { prefix })
  const unfinished = join(folder, `${name}.${String(process.pid)}.unfinished`)
  const file = await open(unfinished, 'w', 0o600)
  try {
    await file.writeFile(note)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, join(folder, name))
  if (process.platform === 'win32') return
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
