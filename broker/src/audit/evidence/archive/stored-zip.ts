// A zip file in which everything is stored and nothing compressed, written in one way only:
// whatever is not exactly what would be written here is no such file, so that no byte of it can be
// changed unseen and nothing in it can swell.

import { crc32 } from 'node:zlib'

export interface ArchivedFile {
  readonly name: string
  readonly bytes: Buffer
}

const local = { signature: 0x04034b50, bytes: 30 } as const
const central = { signature: 0x02014b50, bytes: 46 } as const
const end = { signature: 0x06054b50, bytes: 22 } as const
const version = 20
/** Made on Unix, where the mode of a file is in the upper half of its attributes. */
const madeBy = (3 << 8) | version
const attributes = 0o100600 * 2 ** 16
/** 1980-01-01: when it was made is said inside. */
const date = 0x0021
/** Lower case, one folder deep, nothing that begins with a point: it can leave no folder. */
const nameForm = /^([a-z0-9][a-z0-9-]{0,30}\/)?[A-Za-z0-9][a-z0-9A-Z-]{0,60}(\.[a-z-]{1,16})?$/
const filesMax = 1000

/** Throws where a name is none or there are too many: a bug of ours. */
export function writeZip(files: readonly ArchivedFile[]): Buffer {
  if (files.length > filesMax || files.some(({ name }) => !nameForm.test(name))) {
    throw new Error('not what an archive may hold')
  }
  const bodies: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const { name, bytes } of files) {
    const head = about(name, bytes)
    const begin = Buffer.alloc(4)
    begin.writeUInt32LE(local.signature)
    const body = [begin, head, Buffer.from(name), bytes]
    bodies.push(...body)
    entries.push(entryOf(head, at), Buffer.from(name))
    at += body.reduce((sum, { length }) => sum + length, 0)
  }
  const directory = Buffer.concat(entries)
  return Buffer.concat([...bodies, directory, endOf(files.length, directory.length, at)])
}

/** What both headers of a file say, in the same order. */
function about(name: string, bytes: Buffer): Buffer {
  const head = Buffer.alloc(local.bytes - 4)
  head.writeUInt16LE(version)
  head.writeUInt16LE(date, 8)
  head.writeUInt32LE(crc32(bytes), 10)
  head.writeUInt32LE(bytes.length, 14)
  head.writeUInt32LE(bytes.length, 18)
  head.writeUInt16LE(name.length, 22)
  return head
}

function entryOf(head: Buffer, at: number): Buffer {
  const entry = Buffer.alloc(central.bytes)
  entry.writeUInt32LE(central.signature)
  entry.writeUInt16LE(madeBy, 4)
  head.copy(entry, 6)
  entry.writeUInt32LE(attributes, 38)
  entry.writeUInt32LE(at, 42)
  return entry
}

function endOf(count: number, directoryBytes: number, at: number): Buffer {
  const last = Buffer.alloc(end.bytes)
  last.writeUInt32LE(end.signature)
  last.writeUInt16LE(count, 8)
  last.writeUInt16LE(count, 10)
  last.writeUInt32LE(directoryBytes, 12)
  last.writeUInt32LE(at, 16)
  return last
}

/** Its files in their order; nothing where it is not one that `writeZip` wrote. */
export function readZip(zip: Buffer): readonly ArchivedFile[] | undefined {
  const files: ArchivedFile[] = []
  let at = 0
  while (at + local.bytes <= zip.length && zip.readUInt32LE(at) === local.signature) {
    const size = zip.readUInt32LE(at + 18)
    const nameAt = at + local.bytes
    const bodyAt = nameAt + zip.readUInt16LE(at + 26)
    const name = zip.toString('latin1', nameAt, bodyAt)
    if (bodyAt + size > zip.length || files.length === filesMax || !nameForm.test(name)) {
      return undefined
    }
    files.push({ name, bytes: zip.subarray(bodyAt, bodyAt + size) })
    at = bodyAt + size
  }
  const names = new Set(files.map(({ name }) => name))
  return names.size === files.length && writeZip(files).equals(zip) ? files : undefined
}
