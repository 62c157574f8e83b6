// A xar archive: the outside of a flat package. A table of contents in XML, packed, with a hash,
// and then each file as it is.

import { hash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

export interface XarFolder {
  readonly name: string
  readonly files: readonly XarFile[]
}
export interface XarFile {
  readonly name: string
  readonly content: Buffer
}

const sha1Bytes = 20
const headBytes = 28
const sha1 = 1

export function packXar(parts: readonly (XarFile | XarFolder)[], created: Date): Buffer {
  const heap: Buffer[] = []
  let at = sha1Bytes
  let id = 0
  const file = ({ name, content }: XarFile): string => {
    const sum = hash('sha1', content, 'hex')
    const offset = at
    heap.push(content)
    at += content.length
    const size = String(content.length)
    return (
      `<file id="${String(++id)}"><data><length>${size}</length><offset>${String(offset)}</offset>` +
      `<size>${size}</size><encoding style="application/octet-stream"/>` +
      `<extracted-checksum style="sha1">${sum}</extracted-checksum>` +
      `<archived-checksum style="sha1">${sum}</archived-checksum></data>` +
      `<type>file</type><name>${name}</name></file>`
    )
  }
  const listed = parts.map((part) => {
    if ('content' in part) return file(part)
    const own = String(++id)
    const inside = part.files.map(file).join('')
    return `<file id="${own}"><type>directory</type><name>${part.name}</name>${inside}</file>`
  })
  const time = created.toISOString().replace(/\.\d+Z$/, '')
  const toc = Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?><xar><toc>' +
      `<creation-time>${time}</creation-time>` +
      `<checksum style="sha1"><offset>0</offset><size>${String(sha1Bytes)}</size></checksum>` +
      `${listed.join('')}</toc></xar>`,
  )
  const packed = deflateSync(toc, { level: 9 })
  const head = Buffer.alloc(headBytes)
  head.write('xar!')
  head.writeUInt16BE(headBytes, 4)
  head.writeUInt16BE(1, 6)
  head.writeBigUInt64BE(BigInt(packed.length), 8)
  head.writeBigUInt64BE(BigInt(toc.length), 16)
  head.writeUInt32BE(sha1, 24)
  return Buffer.concat([head, packed, hash('sha1', packed, 'buffer'), ...heap])
}
