// What a writer said before it was killed or ended: which facts it had begun, which were acknowledged,
// and the newest checkpoint that was signed.

import { spawn } from 'node:child_process'
import { openCheckpoint } from '@wardkey/broker/audit/checkpoint'
import { parseVerifierKey } from '@wardkey/broker/audit/signed-note'
import { checkRecord } from './check-record.ts'
import { knownVkey } from './known-signer.ts'
import type { Kysely } from 'kysely'
import type { Schema } from '@wardkey/broker/store/schema'

const script = new URL('../faults/commit-forever.ts', import.meta.url).pathname

export class WrittenSoFar {
  readonly durable = new Set<string>()
  /** How often a commit was answered with a fault, by what it said. */
  readonly failed = new Map<string, number>()
  /** Begun, and no answer came: they may be there or not, and may be tried again. */
  unanswered: readonly string[] = []
  #note: string | undefined

  /** Takes what one process said. */
  take(text: string): void {
    const begun = new Set<string>()
    // Without the last line, which a kill may have cut.
    for (const line of text.split('\n').slice(0, -1)) {
      const [what, about = ''] = line.split(' ')
      if (what === 'begun') begun.add(about)
      else if (what === 'durable') this.durable.add(about)
      else if (what === 'signed') this.#note = Buffer.from(about, 'base64').toString('utf8')
      else if (what === 'failed') this.failed.set(about, (this.failed.get(about) ?? 0) + 1)
    }
    this.unanswered = [...begun].filter((id) => !this.durable.has(id))
  }

  /**
   * Throws unless everything acknowledged is there once, with its row, no row without its fact, and
   * the record continues what was signed. Returns how many facts there are.
   */
  async check(db: Kysely<Schema>): Promise<number> {
    const facts = await checkRecord(db, knownVkey, this.#note)
    const ids = new Set(facts.map(({ id }) => id))
    const lost = [...this.durable].filter((id) => !ids.has(id))
    if (lost.length > 0) throw new Error(`${String(lost.length)} acknowledged facts are lost`)
    const rows = await db.selectFrom('enrol_token').select('hash').execute()
    const strays = rows.filter(({ hash }) => !ids.has(hash))
    if (strays.length > 0 || rows.length !== ids.size) throw new Error('rows without facts')
    return facts.length
  }

  /** Entries under the newest checkpoint that a writer called signed. */
  get signed(): number {
    const key = parseVerifierKey(knownVkey)
    const opened = key && openCheckpoint(this.#note ?? '', [key])
    return opened?.size ?? 0
  }
}

export interface Ended {
  readonly signal: NodeJS.Signals | null
  readonly exitCode: number | null
  readonly said: string
}

export interface WriterOptions {
  readonly env?: NodeJS.ProcessEnv
  /** It is made to fail: what it says of that to a person is of no interest. */
  readonly isQuiet?: boolean
}

/** Starts a writer; `when` hears what it says, in pieces, and may kill it. */
export function runWriter(
  engine: string,
  where: string,
  unanswered: readonly string[],
  when: (saidNow: string, kill: () => void) => void,
  options: WriterOptions = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', script, engine, where, ...unanswered],
      {
        env: options.env,
        stdio: ['ignore', 'pipe', options.isQuiet === true ? 'ignore' : 'inherit'],
      },
    )
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      const saidNow = chunk.toString('utf8')
      said += saidNow
      when(saidNow, () => child.kill('SIGKILL'))
    })
    child.once('close', (exitCode, signal) => {
      resolve({ signal, exitCode, said })
    })
  })
}
