// One run: a hospital from a seed, a script played in it, quiet at the end, and the reckoning. Says
// what happened and what was wrong; prints nothing.

import { verifierKey } from '@wardkey/broker/audit/signed-note'
import type { Schema } from '@wardkey/broker/store/schema'
import { Kysely, SqliteDialect } from 'kysely'
import { checkRecord } from '../kit/check-record.ts'
import { Violation } from './checks/violation.ts'
import type { Script } from './script/act.ts'
import { performAct } from './script/perform-act.ts'
import { Hospital } from './world/hospital.ts'
import type { HospitalSize } from './world/hospital.ts'
import type { Image, MemoryDisk } from './world/memory-store.ts'
import type { Rules } from './world/rules.ts'
import { settled } from './world/virtual-time.ts'

export interface RunResult {
  readonly events: number
  readonly simulatedMs: number
  readonly traceHash: string
  readonly faults: Readonly<Record<string, number>>
  readonly reasons: Readonly<Record<string, number>>
  readonly facts: Readonly<Record<string, number>>
  /** Screens that were opened without a broker. */
  readonly openedAlone: number
  readonly violation: Violation | undefined
}

export interface RunNeeds {
  readonly size: HospitalSize
  readonly script: Script
  readonly lengthMs: number
  readonly rules: Rules
  readonly image: Image
  readonly onNote?: (text: string) => void
  readonly onProgress?: (simulatedMs: number) => void
  /** Looks at the books before they are closed. */
  readonly onEnd?: (db: Kysely<Schema>) => Promise<void>
  /** Keeps what lies on the disk before it is gone. */
  readonly keep?: (disk: MemoryDisk) => Promise<void>
}

/** Nobody comes any more, and nothing breaks: long enough for every limit there is. */
const quietMs = 4 * 60_000
const stretchMs = 10 * 60_000

export async function runScript(needs: RunNeeds): Promise<RunResult> {
  const hospital = await Hospital.open(needs.size, needs.rules, needs.image)
  hospital.onNote = needs.onNote
  const fromMs = hospital.time.nowMs
  const faults: Record<string, number> = {}
  for (const act of needs.script) {
    hospital.time.after(act.atMs, () => {
      hospital.note(`act ${act.kind}`)
      if (act.kind !== 'visit') faults[act.kind] = (faults[act.kind] ?? 0) + 1
      performAct(act, hospital)
    })
  }
  let violation: Violation | undefined
  try {
    for (let doneMs = 0; doneMs < needs.lengthMs;) {
      doneMs = Math.min(needs.lengthMs, doneMs + stretchMs)
      await hospital.run(fromMs + doneMs)
      needs.onProgress?.(doneMs)
    }
    await endQuietly(hospital)
  } catch (thrown) {
    if (!(thrown instanceof Violation)) throw thrown
    violation = thrown
  }
  const result = {
    events: hospital.time.events,
    simulatedMs: hospital.time.nowMs - fromMs,
    traceHash: hospital.traceHash(),
    faults,
    reasons: Object.fromEntries(hospital.screens.reasons),
    facts: Object.fromEntries(hospital.books.counts),
    openedAlone: hospital.alone.counts.opened,
    violation,
  }
  await needs.onEnd?.(booksOf(hospital))
  await needs.keep?.(hospital.disk)
  hospital.disk.connection.close()
  return result
}

async function endQuietly(hospital: Hospital): Promise<void> {
  const { brokers, disk, network, people, agents, books, words, time } = hospital
  people.goHome()
  network.heal()
  disk.isFull = false
  disk.slowUntilMs = 0
  for (const broker of brokers) broker.disarm()
  for (const { disk: own } of agents) {
    own.isFull = false
    own.disarm()
  }
  await hospital.run(time.nowMs + quietMs)
  for (const [index, { process }] of agents.entries()) {
    const { phase } = process.state
    if (phase.kind !== 'locked') {
      throw new Violation(
        'every wait ends on ticks alone',
        `workstation ${String(index)} is ${phase.kind}`,
      )
    }
    if (process.browser.visible.size > 0) {
      throw new Violation('what is locked is hidden', `workstation ${String(index)}`)
    }
    if (process.link.unnoted > 0) {
      throw new Violation(
        'every lock is in the record',
        `workstation ${String(index)} still has words to send`,
      )
    }
  }
  const [open] = books.openAt.values()
  if (open) throw new Violation('no session stays open in the books without its screen', open.id)
  words.reckon()
  hospital.alone.reckon()
  await verifyRecord(hospital)
}

/** As an auditor would: from the export and the public key alone. */
async function verifyRecord({ brokers, disk, time, keys }: Hospital): Promise<void> {
  let isSealed = false
  const sealing = brokers[0]?.process?.sealNow().finally(() => {
    isSealed = true
  })
  while (!isSealed) await time.run(time.nowMs + 1000, () => undefined)
  await sealing
  await settled()
  try {
    await checkRecord(booksOf({ disk }), verifierKey(keys.signer))
  } catch (thrown) {
    throw new Violation('the record is whole', thrown instanceof Error ? thrown.message : 'not')
  }
}

function booksOf({ disk }: Pick<Hospital, 'disk'>): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: disk.connection }) })
}
