// A broker that takes a cut-off workstation's journal and is killed at a moment that it was told:
// before a unit is handed to the store, or after it is durable and before anybody hears of it.

import { randomBytes, randomUUID, generateKeyPairSync } from 'node:crypto'
import { writeSync } from 'node:fs'
import { BundleDesk } from '@wardkey/broker/flows/bundles/bundle-desk'
import { mergeOffline } from '@wardkey/broker/flows/merge-offline'
import { openSqliteStore } from '@wardkey/broker/store/sqlite-store'
import { sessionId } from '@wardkey/protocol/ids'
import { openCore } from '../kit/broker-core.ts'
import { OfflineJournal } from '../kit/offline-journal.ts'

const [, , path = '', moment = '', at = '0'] = process.argv
const onFatal = (): void => process.exit(70)
const store = await openSqliteStore({ path, onFatal })
let merges = 0
let isMerging = false
const die = (when: string): void => {
  if (isMerging && moment === when && merges === Number(at)) process.kill(process.pid, 'SIGKILL')
}
const core = await openCore({
  channels: ['webhook'],
  open: () =>
    Promise.resolve({
      store: {
        engine: store.engine,
        read: store.read,
        waiting: 0,
        commit: async (unit) => {
          die('before')
          const committed = await store.commit(unit)
          die('after')
          return committed
        },
        close: () => store.close(),
      },
      place: { kind: 'sqlite', path },
      reopen: () => Promise.reject(new Error('once')),
      remove: () => Promise.resolve(),
    }),
})
await core.addZone('4-west', { offlineMaxMs: 3_600_000 })
const here = await core.addWorkstation('4-west')
const anna = await core.addPerson({ pin: null })
const desk = new BundleDesk({
  ...core.needs,
  signKey: generateKeyPairSync('ed25519').privateKey,
  ...{ pinPepper: randomBytes(32), random: randomBytes, othersMax: 0 },
  findDowntimeKey: () => undefined,
})
await desk.refresh((await desk.zones()).values())
const view = desk.viewOf('4-west')
if (!view || !(await desk.make(here, view))) throw new Error('no bundle')
const journal = new OfflineJournal()
const choice = { reason: 'patient-in-danger', tookMs: 900, position: 0, of: 5 }
const emergency = { rule: 'emergency', by: 'card', pinAtMs: core.nowMs(), choice } as const
const frames = Array.from({ length: 4 }, (_, n) => {
  const session = sessionId.parse(randomUUID())
  journal.write({
    ...{ kind: 'decided', atMs: core.nowMs(), tapId: core.newTapId(), outcome: 'admitted' },
    ...{ rule: 'badge-within-grace', personId: anna.personId, sessionId: session },
    ...{ bundleSequence: 1, bundleAgeMs: 0 },
    ...(n === 1 ? emergency : {}),
  })
  if (n < 3) journal.write({ kind: 'left', atMs: core.nowMs(), sessionId: session, reason: 'idle' })
  return journal.frame(n === 3)
})
writeSync(1, JSON.stringify({ here, frames }))
isMerging = true
for (const frame of frames) {
  merges += 1
  await core.needs.perform(() => mergeOffline(frame, here, core.needs))
}
