// On Windows: the part of the hand-over folder for whoever works there, made once by the part that
// installs, and by no package. One that is there stays as it is: whoever may write into it may have
// put a link in its place, and would be given what that leads to. Never follows one.

import { lstatSync } from 'node:fs'
import { mkdir, rename, rm, rmdir } from 'node:fs/promises'
import type { RunCommand } from '../install/run-command.ts'

export interface WindowsSeatNeeds {
  /** In a folder that only administrators write. */
  readonly folder: string
  readonly icacls: string
  readonly run: RunCommand
}

const listWithinMs = 30_000
/** By their ids, in whatever language: the system, administrators, users. Nothing is inherited. */
const list = [
  '/inheritance:r',
  '/grant:r',
  '*S-1-5-18:(OI)(CI)F',
  '*S-1-5-32-544:(OI)(CI)F',
  '*S-1-5-32-545:(OI)(CI)M',
]

/** It has its access list before it has its name. Where it gets none, the next look tries again. */
export async function makeWindowsSeat({ folder, icacls, run }: WindowsSeatNeeds): Promise<void> {
  if (lstatSync(folder, { throwIfNoEntry: false })) return
  const next = `${folder}.new`
  // A power cut's. Nobody else could lay one there.
  await rm(next, { recursive: true, force: true })
  await mkdir(next)
  const end = await run({ path: icacls, words: [next, ...list], withinMs: listWithinMs })
  if (end.kind === 'ended' && end.code === 0) await rename(next, folder)
  else await rmdir(next)
}
