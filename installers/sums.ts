// SHA256SUMS of what was made: files that are given out, and the executables that they were made
// of. For `sha256sum --check`.

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256Of } from './executables/fetch-package.ts'
import { filesBelow } from './executables/lib-folder.ts'

export async function writeSums(out: string): Promise<void> {
  if (!existsSync(out)) return
  const lines: string[] = []
  for (const file of filesBelow(out).filter((one) => one !== 'SHA256SUMS' && !isWork(one))) {
    lines.push(`${await sha256Of(join(out, file))}  ${file}\n`)
  }
  writeFileSync(join(out, 'SHA256SUMS'), lines.join(''))
}

/** What lies beside an executable is in what is given out. */
const isWork = (file: string): boolean => file.startsWith('work/') || file.split('/').length > 4
