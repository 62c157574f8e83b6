// Makes a DEB out of folders and files, with dpkg-deb. Owners are root and times are told: the same
// input gives the same package.

import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { filesBelow } from '../../executables/lib-folder.ts'

const run = promisify(execFile)

export interface DebFile {
  /** From the root, without a slash in front. */
  readonly path: string
  /** A file or a folder to copy, a text, or where a link leads. */
  readonly from?: string
  readonly text?: string
  readonly link?: string
  readonly mode?: number
}

export interface DebPackage {
  readonly name: string
  readonly version: string
  readonly summary: string
  readonly description: string
  readonly depends: readonly string[]
  readonly recommends?: readonly string[]
  readonly files: readonly DebFile[]
  /** Kept as an administrator has changed them. */
  readonly conffiles: readonly string[]
  /** postinst, prerm, postrm: where each is. */
  readonly scripts: Readonly<Record<string, string>>
}

/** Seconds since 1970 of everything in it. */
export async function buildDeb(
  deb: DebPackage,
  workFolder: string,
  out: string,
  epoch: number,
): Promise<void> {
  fs.rmSync(workFolder, { recursive: true, force: true })
  for (const file of deb.files) place(workFolder, file)
  const control = join(workFolder, 'DEBIAN')
  fs.mkdirSync(control)
  const files = filesBelow(workFolder)
  fs.writeFileSync(join(control, 'control'), controlText(deb, sizeOf(workFolder, files)))
  fs.writeFileSync(join(control, 'conffiles'), deb.conffiles.map((one) => `/${one}\n`).join(''))
  const sums = files
    .filter((file) => fs.lstatSync(join(workFolder, file)).isFile())
    .map((file) => `${hash('md5', fs.readFileSync(join(workFolder, file)))}  ${file}\n`)
  fs.writeFileSync(join(control, 'md5sums'), sums.join(''))
  for (const [name, from] of Object.entries(deb.scripts)) {
    fs.copyFileSync(from, join(control, name))
    fs.chmodSync(join(control, name), 0o755)
  }
  const words = ['--root-owner-group', '-Zxz', '-z1', '--build', workFolder, out]
  await run('dpkg-deb', words, { env: { ...pathOnly, SOURCE_DATE_EPOCH: String(epoch) } })
}

/** dpkg-deb runs tar and nothing else. */
const pathOnly = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }

function place(root: string, { path, from, text, link, mode }: DebFile): void {
  const to = join(root, path)
  fs.mkdirSync(dirname(to), { recursive: true, mode: 0o755 })
  if (link !== undefined) {
    fs.symlinkSync(link, to)
    return
  }
  if (text !== undefined) fs.writeFileSync(to, text)
  else if (from !== undefined) fs.cpSync(from, to, { recursive: true })
  const isFolder = fs.statSync(to).isDirectory()
  for (const file of isFolder ? filesBelow(to).map((one) => join(to, one)) : [to]) {
    const isProgram = (fs.statSync(file).mode & 0o100) !== 0 && !file.endsWith('.node')
    fs.chmodSync(file, mode ?? (isProgram && isFolder ? 0o755 : 0o644))
  }
}

function sizeOf(root: string, files: readonly string[]): number {
  const bytes = files.reduce((sum, file) => sum + fs.lstatSync(join(root, file)).size, 0)
  return Math.ceil(bytes / 1024)
}

function controlText(deb: DebPackage, kibibytes: number): string {
  const lines = [
    `Package: ${deb.name}`,
    `Version: ${deb.version}`,
    'Architecture: amd64',
    'Maintainer: Wardkey <wardkey@wardkey.invalid>',
    `Installed-Size: ${String(kibibytes)}`,
    `Depends: ${deb.depends.join(', ')}`,
    ...(deb.recommends === undefined ? [] : [`Recommends: ${deb.recommends.join(', ')}`]),
    'Section: admin',
    'Priority: optional',
    `Description: ${deb.summary}`,
    ...deb.description.split('\n').map((line) => ` ${line === '' ? '.' : line}`),
  ]
  return `${lines.join('\n')}\n`
}
