// Reads a list of contents back, by another way than it was written: from its variables down the
// tree of paths. For whoever checks a package.

export interface BomEntry {
  readonly path: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly checksum: number
  readonly link: string
}

/** Throws where it is no such list, or leads out of itself. */
export function readBom(bytes: Buffer): readonly BomEntry[] {
  if (bytes.toString('latin1', 0, 8) !== 'BOMStore') throw new Error('no list of contents')
  const block = blockReader(bytes)
  const tree = block(variable(bytes, 'Paths'))
  if (tree.toString('latin1', 0, 4) !== 'tree') throw new Error('its paths are no tree')
  const names = new Map<number, { readonly parent: number; readonly name: string }>()
  const found: { readonly id: number; readonly about: Buffer }[] = []
  for (let at = firstLeaf(block, tree.readUInt32BE(8)); at !== 0;) {
    const page = block(at)
    for (let n = 0; n < page.readUInt16BE(2); n++) {
      const info = block(page.readUInt32BE(12 + n * 8))
      const file = block(page.readUInt32BE(16 + n * 8))
      const id = info.readUInt32BE(0)
      const name = file.toString('utf8', 4, file.indexOf(0, 4))
      names.set(id, { parent: file.readUInt32BE(0), name })
      found.push({ id, about: block(info.readUInt32BE(4)) })
    }
    at = page.readUInt32BE(4)
  }
  if (found.length !== tree.readUInt32BE(16)) throw new Error('its paths are not all there')
  const pathOf = (id: number): string => {
    const { parent, name } = names.get(id) ?? { parent: 0, name: '?' }
    return parent === 0 ? name : `${pathOf(parent)}/${name}`
  }
  return found.map(({ id, about }) => ({
    path: pathOf(id),
    mode: about.readUInt16BE(4),
    uid: about.readUInt32BE(6),
    gid: about.readUInt32BE(10),
    size: about.readUInt32BE(18),
    checksum: about.readUInt32BE(23),
    link: about.toString('utf8', 31, 31 + Math.max(about.readUInt32BE(27) - 1, 0)),
  }))
}

type Block = (id: number) => Buffer

function blockReader(bytes: Buffer): Block {
  const index = bytes.readUInt32BE(16)
  const count = bytes.readUInt32BE(index)
  return (id) => {
    if (id < 1 || id >= count) throw new Error(`there is no block ${String(id)}`)
    const at = bytes.readUInt32BE(index + 4 + id * 8)
    const length = bytes.readUInt32BE(index + 8 + id * 8)
    if (at + length > bytes.length) throw new Error(`block ${String(id)} ends outside`)
    return bytes.subarray(at, at + length)
  }
}

function variable(bytes: Buffer, wanted: string): number {
  let at = bytes.readUInt32BE(24)
  for (let rest = bytes.readUInt32BE(at); rest > 0; rest--) {
    const length = bytes.readUInt8(at + 8)
    if (bytes.toString('latin1', at + 9, at + 9 + length) === wanted) {
      return bytes.readUInt32BE(at + 4)
    }
    at += 5 + length
  }
  throw new Error(`it says nothing of ${wanted}`)
}

function firstLeaf(block: Block, at: number): number {
  const page = block(at)
  return page.readUInt16BE(0) === 1 ? at : firstLeaf(block, page.readUInt32BE(12))
}
