// Keys that downtime views ask for: a file each in the key folder, made where there is none, and
// never in the store or the record. The EHR is given a copy of it.

import { randomBytes } from 'node:crypto'
import { keyFault } from './key-folder.ts'
import type { KeyFolder } from './key-folder.ts'

const keyBytes = 32
const shape = /^[A-Za-z0-9_-]{43,128}$/

/**
 * Makes those that are missing. What it returns finds one by its name, also one that was put there
 * later. Throws Fault `key-missing` where a file does not hold a key, or others can read it.
 */
export function openDowntimeKeys(
  folder: KeyFolder,
  names: readonly string[],
): (name: string) => string | undefined {
  for (const name of names) {
    folder.create(fileOf(name), `${randomBytes(keyBytes).toString('base64url')}\n`)
    find(folder, name)
  }
  return (name) => find(folder, name)
}

/** Which there are, by their names alone. */
export const downtimeNamesIn = (folder: Pick<KeyFolder, 'names'>): readonly string[] =>
  folder
    .names()
    .flatMap((file) => /^downtime-(.{1,100})\.key$/.exec(file)?.slice(1) ?? [])
    .sort()

const fileOf = (name: string): string => `downtime-${name}.key`

function find(folder: KeyFolder, name: string): string | undefined {
  const text = folder.find(fileOf(name))?.trim()
  if (text === undefined || shape.test(text)) return text
  throw keyFault(`${fileOf(name)}: it does not hold 43 to 128 characters of base64url`)
}
