// What Windows shows of an executable, and installs by: name, version, and whether it opens a
// console of its own.

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

interface VersionInfo {
  setFileVersion(a: number, b: number, c: number, d: number, language: number): void
  setProductVersion(a: number, b: number, c: number, d: number, language: number): void
  setStringValues(
    which: { readonly lang: number; readonly codepage: number },
    values: Readonly<Record<string, string>>,
  ): void
  outputToResourceEntries(entries: unknown): void
}
interface Executable {
  generate(): ArrayBuffer
}
interface Resources {
  readonly entries: unknown
  outputResource(executable: Executable): void
}
/** What is used of it. Its own types bring a browser's with them, into the whole project. */
interface ResEdit {
  readonly NtExecutable: {
    from(file: Buffer, options: { readonly ignoreCert: boolean }): Executable
  }
  readonly NtExecutableResource: { from(executable: Executable): Resources }
  readonly Resource: { readonly VersionInfo: { fromEntries(entries: unknown): VersionInfo[] } }
}
const { NtExecutable, NtExecutableResource, Resource } = createRequire(import.meta.url)(
  'resedit',
) as ResEdit

export interface Brand {
  readonly title: string
  readonly fileName: string
  /** Three numbers: Windows replaces a file only by one with a higher version. */
  readonly version: string
}

const language = 1033
const unicode = 1200
/** Of an optional header, PE32 and PE32+ alike. */
const subsystemAt = 68
const windowsGui = 2

/** Leaves out the signature of whoever made the file: it would be wrong now. */
export function brandExecutable(file: string, { title, fileName, version }: Brand): void {
  const executable = NtExecutable.from(readFileSync(file), { ignoreCert: true })
  const resources = NtExecutableResource.from(executable)
  const [info] = Resource.VersionInfo.fromEntries(resources.entries)
  if (info === undefined) throw new Error('the Node binary says no version')
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  info.setFileVersion(major, minor, patch, 0, language)
  info.setProductVersion(major, minor, patch, 0, language)
  info.setStringValues(
    { lang: language, codepage: unicode },
    {
      FileDescription: title,
      ProductName: title,
      CompanyName: 'Wardkey',
      OriginalFilename: fileName,
      InternalName: fileName,
      FileVersion: version,
      ProductVersion: version,
      LegalCopyright: 'Apache-2.0; with Node.js: see LICENSES.txt',
    },
  )
  info.outputToResourceEntries(resources.entries)
  resources.outputResource(executable)
  writeFileSync(file, Buffer.from(executable.generate()))
}

/** The same program, without a window of text at its start. */
export function withoutConsole(executable: Buffer): Buffer {
  const copy = Buffer.from(executable)
  const optionalHeader = copy.readUInt32LE(0x3c) + 24
  copy.writeUInt16LE(windowsGui, optionalHeader + subsystemAt)
  return copy
}
