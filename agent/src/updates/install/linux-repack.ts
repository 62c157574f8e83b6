// The DEB of what dpkg has installed, made again out of its files, for the way back of a first
// update. Each file is held to the sum that came with it: what was changed by hand, or came
// without a sum, is not kept.

import { createHash } from 'node:crypto'
import { cp, lstat, mkdir, readFile, rm, writeFile, chmod } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export interface RepackNeeds {
  readonly name: string
  /** Of the system that it is installed in: `/`, or another one's. */
  readonly root: string
  /** What dpkg-query says to these words; nothing where it fails. */
  readonly query: (...words: readonly string[]) => Promise<string | undefined>
  readonly build: (tree: string, to: string) => Promise<boolean>
}

const fields = [
  ...['Package', 'Version', 'Architecture', 'Maintainer', 'Installed-Size', 'Depends'],
  ...['Recommends', 'Section', 'Priority', 'Description'],
]
const scripts = ['preinst', 'postinst', 'prerm', 'postrm']

/** False where what is installed is not what was packed. The tree is beside `to`, and goes again. */
export async function repackDeb(to: string, needs: RepackNeeds): Promise<boolean> {
  const tree = `${to}.tree`
  await rm(tree, { recursive: true, force: true })
  try {
    const control = await controlOf(needs)
    const listed = await needs.query('--listfiles', needs.name)
    if (control === undefined || listed === undefined) return false
    const info = join(tree, 'DEBIAN')
    await mkdir(info, { recursive: true, mode: 0o755 })
    await writeFile(join(info, 'control'), control)
    const packed = listed.split('\n').filter((one) => /^\/[^.]/.test(one))
    for (const path of packed) await place(path, tree, needs.root)
    const isWhole = await takeInfo(info, tree, packed, needs)
    return isWhole && (await needs.build(tree, to))
  } finally {
    await rm(tree, { recursive: true, force: true })
  }
}

async function controlOf({ query, name }: RepackNeeds): Promise<string | undefined> {
  const lines: string[] = []
  for (const field of fields) {
    const value = await query('--show', `--showformat=\${${field}}`, name)
    if (value === undefined) return undefined
    if (value !== '') lines.push(`${field}: ${value}`)
  }
  return `${lines.join('\n')}\n`
}

/** As it stands there. A conffile that an administrator took away stays away. */
async function place(path: string, tree: string, root: string): Promise<void> {
  const from = join(root, path)
  const to = join(tree, path)
  const found = await lstat(from).catch(() => undefined)
  if (!found) return
  if (found.isDirectory()) {
    await mkdir(to, { recursive: true, mode: 0o755 })
    return
  }
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  await cp(from, to, { verbatimSymlinks: true })
  if (found.isFile()) await chmod(to, found.mode & 0o755)
}

async function takeInfo(
  info: string,
  tree: string,
  packed: readonly string[],
  needs: RepackNeeds,
): Promise<boolean> {
  const { query, name } = needs
  const text = async (what: string): Promise<string | undefined> => {
    const path = (await query('--control-path', name, what))?.trim()
    return path === undefined || path === '' ? undefined : readFile(path, 'utf8')
  }
  for (const script of scripts) {
    const body = await text(script)
    if (body !== undefined) await writeFile(join(info, script), body, { mode: 0o755 })
  }
  const conffiles = linesOf(await text('conffiles'))
  const there: string[] = []
  for (const path of conffiles) if (await isThere(join(tree, path))) there.push(path)
  await writeFile(join(info, 'conffiles'), there.map((path) => `${path}\n`).join(''))
  const sums = await text('md5sums')
  // dpkg writes them itself where a package has none: somebody took these away.
  if (sums === undefined) return false
  await writeFile(join(info, 'md5sums'), sums)
  return isAsPacked(sums, { packed, conffiles }, tree)
}

interface Paths {
  readonly packed: readonly string[]
  readonly conffiles: readonly string[]
}

async function isAsPacked(
  sums: string,
  { packed, conffiles }: Paths,
  tree: string,
): Promise<boolean> {
  const held = new Set(conffiles)
  for (const line of linesOf(sums)) {
    const [, sum, path = ''] = /^([0-9a-f]{32}) {2}(.+)$/.exec(line) ?? []
    if (conffiles.includes(`/${path}`)) continue
    if (sum === undefined || !(await isThere(join(tree, path)))) return false
    const is = createHash('md5')
      .update(await readFile(join(tree, path)))
      .digest('hex')
    if (is !== sum) return false
    held.add(`/${path}`)
  }
  for (const path of packed) {
    const found = await lstat(join(tree, path)).catch(() => undefined)
    // Links have no sums.
    if (found?.isFile() === true && !held.has(path)) return false
  }
  return true
}

const linesOf = (text = ''): readonly string[] => text.split('\n').filter((line) => line !== '')

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )
