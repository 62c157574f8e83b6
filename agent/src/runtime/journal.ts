// Which session was open on this screen, so that a start after a crash can say so. One id, in a
// file of its own; it never opens anything.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { sessionId } from '@wardkey/protocol/ids'
import type { SessionId } from '@wardkey/protocol/ids'

export interface Journal {
  /** Of the run before this one. */
  find(): SessionId | undefined
  note(session: SessionId | undefined): void
}

const entry = z.strictObject({ version: z.literal(1), openSessionId: sessionId })

/**
 * Written before the chart is asked for, and not flushed to the disk: against a power cut there is
 * the boot's own id, by which the broker knows that nothing of before is open here.
 */
export function openJournal(dataDir: string): Journal {
  const path = join(dataDir, 'open-session.json')
  return {
    find: () => {
      if (!existsSync(path)) return undefined
      return entry.safeParse(jsonOf(readFileSync(path, 'utf8'))).data?.openSessionId
    },
    note: (session) => {
      if (session === undefined) rmSync(path, { force: true })
      else {
        mkdirSync(dataDir, { recursive: true, mode: 0o700 })
        const text = JSON.stringify({ version: 1, openSessionId: session })
        writeFileSync(path, text, { mode: 0o600 })
      }
    },
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    // Half an entry: as good as none, since the workstation wakes locked either way.
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
