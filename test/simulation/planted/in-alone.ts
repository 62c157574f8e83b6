// Faults of a workstation that decides by itself: of its disk, its journal and its bundle.

import { step } from '@wardkey/agent/machine/step'
import type { Disk } from '@wardkey/agent/platform/disk'
import type { Rules } from '../world/rules.ts'
import { stepBut } from './fault.ts'
import type { Planted } from './fault.ts'

/** Says of a write that it is durable, and begins it then. */
const afterwards =
  (part: string): Rules['agentDisk'] =>
  (real) => ({
    ...real,
    replace: (path, bytes) => {
      const done = real.replace(path, bytes)
      if (!path.includes(part)) return done
      done.catch(() => undefined)
      return Promise.resolve()
    },
    open: async (path) => {
      const file = await real.open(path)
      if (!path.includes(part)) return file
      return {
        ...file,
        flush: () => {
          file.flush().catch(() => undefined)
          return Promise.resolve()
        },
      }
    },
  })

/** Never takes anything: whoever waits for it is told that it did. */
const forgets =
  (part: string): Rules['agentDisk'] =>
  (real): Disk => ({
    ...real,
    replace: (path, bytes) => (path.includes(part) ? Promise.resolve() : real.replace(path, bytes)),
  })

export const inAlone: readonly Planted[] = [
  {
    name: 'opens alone before the line is on the disk',
    rules: { agentDisk: afterwards('offline-journal') },
    seedsMax: 200,
  },
  {
    name: 'forgets wrong PINs with the process that saw them',
    rules: { agentDisk: forgets('offline-memory') },
    seedsMax: 200,
  },
  {
    name: 'goes on by a bundle however old it is',
    rules: {
      step: stepBut((state, happening, nowMs) => {
        if (happening.kind !== 'offline-changed' || happening.offline) return undefined
        return step(state, {
          nowMs,
          happening: { ...happening, offline: { untilMs: Infinity, hasEmergency: false } },
        })
      }),
    },
    seedsMax: 200,
  },
  {
    name: 'merges a journal’s lines again when they are told again',
    rules: {
      store: (real, disk) => {
        // The row that says how far a journal is taken is put back to its beginning.
        const forget = disk.connection.prepare('delete from offline_journal')
        return {
          engine: real.engine,
          read: real.read,
          get waiting() {
            return real.waiting
          },
          commit: async (unit) => {
            const done = await real.commit(unit)
            const isMerge = unit.writes.some(({ query }) => query.sql.includes('offline_journal'))
            if (isMerge) forget.run()
            return done
          },
          close: () => real.close(),
        }
      },
    },
    seedsMax: 200,
  },
]
