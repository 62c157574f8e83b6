// Writes a file that was not there: whole, or not at all. Never over another one, and nobody else's
// to read.

import { open, rm } from 'node:fs/promises'
import { exitCodes, Refused } from '../exit.ts'

export const isThere = 'it is there already; name another.'

/** Throws Refused; what was begun is gone then, so that the same name can be given again. */
export async function writeNew(
  file: string,
  content: Buffer | AsyncIterable<Buffer>,
): Promise<void> {
  let isBegun = false
  try {
    const target = await open(file, 'wx', 0o600)
    isBegun = true
    try {
      await target.writeFile(content)
      await target.sync()
    } finally {
      await target.close()
    }
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    // Only what was opened here: a file that was there before is somebody's.
    if (isBegun) await rm(file, { force: true })
    const sentence = isTaken && !isBegun ? isThere : 'it cannot be written.'
    throw new Refused(exitCodes.refused, `${file}: ${sentence}`)
  }
}
