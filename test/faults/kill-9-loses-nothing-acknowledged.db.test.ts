// The writer is killed at random under load, again and again, on both stores: what was acknowledged is
// there once, with its fact; what had no answer may be tried again; the record continues what was
// signed.

import { describe, expect, it } from 'vitest'
import { openToRead } from '@wardkey/broker/store/open-for-reading'
import { WrittenSoFar, runWriter } from '../kit/killed-writer.ts'
import { engines } from '../kit/stores.ts'

const kills = 20

for (const { engine, make, isHere } of engines) {
  describe.runIf(isHere)(`kill -9 under load, on ${engine}`, () => {
    it('loses nothing acknowledged, and has nothing twice', async () => {
      const spot = await make()
      const where = spot.place.kind === 'sqlite' ? spot.place.path : spot.place.url
      const written = new WrittenSoFar()
      let retried = 0
      for (let n = 0; n < kills; n++) {
        // The clock starts when it works: how long a start takes says nothing about a kill.
        let isBegun = false
        const ended = await runWriter(engine, where, written.unanswered, (_said, kill) => {
          if (!isBegun) setTimeout(kill, Math.random() * (n % 2 === 0 ? 40 : 400))
          isBegun = true
        })
        // It never ended by itself: each start verified the whole record against its checkpoint.
        expect(ended).toMatchObject({ signal: 'SIGKILL', exitCode: null })
        retried += written.unanswered.length
        written.take(ended.said)
      }
      const db = openToRead(spot.place)
      // A server may still be ending what the killed writer had sent it.
      let facts = 0
      await expect
        .poll(async () => (facts = await written.check(db)), { timeout: 5_000 })
        .toBeGreaterThanOrEqual(written.durable.size)
      await db.destroy()
      // It was under load, in the middle of things, and signed.
      expect(written.durable.size).toBeGreaterThan(kills * 10)
      expect(facts).toBeGreaterThan(0)
      expect(retried).toBeGreaterThan(kills)
      expect(written.signed).toBeGreaterThan(0)
      expect(written.failed.size).toBe(0)
      await spot.remove()
    }, 180_000)
  })
}
