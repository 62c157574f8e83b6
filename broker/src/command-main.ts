// wardkey-broker: reads settings, starts the broker or asks the running one, and says how it went
// in words and in an exit code.

import { existsSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { addBackupCommands } from './backup/backup-commands.ts'
import { addAdminCommands } from './doors/command-line/admin-commands.ts'
import { exitCodes, exitOf, Refused, tellFault } from './doors/command-line/exit.ts'
import { Fault } from './platform/fault.ts'
import { adminTokenFile } from './platform/keys/key-folder.ts'
import { parseSettings, settingsFileOf } from './platform/settings.ts'
import type { Settings } from './platform/settings.ts'
import { version } from './platform/version.ts'
import { zoneSettings } from './policy/zone-settings.ts'
import { recordMain } from './record-main.ts'

/** Of the command line, before all commands. */
interface Globals {
  readonly settings?: string
  readonly json?: boolean
}

/** Returns the exit code; the process ends by itself when nothing is left to do. */
export async function brokerMain(argv: readonly string[]): Promise<number> {
  // Whatever is made here (database, keys, exports) is nobody else's to read.
  process.umask(0o077)
  const program = new Command('wardkey-broker')
    .description('Wardkey’s broker: serve it, and administer the one that runs.')
    .version(version)
    .option('--settings <file>', 'settings file (default: WARDKEY_SETTINGS, or the usual place)')
    .option('--json', 'print JSON, for scripts')
    .addHelpText('after', helpAfter)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
  const globals = (): Globals => program.opts<Globals>()
  const settings = (): Settings => readSettings(globals().settings)
  program
    .command('init')
    .description('make what is missing: folders, keys, database, the first administration token')
    .action(async () => {
      await init(settings(), globals())
    })
  program
    .command('serve')
    .description('run the broker until it is told to stop (SIGTERM, Ctrl-C)')
    .action(async () => {
      await serve(settings(), globals())
    })
  addBackupCommands(program, {
    settings,
    say: (value, text) => {
      process.stdout.write(globals().json === true ? `${JSON.stringify(value)}\n` : text)
    },
  })
  addAdminCommands(program, {
    settings,
    isJson: () => globals().json === true,
    adminTokenFile,
    verifyRecord: (words) => recordMain(words),
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exitCodes.ok
  } catch (thrown) {
    return ended(thrown)
  }
}

const helpAfter = `
Exit codes:
  0   done
  1   refused: the broker, or the record, says no (the message says why)
  2   the command is not used right
  69  something it needs is not there: the broker, the database, a port
  70  a fault of Wardkey itself, or a disk that cannot be trusted any more
  78  settings or keys are not as they must be

Examples:
  wardkey-broker init
  wardkey-broker serve
  wardkey-broker person add --given Rosa --family Santos --role nurse
  wardkey-broker badge enrol <person> --csn 04a1b2c3d4e580
  wardkey-broker pin set <person>
  wardkey-broker workstation token --zone 4-west
  wardkey-broker record export --out record.ndjson
  wardkey-broker record prove 4711 --out 4711.tlog-proof
  wardkey-broker backup /mnt/backups`

function readSettings(given: string | undefined): Settings {
  const file = given ?? settingsFileOf(existsSync)
  const parsed = parseSettings(file === undefined ? {} : { file }, zoneSettings)
  if (parsed.kind === 'parsed') return parsed.settings
  const cause = new Error(parsed.complaints.join('\n'))
  throw new Fault('settings-not-valid', 'permanent', { cause })
}

async function init(settings: Settings, { json }: Globals): Promise<void> {
  // Loaded only where it is needed: a command that asks the running broker has to be quick.
  const { initBroker } = await import('./init.ts')
  const { openLog } = await import('./platform/log.ts')
  const log = openLog('warn')
  const made = await initBroker(settings, log, (line) => process.stderr.write(`${line}\n`))
  await log.close()
  if (json === true) process.stdout.write(`${JSON.stringify({ made })}\n`)
  else if (made.length === 0) process.stdout.write('Everything was there already.\n')
  else {
    const lines = made.map((line) => `  ${line}\n`).join('')
    process.stdout.write(`Made:\n${lines}${nextSteps(settings)}`)
  }
}

function nextSteps({ zones }: Settings): string {
  const zone = zones.length === 0 ? 'declare a zone in the settings (zones), then ' : ''
  return (
    `Next: ${zone}wardkey-broker serve. From there to a first tap: docs/first-tap.md.\n` +
    'Back up the key folder apart from the data: without it nothing of either can be read.\n'
  )
}

async function serve(settings: Settings, { json }: Globals): Promise<void> {
  const { startBroker } = await import('./main.ts')
  const { openLog } = await import('./platform/log.ts')
  const log = openLog(settings['log.level'])
  try {
    const broker = await startBroker(settings, log)
    const { webUrl, adminUrl, workstationUrl, caSha256, recordKey } = broker
    const facts = { webUrl, adminUrl, workstationUrl, caSha256, recordKey }
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ ready: true, ...facts })}\n`
        : `Wardkey’s broker serves.\n` +
            `  browsers and EHRs  ${webUrl}\n` +
            `  workstations       ${workstationUrl}\n` +
            `  administration     ${adminUrl}\n` +
            `Ctrl-C stops it.\n`,
    )
    await toldToStop()
    process.stderr.write('Stopping: finishing what is under way, signing the record …\n')
    await broker.close()
  } finally {
    await log.close()
  }
}

/** The second signal is not waited for: whoever insists gets what he asked for. */
function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.removeListener('SIGTERM', stop)
      process.removeListener('SIGINT', stop)
      resolve()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}

function ended(thrown: unknown): number {
  // Help and version are thrown too, with 0; everything else of commander is wrong use.
  if (thrown instanceof CommanderError) {
    return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  }
  if (thrown instanceof Refused) {
    process.stderr.write(`wardkey-broker: ${thrown.message}\n`)
    return thrown.exitCode
  }
  const fault =
    thrown instanceof Fault ? thrown : new Fault('internal', 'permanent', { cause: thrown })
  process.stderr.write(`wardkey-broker: ${tellFault(fault)}\n`)
  return exitOf(fault)
}
