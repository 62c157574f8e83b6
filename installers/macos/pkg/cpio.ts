// A cpio archive in the portable form (POSIX.1-1988, "odc"), packed with gzip: a package's payload
// and its scripts.

import { gzipSync } from 'node:zlib'
import type { Entry } from './entries.ts'

const end = 'TRAILER!!!'

export function packCpio(entries: readonly Entry[], mtime: number): Buffer {
  const parts = entries.flatMap((entry, n) => [
    header(entry.path, n + 1, entry.mode, entry.kind === 'folder' ? 2 : 1, mtime, entry.content),
    entry.content,
  ])
  const archive = Buffer.concat([...parts, header(end, 0, 0, 1, 0, Buffer.alloc(0))])
  // Without a name and a time: the same archive gives the same bytes.
  return gzipSync(archive, { level: 6 })
}

function header(
  path: string,
  inode: number,
  mode: number,
  links: number,
  mtime: number,
  { length }: Buffer,
): Buffer {
  const name = Buffer.from(`${path}\0`)
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
  const fields = [0, inode, mode, 0, 0, links, 0].map((value) => octal(value, 6))
  const sizes = [octal(mtime, 11), octal(name.length, 6), octal(length, 11)]
  return Buffer.concat([Buffer.from(['070707', ...fields, ...sizes].join('')), name])
}
