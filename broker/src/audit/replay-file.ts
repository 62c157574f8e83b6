// Replays an export from its file into a verifier, a line at a time.

import { takeLines } from './file-lines.ts'
import { lineBytesMax } from './record-lines.ts'
import type { RecordVerifier } from './verify-record.ts'

/** Ends where the file does, or where the verifier has found a flaw. */
export function replayFile(
  file: string,
  verifier: RecordVerifier,
  onLine: () => void = () => undefined,
): Promise<void> {
  return takeLines(file, lineBytesMax, (bytes, from, to) => {
    onLine()
    return verifier.takeBytes(bytes, from, to)
  })
}
