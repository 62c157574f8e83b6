// A process that commits facts as fast as it can, seals them beside, and says each step only when it
// is so: what it begins, what was acknowledged, what was signed. Made to be killed.

import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { encodeFact } from '@wardkey/broker/audit/fact'
import { Sealer } from '@wardkey/broker/audit/sealer'
import { openPostgresStore } from '@wardkey/broker/store/postgres-store'
import { openSqliteStore } from '@wardkey/broker/store/sqlite-store'
import { knownSigner } from '../kit/known-signer.ts'

const [, , engine, where = '', ...unanswered] = process.argv
const onFatal = (cause: Error): void => {
  say('fatal', cause.message)
  process.exit(70)
}
const store =
  engine === 'SQLite'
    ? await openSqliteStore({ path: where, onFatal })
    : await openPostgresStore({ url: where, onFatal })
const sealer = new Sealer({
  store,
  signer: knownSigner,
  nowMs: Date.now,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  onBroken: onFatal,
})
await sealer.start()

/** Written straight to the pipe: what the parent has read was so before a kill. */
function say(what: string, text: string): void {
  let rest = Buffer.from(`${what} ${text}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (thrown) {
      // The pipe is full: the parent is slow, which is no reason to say less.
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN')) throw thrown
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

/** A row and a fact under one id. A conflict means that both are there from before. */
async function commit(id: string): Promise<void> {
  const query = store.read
    .insertInto('enrol_token')
    .values({ hash: id, zone_id: 'z', uses_left: 1, expires_ms: 1 })
    .compile()
  say('begun', id)
  const fact = encodeFact({ id, code: 'ADM-001', atMs: 1 })
  try {
    await store.commit({ kind: 'recorded', writes: [{ query, expectRows: 1 }], facts: [fact] })
    say('durable', id)
  } catch (thrown) {
    say('failed', thrown instanceof Error ? thrown.message : '')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

let signed = ''
setInterval(() => {
  const note = sealer.head?.note ?? ''
  if (note !== signed) say('signed', Buffer.from(note).toString('base64'))
  signed = note
}, 10)

// What had no answer before the last kill is tried again first, under its own id.
for (const id of unanswered) await commit(id)
await Promise.all(
  Array.from({ length: 24 }, async () => {
    for (;;) await commit(randomUUID())
  }),
)
