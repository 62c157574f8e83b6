// What decides alone at a simulated workstation: the product's own, on the workstation's disk and
// clock, under a key that only this workstation has.

import { createHash } from 'node:crypto'
import type { AloneEars } from '@wardkey/agent/offline/alone-port'
import { Alone } from '@wardkey/agent/offline/alone'
import { BundleStore } from '@wardkey/agent/offline/bundle/bundle-store'
import { Journal } from '@wardkey/agent/offline/journal/journal'
import { JournalFile } from '@wardkey/agent/offline/journal/journal-file'
import { Memory } from '@wardkey/agent/offline/memory'
import type { PinCheck } from '@wardkey/agent/offline/pin/pin-check'
import type { Disk } from '@wardkey/agent/platform/disk'
import type { Log } from '@wardkey/agent/platform/log'
import type { Sealer } from '@wardkey/agent/platform/seal'
import { offlineEntry } from '@wardkey/protocol/workstation/offline-entries'
import type { OfflineEntry } from '@wardkey/protocol/workstation/offline-entries'
import type { ProcessClock } from '../virtual-time.ts'
import type { AgentDisk } from './agent-disk.ts'

export interface OpenAloneNeeds {
  readonly disk: Disk
  readonly sealer: Sealer
  readonly check: PinCheck
  readonly clock: ProcessClock
  readonly workstationId: string
  readonly upMs: number
  readonly newId: () => string
  readonly log: Log
}

const folder = '/offline'
/** Of SHA-1 in base64url. */
const tagLength = 27

/**
 * As the product's: what was changed, cut, sealed elsewhere or for another place does not open. It
 * hides nothing, since nobody is here to read it, and takes a tenth of the time.
 */
export function makeSealer(secret: string): Sealer {
  const tagOf = (text: string, bound: string): string =>
    createHash('sha1').update(`${secret} ${bound} ${text}`).digest('base64url')
  return {
    seal: (text, bound) => Buffer.from(tagOf(text, bound) + text, 'utf8'),
    unseal: (sealed, bound) => {
      const all = Buffer.from(sealed).toString('utf8')
      const text = all.slice(tagLength)
      return all.startsWith(tagOf(text, bound)) ? text : undefined
    },
  }
}

export function openAlone(needs: OpenAloneNeeds, ears: AloneEars): Alone {
  const { disk, sealer, workstationId } = needs
  const parts = {
    ...needs,
    workstationId: () => workstationId,
    memory: new Memory(folder, sealer, disk),
    store: new BundleStore(folder, sealer, disk),
    journal: new Journal({ ...needs, folder }),
  }
  return new Alone(parts, ears)
}

export interface DurableLine {
  readonly journalId: string
  readonly entry: OfflineEntry
}

/** The lines that would be found after a loss of power at this moment. */
export function durableLines(disk: AgentDisk, sealer: Sealer): readonly DurableLine[] {
  const file = new JournalFile(`${folder}/offline-journal`, sealer, durablyRead(disk))
  const { contents } = file.find()
  if (!contents) return []
  const { journalId, lines } = contents
  return lines.map(({ text }) => ({ journalId, entry: offlineEntry.parse(JSON.parse(text)) }))
}

/** Tries as they would be found then, by the PIN they are of: by badge and by number together. */
export function durableTries(disk: AgentDisk, sealer: Sealer): ReadonlyMap<string, number> {
  const { tries } = new Memory(folder, sealer, durablyRead(disk)).now
  const found = new Map<string, number>()
  for (const { about, failures } of Object.values(tries)) {
    found.set(about, (found.get(about) ?? 0) + failures)
  }
  return found
}

function durablyRead(disk: AgentDisk): Disk {
  const refuse = (): never => {
    throw new Error('only for reading')
  }
  const copy = (): void => undefined
  const read = (path: string): Buffer | undefined => disk.durable(path)
  return { read, copy, replace: refuse, remove: refuse, drop: refuse, open: refuse }
}
