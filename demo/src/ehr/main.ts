// The demo EHR as a program of its own: reads its settings from a file or from standard input,
// serves, and ends on a signal. `main.ts --settings <file>` or `main.ts --settings -`.

import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { linesTo } from './log.ts'
import { startEhr } from './server.ts'
import { parseSettings, type ReadySettings } from './settings.ts'

/** Never from the command line itself: every user of a machine can read those, secrets and all. */
async function readSettings(): Promise<ReadySettings> {
  const { values } = parseArgs({ options: { settings: { type: 'string' } } })
  const from = values.settings
  if (from === undefined) throw new Error('Say where the settings are: --settings <file>, or -')
  const json = from === '-' ? await text(process.stdin) : await readFile(from, 'utf8')
  const given: unknown = JSON.parse(json)
  return parseSettings(given)
}

/** What an operator reads when it cannot start: what is wrong, and what to do. */
function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return 'Larkfield Chart cannot start.'
  // The parser’s own words quote what it stumbled over, and that may be the secret.
  if (error instanceof SyntaxError) return 'The settings of Larkfield Chart are not JSON.'
  if (!('code' in error) || error.code !== 'EADDRINUSE') return error.message
  return `Another program has the port (${error.message}). End it, or set another port.`
}

try {
  const log = linesTo((line) => process.stderr.write(line))
  const ehr = await startEhr(await readSettings(), log)
  process.stdout.write(`${JSON.stringify({ event: 'ehr.ready', url: ehr.url })}\n`)
  const stop = (): void => {
    void ehr.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Started with a channel, it does not outlive the program that started it.
  process.once('disconnect', stop)
} catch (error) {
  process.stderr.write(`${whyNot(error)}\n`)
  process.exitCode = 1
}
