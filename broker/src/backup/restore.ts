// What "restore" does: the database from a backup, and then, before anybody serves it, what the
// witnesses know of a newer one. It says plainly what is missing, and what to do.

import { existsSync, mkdirSync } from 'node:fs'
import { exitCodes, Refused } from '../doors/command-line/exit.ts'
import { openToRead } from '../store/open-for-reading.ts'
import { askWitnesses } from './ask-witnesses.ts'
import type { Heard } from './ask-witnesses.ts'
import { placeOf, readVkey, recordKeyOf, telling, wordsOf } from './back-up.ts'
import type { BackupTools, OpenOptions } from './backup-tools.ts'
import { lookPastItsTime, noRule, pastItsTimeWords } from './past-its-time.ts'
import type { PastItsTime } from './past-its-time.ts'
import { readIdentity } from './recipients.ts'
import { restoreBackup } from './restore-backup.ts'
import type { Backed } from './verify-backup.ts'

export async function restore(
  file: string,
  { identity, vkey }: OpenOptions,
  tools: BackupTools,
): Promise<void> {
  const settings = tools.settings()
  const recordKey = vkey === undefined ? await recordKeyOf(settings) : readVkey(vkey)
  const opener = readIdentity(identity)
  const place = placeOf(settings)
  if (place.kind === 'sqlite' && !existsSync(settings.dataDir)) {
    mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 })
  }
  const backed = await restoreBackup({
    ...{ file, opener, recordKey, place },
    nowMs: Date.now,
    onRows: telling('rows restored'),
  })
  // Of a release that had no retention: it is brought up to date once a broker serves it.
  const isOlder = !backed.header.tables.some(({ name }) => name === 'retention_rule')
  const db = openToRead(place)
  const [heard, past] = await Promise.all([
    askWitnesses(settings, recordKey, db),
    isOlder ? noRule : lookPastItsTime(db, Date.now()),
  ]).finally(() => db.destroy())
  const newer = heard.filter(({ said }) => said.kind === 'ahead' || said.kind === 'forked')
  tell(backed, heard, past, tools)
  if (newer.length > 0) throw new Refused(exitCodes.refused, older(backed, newer))
}

function tell(
  backed: Backed,
  heard: readonly Heard[],
  past: PastItsTime,
  tools: BackupTools,
): void {
  const { header, rows, signed, unsigned, gone } = backed
  const made = new Date(header.madeMs).toISOString()
  const witnesses = heard.map(({ witness, said }) => ({ witness, ...answerOf(said) }))
  const lines = heard.map((one) => `  ${wordOf(one, signed)}\n`)
  const asked =
    heard.length === 0
      ? 'No witness is named in the settings: nobody can tell whether there was a newer record.\n'
      : `Witnesses:\n${lines.join('')}`
  tools.say(
    { restored: true, madeMs: header.madeMs, rows, signed, unsigned, gone, past, witnesses },
    `Restored: ${wordsOf(backed)}\n` +
      `It is as of ${made}. What came after is not in it: people who left, badges that were lost,\n` +
      `locks and exceptions since then. Let HR's systems send again, and go through the time since.\n` +
      pastItsTimeWords(past) +
      asked,
  )
}

const answerOf = (said: Heard['said']): object => ({
  said: said.kind,
  ...('size' in said ? { size: said.size } : {}),
})

function wordOf({ witness, said }: Heard, signed: number): string {
  switch (said.kind) {
    case 'kept':
      return `${witness} has seen nothing newer than these ${String(signed)} facts.`
    case 'ahead':
      return `${witness} has seen ${String(said.size)} facts; here are ${String(signed)}.`
    case 'forked':
      return `${witness} has seen another record of ${String(said.size)} facts.`
    case 'failed':
      return `${witness} could not be asked (${said.reason}): ask again before you trust this.`
  }
}

function older({ signed }: Backed, newer: readonly Heard[]): string {
  const most = Math.max(...newer.map(({ said }) => ('size' in said ? said.size : 0)))
  const missing =
    most > signed
      ? `This is OLDER than what a witness has seen: ${String(most - signed)} facts are missing.`
      : 'This is ANOTHER record than the one that a witness has seen.'
  return (
    `${missing}\n` +
    'The broker will not start with it (record-rolled-back). Restore a newer backup into an empty\n' +
    'database. Where there is none, it is a loss to be written down: keep what the witness has, tell\n' +
    'compliance, and take the witness out of record.witnesses for the first start.'
  )
}
