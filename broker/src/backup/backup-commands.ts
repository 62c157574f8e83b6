// backup and restore, as they are typed on the host. Everything that is heavy is loaded only when a
// command needs it.

import type { Command } from 'commander'
import type { BackupTools, OpenOptions } from './backup-tools.ts'

const each = (one: string, before: readonly string[] = []): readonly string[] => [...before, one]

export function addBackupCommands(program: Command, tools: BackupTools): void {
  const backup = program
    .command('backup')
    .description('encrypted backups: write, verify, keys, identity')
    .addHelpText('after', helpAfter)
  backup
    .command('write <out>', { isDefault: true })
    .description('back up the whole database into a file, or a folder, beside a running broker')
    .option(
      '--recipient <age1…>',
      'who may open it, more than once for more (default: settings)',
      each,
    )
    .action(async (out: string, options: { recipient?: readonly string[] }) => {
      const { backUp } = await import('./back-up.ts')
      await backUp(out, options.recipient ?? [], tools)
    })
  backup
    .command('verify <file>')
    .description('read a backup to its end and verify the record in it; writes nothing')
    .requiredOption('--identity <file>', 'what opens it: AGE-SECRET-KEY-1…')
    .option('--vkey <key or file>', 'the record’s verifier key (default: from the key folder)')
    .action(async (file: string, options: OpenOptions) => {
      const { verifyOne } = await import('./back-up.ts')
      await verifyOne(file, options, tools)
    })
  backup
    .command('identity')
    .description('make what opens backups; the recipient it prints goes into the settings')
    .requiredOption('--out <file>', 'where to; keep it away from this host')
    .action(async ({ out }: { out: string }) => {
      const { makeIdentityFile } = await import('./back-up-keys.ts')
      makeIdentityFile(out, tools)
    })
  backup
    .command('keys <file>')
    .description('back up the key folder, in a file of its own')
    .option('--recipient <age1…>', 'who may open it (default: settings)', each)
    .action(async (out: string, options: { recipient?: readonly string[] }) => {
      const { backUpKeys } = await import('./back-up-keys.ts')
      await backUpKeys(out, options.recipient ?? [], tools)
    })
  addRestore(program, tools)
}

function addRestore(program: Command, tools: BackupTools): void {
  program
    .command('restore <file>')
    .description('restore a backup into an empty database, and ask the witnesses about it')
    .requiredOption('--identity <file>', 'what opens it: AGE-SECRET-KEY-1…')
    .option('--vkey <key or file>', 'the record’s verifier key (default: from the key folder)')
    .addHelpText('after', restoreHelp)
    .action(async (file: string, options: OpenOptions) => {
      const { restore } = await import('./restore.ts')
      await restore(file, options, tools)
    })
  program
    .command('restore-keys <file>')
    .description('restore the key folder where there is none')
    .requiredOption('--identity <file>', 'what opens it: AGE-SECRET-KEY-1…')
    .action(async (file: string, { identity }: OpenOptions) => {
      const { restoreKeyFolder } = await import('./back-up-keys.ts')
      await restoreKeyFolder(file, identity, tools)
    })
}

const helpAfter = `
A backup is one file: the whole database as it was at one moment, sealed for its recipients (age,
X25519). The keys are not in it; back them up with "backup keys", for other people. Neither the
broker nor anybody at a workstation waits for it. It bears its name once it was read again from
the disk and the record in it was verified.

Examples:
  wardkey-broker backup identity --out recovery.txt        # on another machine
  wardkey-broker backup /mnt/backups                       # into a folder, under its date
  wardkey-broker backup verify wardkey.age --identity recovery.txt
  wardkey-broker backup keys keys.age --recipient age1…`

const restoreHelp = `
The broker must not run, the key folder has to be there, and the database must be empty. Killed in
the middle, nothing is restored: run it again.

Exit codes:
  0   restored, and no witness has seen more
  1   refused; or restored, but a witness has seen more than is in it: the words say what to do`
