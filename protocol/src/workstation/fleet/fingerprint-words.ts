// Words for the key of a computer that asks to be a workstation: its screen and the console show
// the same ones, so that IT approves the machine it stands before and no other. Pure.

import { createHash } from 'node:crypto'
import { wordList } from './word-list.ts'

const wordsShown = 5

/**
 * The salt is the broker's, drawn after it had the key: nobody can look for a key whose words are
 * those of somebody else's machine, and forty bits are enough to compare.
 */
export function fingerprintWords(publicKey: Uint8Array, salt: string): readonly string[] {
  const bytes = createHash('sha256')
    .update('wardkey enrolment words\n')
    .update(`${salt}\n`)
    .update(publicKey)
    .digest()
  return Array.from(bytes.subarray(0, wordsShown), (byte) => wordList[byte] ?? '')
}
