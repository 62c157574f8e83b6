// Makes the MSI of the agent out of its executables' folder, with wixl and msibuild of msitools.
// A warning of wixl's is a failure: it warns of what it then leaves out.

import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { filesBelow } from '../../executables/lib-folder.ts'
import { importedTables, tableQueries } from './msi-tables.ts'
import { withProperties } from './public-properties.ts'

const run = promisify(execFile)
const source = new URL('wardkey-agent.wxs', import.meta.url)

export interface MsiNeeds {
  readonly version: string
  /** With wardkey-agent.exe, wardkey-session.exe, `lib` and the papers. */
  readonly folder: string
  readonly workFolder: string
  readonly out: string
}

export async function buildMsi({ version, folder, workFolder, out }: MsiNeeds): Promise<void> {
  mkdirSync(workFolder, { recursive: true })
  rmSync(out, { force: true })
  const wxs = join(workFolder, 'wardkey-agent.wxs')
  const libWxs = join(workFolder, 'lib.wxs')
  writeFileSync(wxs, withProperties(readFileSync(source, 'utf8')))
  writeFileSync(libWxs, await heat(folder))
  // It takes no whole paths for the files that it packs.
  const variables = { Version: version, ProductCode: productCode(version), Src: '.', LibSrc: 'lib' }
  const words = [
    ...['-a', 'x64', '-D', 'Win64=yes'],
    ...Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]),
    ...['-o', out, wxs, libWxs],
  ]
  const { stderr } = await run('wixl', words, { cwd: folder })
  if (/warning|has no property/i.test(stderr)) throw new Error(`wixl: ${stderr}`)
  const secure = await valueIn(out, 'Property', 'SecureCustomProperties', 0, 1)
  for (const query of tableQueries(version, secure ?? '')) await run('msibuild', [out, '-q', query])
  const tokenRow = await valueIn(out, 'Registry', 'RegToken', 5, 0)
  if (tokenRow === undefined) throw new Error('the MSI has no row for the token')
  for (const [name, table] of importedTables(tokenRow)) {
    const file = join(workFolder, `${name}.idt`)
    writeFileSync(file, table)
    await run('msibuild', [out, '-i', file])
  }
}

/** The same for the same version: what Intune and SCCM find a version by. */
export function productCode(version: string): string {
  const hex = hash('sha256', `wardkey-agent x64 ${version}`, 'hex').toUpperCase()
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`]
  return [...parts, `A${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}

async function heat(folder: string): Promise<string> {
  const listed = filesBelow(join(folder, 'lib')).map((file) => `lib/${file}\n`)
  const heating = run(
    'wixl-heat',
    [
      ...['-p', 'lib/', '--directory-ref', 'INSTALLLIB', '--component-group', 'LibFiles'],
      ...['--var', 'var.LibSrc', '--win64'],
    ],
    { maxBuffer: 50_000_000 },
  )
  heating.child.stdin?.end(listed.join(''))
  return (await heating).stdout
}

/** Of the first row whose column `by` is `is`: its column `wanted`. */
async function valueIn(
  msi: string,
  table: string,
  is: string,
  by: number,
  wanted: number,
): Promise<string | undefined> {
  const { stdout } = await run('msiinfo', ['export', msi, table], { maxBuffer: 50_000_000 })
  const rows = stdout.split(/\r?\n/).map((line) => line.split('\t'))
  return rows.find((row) => row[by] === is)?.[wanted]
}
