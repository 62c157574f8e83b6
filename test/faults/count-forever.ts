// A workstation's journal and the sealed file that counts it, written, counted and forgotten as fast
// as it goes. Made to be killed: it says what it finds gone, and what it has counted on the disk.

import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { Gaps } from '@wardkey/agent/offline/journal/gaps'
import { Journal } from '@wardkey/agent/offline/journal/journal'
import { Memory } from '@wardkey/agent/offline/memory'
import { systemClock } from '@wardkey/agent/platform/clock'
import { openSealer } from '@wardkey/agent/platform/seal'
import { openKeyFile } from '@wardkey/agent/platform/sealed-storage'
import { sessionId } from '@wardkey/protocol/ids'

const [, , folder = '', isForgetting = 'yes'] = process.argv

/** Written straight to the pipe: what the parent has read was so before a kill. */
function say(what: string, text: string): void {
  writeSync(1, `${what} ${text}\n`)
}

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const sealer = openSealer(openKeyFile(folder, 'offline.key'))
const needs = { folder, sealer, newId: randomUUID, clock: systemClock, log }
const journal = new Journal(needs)
const memory = new Memory(folder, sealer)
const gaps = new Gaps({ ...needs, memory, journal, store: { find: () => undefined } })
gaps.look()
say('gaps', JSON.stringify(gaps.open))
say('found', `${memory.found} ${String(memory.now.counted?.seq ?? 0)}`)
// A workstation is welcomed before it is ever alone.
await memory.change({ sequence: 0 })

const longest = 12

async function writeForever(): Promise<void> {
  for (;;) {
    const entry = { atMs: Date.now(), sessionId: sessionId.parse(randomUUID()) }
    await journal.append([{ kind: 'left', ...entry, reason: 'idle' }])
    await forgetSome()
  }
}

async function forgetSome(): Promise<void> {
  const last = journal.lines.at(-1)
  const { journalId } = journal
  if (isForgetting !== 'yes' || journal.lines.length < longest || !last || !journalId) return
  const kept = Math.random() < 0.5 ? 0 : 4
  await journal.forget(journalId, last.seq - kept)
}

async function countForever(): Promise<void> {
  for (let sequence = 1; ; sequence++) {
    await memory.change({ sequence })
    say('counted', String(sequence))
  }
}
await Promise.all([writeForever(), writeForever(), countForever()])
