// npm run bench -- record: how many entries of an export a second are replayed and verified, beside
// SHA-256 over the same bytes of the same file. They take turns in one run.

import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { replayFile } from '@wardkey/broker/audit/replay-file'
import { parseVerifierKey } from '@wardkey/broker/audit/signed-note'
import type { NoteVerifier } from '@wardkey/broker/audit/signed-note'
import { RecordVerifier } from '@wardkey/broker/audit/verify-record'
import { quantile } from '../tap/floors.ts'
import { writeSampleExport } from './sample-export.ts'

interface Plan {
  readonly entries: number
  readonly turns: number
}

const whole: Plan = { entries: 1_000_000, turns: 7 }
const short: Plan = { entries: 100_000, turns: 3 }
/** What a busy house records in a fifth of a second; each such batch is signed. */
const everyEntries = 200
const quietEvery = 5

export async function benchRecord(args: readonly string[]): Promise<object> {
  const { entries, turns } = args.includes('--short') ? short : whole
  say(
    `load average ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')}`,
  )
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-bench-record-'))
  try {
    const file = join(folder, 'record.ndjson')
    const key = parseVerifierKey(await writeSampleExport(file, entries, everyEntries))
    if (!key) throw new Error('the key does not parse')
    const replays: Turn[] = []
    const hashes: Turn[] = []
    // The first pair warms up and is not counted.
    for (let turn = 0; turn <= turns; turn++) {
      const hash = await timed(() => sha256Of(file))
      const replay = await timed(() => replayed(file, key, entries))
      const rate = (entries / replay.seconds).toFixed(0)
      say(`${rate} entries a second; sha256 alone ${(entries / hash.seconds).toFixed(0)}`)
      if (turn === 0) continue
      hashes.push(hash)
      replays.push(replay)
    }
    const quiet = await quietRate(folder, entries / 10)
    const result = resultOf(entries, statSync(file).size, replays, hashes)
    return { ...result, figures: { ...result.figures, ...quiet } }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function replayed(file: string, key: NoteVerifier, entries: number): Promise<void> {
  const verifier = new RecordVerifier([key])
  await replayFile(file, verifier)
  const verdict = verifier.end()
  if (verdict.kind !== 'valid' || verdict.signed !== entries) {
    throw new Error('the record was not verified')
  }
}

/** Of quiet nights: a signature for every few entries. */
async function quietRate(folder: string, entries: number) {
  const file = join(folder, 'quiet.ndjson')
  const key = parseVerifierKey(await writeSampleExport(file, entries, quietEvery))
  if (!key) throw new Error('the key does not parse')
  const { seconds, cpuSeconds } = await timed(() => replayed(file, key, entries))
  say(`${(entries / seconds).toFixed(0)} entries a second of a quiet record`)
  return { quietPerSecond: entries / seconds, quietPerCpuSecond: entries / cpuSeconds }
}

interface Turn {
  readonly seconds: number
  readonly cpuSeconds: number
}

function resultOf(entries: number, bytes: number, replays: Turn[], hashes: Turn[]) {
  const median = (turns: Turn[], of: (turn: Turn) => number): number => quantile(turns.map(of), 0.5)
  const seconds = (turn: Turn): number => turn.seconds
  const cpu = (turn: Turn): number => turn.cpuSeconds
  return {
    figures: {
      replayPerSecond: entries / median(replays, seconds),
      replayPerCpuSecond: entries / median(replays, cpu),
      bytesPerEntry: bytes / entries,
    },
    floors: { sha256PerSecond: entries / median(hashes, seconds) },
    ratios: {
      replayOverSha256: median(hashes, seconds) / median(replays, seconds),
      replayOverSha256Cpu: median(hashes, cpu) / median(replays, cpu),
    },
    goals: { replayPerSecond: 100_000 },
  }
}

async function timed(act: () => Promise<void>): Promise<Turn> {
  const cpu = process.cpuUsage()
  const beganMs = performance.now()
  await act()
  const { user, system } = process.cpuUsage(cpu)
  return { seconds: (performance.now() - beganMs) / 1000, cpuSeconds: (user + system) / 1e6 }
}

async function sha256Of(file: string): Promise<void> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk as Buffer)
  }
  hash.digest()
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
