// A workstation's journal that is written as fast as it goes, saying each line only when it is so.
// Made to be killed, and to run out of disk.

import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { Journal } from '@wardkey/agent/offline/journal/journal'
import { systemClock } from '@wardkey/agent/platform/clock'
import { openSealer } from '@wardkey/agent/platform/seal'
import { openKeyFile } from '@wardkey/agent/platform/sealed-storage'
import { sessionId } from '@wardkey/protocol/ids'

const [, , folder = ''] = process.argv

/** Written straight to the pipe: what the parent has read was so before a kill. */
function say(what: string, text: string): void {
  writeSync(1, `${what} ${text}\n`)
}

const note = (event: string, fields: { reason?: string }): void => {
  say(event, fields.reason ?? '')
}
const journal = new Journal({
  folder,
  sealer: openSealer(openKeyFile(folder, 'offline.key')),
  newId: randomUUID,
  clock: systemClock,
  log: { info: note, warn: note, error: note },
})
say('found', journal.lines.map(({ text }) => /"sessionId":"([^"]+)"/.exec(text)?.[1] ?? '').join())

async function writeForever(): Promise<void> {
  for (;;) {
    const id = randomUUID()
    const entry = { atMs: Date.now(), sessionId: sessionId.parse(id), reason: 'idle' } as const
    say('begun', id)
    const isDurable = await journal.append([{ kind: 'left', ...entry }])
    say(isDurable ? 'durable' : 'failed', id)
    if (!isDurable) await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
await Promise.all([writeForever(), writeForever(), writeForever()])
