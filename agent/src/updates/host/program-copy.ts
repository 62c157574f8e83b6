// A copy of the program for the part that installs: what it installs replaces the files of the
// program, and it is to judge what comes of that. Kept where administrators alone write, made anew
// for each start of whoever starts it, and never begun where somebody else could have written it.

import { constants } from 'node:fs'
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '../../platform/fault.ts'

export interface CopyNeeds {
  /** Where the program is installed: its file, and `lib` beside it. */
  readonly folder: string
  readonly file: string
  readonly release: string
  /** For administrators alone. */
  readonly own: string
  /** What is wrong with who can write there; nothing where only administrators can. */
  readonly whoElseWrites: (folder: string) => string | undefined
}

/** The copy's file. Throws where others could change it, or where it does not come about whole. */
export async function copyProgram(needs: CopyNeeds): Promise<string> {
  const { folder, file, release, own, whoElseWrites } = needs
  const all = join(own, 'program')
  // What is told stands beside it, for everybody to read.
  await mkdir(dirname(own), { recursive: true, mode: 0o755 })
  await mkdir(all, { recursive: true, mode: 0o700 })
  if (whoElseWrites(all) !== undefined) throw new Fault('internal', 'permanent')
  const to = join(all, release)
  const next = `${to}.new`
  // A copy that another one still runs from stays on Windows; it goes with the next.
  for (const name of await readdir(all)) {
    if (join(all, name) !== to) await rm(join(all, name), removal).catch(() => undefined)
  }
  const how = { recursive: true, mode: constants.COPYFILE_FICLONE, errorOnExist: true }
  await mkdir(next, { mode: 0o700 })
  await cp(join(folder, file), join(next, file), how)
  await cp(join(folder, 'lib'), join(next, 'lib'), how)
  await rm(to, removal)
  await rename(next, to)
  return join(to, file)
}

const removal = { recursive: true, force: true } as const
