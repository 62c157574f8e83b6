// What `wardkey-agent` understands, and its help. It does nothing itself: each command is handed
// in.

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { DoctorOptions } from './doctor-command.ts'
import type { EnrolOptions } from './enrol-command.ts'
import type { InstallUpdatesOptions } from './install-updates-command.ts'
import { exitCodes, exitCodesHelp } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'
import { tryOutWords } from './try-out-command.ts'

/** What every command takes: where settings are, and single ones that go before them. */
export interface CommonOptions {
  readonly settings?: string
  readonly set: Readonly<Record<string, string>>
}

export interface Commands {
  enroll(common: CommonOptions, options: EnrolOptions): Promise<ExitCode>
  /** `isForTests` lets `browser.unsafeNoSandbox` count. */
  run(common: CommonOptions, isForTests: boolean): Promise<ExitCode>
  /** With a simulated reader, on a computer that is no workstation. */
  tryOut(common: CommonOptions, isForTests: boolean): Promise<ExitCode>
  status(common: CommonOptions, isJson: boolean): Promise<ExitCode>
  readers(common: CommonOptions, isJson: boolean): Promise<ExitCode>
  settings(common: CommonOptions, isJson: boolean): Promise<ExitCode>
  doctor(common: CommonOptions, options: DoctorOptions): Promise<ExitCode>
  /** `isBySystem`: the service manager of Windows is who starts it. */
  duties(common: CommonOptions, isBySystem: boolean): Promise<ExitCode>
  installUpdates(common: CommonOptions, options: InstallUpdatesOptions): Promise<ExitCode>
  /** For the doctor, in a process of its own: a keyring may keep whoever asks it waiting. */
  keyOpens(common: CommonOptions): Promise<ExitCode>
}

/** Runs one command and resolves to its exit code. Never throws for what somebody typed. */
export async function runCommandLine(
  argv: readonly string[],
  version: string,
  commands: Commands,
  output: Output,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok
  const program = makeProgram(version, commands, output, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    // Help and version end the same way as mistakes, with 0.
    return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  }
  return exitCode
}

function makeProgram(
  version: string,
  commands: Commands,
  output: Output,
  done: (code: ExitCode) => void,
): Command {
  const program = new Command('wardkey-agent')
    .description('Wardkey on a workstation: badge reader, lock screen and charts.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        output.answer(text.trimEnd())
      },
      writeErr: (text) => {
        output.say(text.trimEnd())
      },
    })
    .addHelpText('after', exitCodesHelp)
  withCommon(program.command('enroll'))
    .description('Give this workstation its identity, with a token or by the approval of IT.')
    .requiredOption('--place <text>', 'what people call the place: "4 West, station 2"')
    .option('--broker <host:port>', 'the broker to ask, before those of the settings')
    .option('--token-file <file>', 'where the token is; - for standard input')
    .option('--token <token>', 'the token itself, which others on this machine can see')
    .option('--ask', 'without a token: shows five words, and waits until IT approves them')
    .option('--ca-sha256 <hex>', 'fingerprint of the broker’s authority, as the broker prints it')
    .option('--ca-file <file>', 'the certificate of the broker’s authority (PEM)')
    .option('--asset-tag <text>', 'what the inventory calls this machine')
    .option('--again', 'replace the identity that is there')
    .option('--json', 'answer in JSON')
    .action(async (options: EnrolOptions & CommonOptions & { broker?: string }) => {
      const first = options.broker === undefined ? {} : { 'broker.addresses': options.broker }
      done(await commands.enroll({ ...options, set: { ...first, ...options.set } }, options))
    })
  withCommon(program.command('run'))
    .description('Run the workstation until it is told to stop (SIGTERM, Ctrl-C).')
    .addOption(new Option('--unsafe-for-tests').hideHelp())
    .action(async (options: CommonOptions & { unsafeForTests?: boolean }) => {
      done(await commands.run(options, options.unsafeForTests === true))
    })
  withCommon(program.command('try-out'))
    .description('Try a workstation with a simulated reader, beside a broker on this computer.')
    .addHelpText('after', `\n${tryOutWords}\n\nThe way there, step by step: docs/first-tap.md.`)
    .addOption(new Option('--unsafe-for-tests').hideHelp())
    .action(async (options: CommonOptions & { unsafeForTests?: boolean }) => {
      done(await commands.tryOut(options, options.unsafeForTests === true))
    })
  withCommon(program.command('status'))
    .description('Say how the agent on this machine is.')
    .option('--json', 'answer in JSON')
    .action(async (options: CommonOptions & { json?: boolean }) => {
      done(await commands.status(options, options.json === true))
    })
  withCommon(program.command('readers'))
    .description('List the badge readers of this machine. Takes two seconds.')
    .option('--json', 'answer in JSON')
    .action(async (options: CommonOptions & { json?: boolean }) => {
      done(await commands.readers(options, options.json === true))
    })
  addLooks(program, commands, done)
  return program
}

function pages(text: string, before: readonly string[] = []): readonly string[] {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPage = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (!isPage || before.length >= 8) {
    throw new InvalidArgumentError('An address, https://…; eight at most.')
  }
  return [...before, text]
}

/** For whoever looks after the machine. */
function addLooks(program: Command, commands: Commands, done: (code: ExitCode) => void): void {
  withCommon(program.command('settings'))
    .description('List every setting, its value, and where that comes from.')
    .option('--json', 'answer in JSON')
    .action(async (options: CommonOptions & { json?: boolean }) => {
      done(await commands.settings(options, options.json === true))
    })
  withCommon(program.command('doctor'))
    .description('Say what is wrong with this workstation, and what to do. Takes some seconds.')
    .option('--json', 'answer in JSON')
    .option('--bundle <file>', 'write what may be sent to whoever helps, and names nobody')
    .option('--log <file>', 'the agent’s log, for the bundle; - for standard input')
    .option('--page <address>', 'ask the browser whether it opens this page; more than once', pages)
    .action(async (options: DoctorOptions & CommonOptions) => {
      done(await commands.doctor(options, options))
    })
  withCommon(program.command('duties'))
    .description(
      'Do what the system account is needed for, until told to stop. The system starts it.',
    )
    .addOption(new Option('--by-system').hideHelp())
    .action(async (options: CommonOptions & { bySystem?: boolean }) => {
      done(await commands.duties(options, options.bySystem === true))
    })
  withCommon(program.command('install-updates'))
    .description('Install what is laid down and signed, as root, until told to stop.')
    .option('--keep <file>', 'keep the package of what runs here, for the way back, and end')
    .addOption(new Option('--from-copy').hideHelp())
    .addOption(new Option('--by-system').hideHelp())
    .addOption(new Option('--host <run>').hideHelp())
    .action(async (options: CommonOptions & InstallUpdatesOptions) => {
      done(await commands.installUpdates(options, options))
    })
  withCommon(program.command('key-opens', { hidden: true })).action(
    async (options: CommonOptions) => {
      done(await commands.keyOpens(options))
    },
  )
}

/** Commands made with `command()` inherit exitOverride and the output. */
function withCommon(command: Command): Command {
  return command
    .option('--settings <file>', 'settings in YAML; docs/settings.md lists them')
    .option('--set <key=value>', 'one setting, before all others; may be given again', collect, {})
    .addHelpText('after', exitCodesHelp)
}

function collect(pair: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = pair.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('write key=value')
  return { ...before, [pair.slice(0, at)]: pair.slice(at + 1) }
}
