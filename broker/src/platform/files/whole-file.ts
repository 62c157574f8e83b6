// Writes a file that was not there: whole, or not at all. It bears its name at the end only; it is
// never over another one, and nobody else's to read.

import { existsSync, rmSync } from 'node:fs'
import { link, open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** There is a file of that name: it stays as it is. */
export class FileTaken extends Error {}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Throws FileTaken, and what `write` throws; then nothing is left of it. Of a process that is killed
 * outright stays `<file>.unfinished`, which the next one of that name begins anew.
 */
export async function writeWhole<Result>(
  file: string,
  write: (target: FileHandle) => Promise<Result>,
): Promise<Result> {
  if (existsSync(file)) throw new FileTaken(file)
  const unfinished = `${file}.unfinished`
  // What is left of one that was killed, with whatever rights it has.
  await rm(unfinished, { force: true })
  const target = await open(unfinished, 'wx', 0o600)
  // Told to end, it ends as anybody would, and takes its half of a file along.
  const end = (signal: NodeJS.Signals): void => {
    rmSync(unfinished, { force: true })
    process.kill(process.pid, signal)
  }
  for (const signal of signals) process.once(signal, end)
  try {
    const result = await finish(target, write)
    await nameIt(unfinished, file)
    return result
  } catch (thrown) {
    await rm(unfinished, { force: true })
    throw thrown
  } finally {
    for (const signal of signals) process.removeListener(signal, end)
  }
}

async function finish<Result>(
  target: FileHandle,
  write: (target: FileHandle) => Promise<Result>,
): Promise<Result> {
  try {
    const result = await write(target)
    await target.sync()
    return result
  } finally {
    await target.close()
  }
}

/** A second name does not go over another one; disks that have none are looked at first. */
async function nameIt(unfinished: string, file: string): Promise<void> {
  try {
    await link(unfinished, file)
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    if (isTaken || existsSync(file)) throw new FileTaken(file, { cause })
    await rename(unfinished, file)
    return
  }
  await rm(unfinished)
}
