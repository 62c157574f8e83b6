// Writes a file that was not there, whole or not at all, and says in words where that fails. Never
// over another one, and nobody else's to read.

import type { FileHandle } from 'node:fs/promises'
import { FileTaken, writeWhole } from '../../platform/files/whole-file.ts'
import { exitCodes, Refused } from './exit.ts'

export const isThere = 'it is there already; name another.'

/** Throws Refused; what was begun is gone then, so that the same name can be given again. */
export function writeNew(file: string, content: Buffer | AsyncIterable<Buffer>): Promise<void> {
  return fillNew(file, (target) => target.writeFile(content))
}

/** What `fill` refuses is told as it is; whatever else it throws, the file cannot be written. */
export async function fillNew<Result>(
  file: string,
  fill: (target: FileHandle) => Promise<Result>,
): Promise<Result> {
  try {
    return await writeWhole(file, fill)
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    const sentence = cause instanceof FileTaken ? isThere : 'it cannot be written.'
    throw new Refused(exitCodes.refused, `${file}: ${sentence}`)
  }
}
