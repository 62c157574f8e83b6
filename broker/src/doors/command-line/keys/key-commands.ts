// keys: the list of them, from the running broker; and what is done about keys on the host itself,
// where the key folder is: there the broker needs no word, and sees a change by itself.

import { existsSync, readFileSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { keyList } from '@wardkey/protocol/admin/keys/key-list'
import { openKeyFolder } from '../../../platform/keys/key-folder.ts'
import { isMasterInFolder, masterFile } from '../../../platform/keys/master-key.ts'
import { changeMasterKey, openRootKey, sealingOf } from '../../../platform/keys/root-key.ts'
import type { CommandTools } from '../command-tools.ts'
import { csvOf, tableOf } from './key-list-text.ts'
import { addAuthorityCommands } from './authority-commands.ts'
import { addRecordKeyCommands } from './record-key-commands.ts'
import { exitCodes, Refused } from '../exit.ts'

export function addKeyCommands(program: Command, tools: CommandTools): void {
  const keys = program
    .command('keys')
    .description(
      'the broker’s keys: list, prepare, rotate, take-back, end, approve, reject, rotate-master, check',
    )
    .addHelpText('after', helpAfter)
  keys
    .command('list', { isDefault: true })
    .description('each key: what it is for, since when, its next change; never a secret')
    .option('--csv', 'as CSV, for a spreadsheet')
    .action(async ({ csv = false }: { readonly csv?: boolean }) => {
      const shown = await tools.client().ask('GET', '/keys', keyList)
      tools.say(shown, csv ? csvOf(shown) : tableOf(shown))
    })
  keys
    .command('check')
    .description('open the root key as settings say, and say where the master key is')
    .action(() => {
      const settings = tools.settings()
      const folder = openKeyFolder(settings.keysDir)
      openRootKey(folder, settings)
      const master = placeOf(settings)
      const sealing = sealingOf(folder)
      const sealed =
        sealing === undefined
          ? 'Keys come from the master key itself (older than the root key): rotate it once.'
          : `The root key opens under it (sealing ${sealing}).`
      tools.say({ master, sealing }, `The master key is ${master}.\n${sealed}\n`)
    })
  addRecordKeyCommands(keys, tools)
  addAuthorityCommands(keys, tools)
  keys
    .command('rotate-master')
    .description('put another master key in the place of this one; the broker may run on')
    .option(
      '--key-file <file>',
      'the new one, 43 characters of base64url (default: made, in keysDir)',
    )
    .action((options: { keyFile?: string }) => {
      rotateMaster(options, tools)
    })
}

const helpAfter = `
The master key opens one file of the key folder, root.key.sealed, and nothing else: to rotate it
is to seal that file anew. No data is written, nobody waits. Killed in the middle, either the old
one or the new one opens everything; run it again.

A copy of the key folder that somebody took before still opens under the old master key.

Examples:
  wardkey-broker keys
  wardkey-broker keys list --csv
  wardkey-broker keys rotate-master
  wardkey-broker keys rotate-master --key-file new-master.txt
  wardkey-broker keys prepare record
  wardkey-broker keys rotate record
  wardkey-broker keys rotate sign-in
  wardkey-broker keys prepare authority
  wardkey-broker keys rotate authority
  wardkey-broker keys take-back authority
  wardkey-broker keys end authority               # at none left; else says who is
  wardkey-broker keys end authority --force       # asks for it all the same
  wardkey-broker keys approve authority --lost 3  # by somebody else
  wardkey-broker keys check`

function rotateMaster({ keyFile }: { keyFile?: string }, tools: CommandTools): void {
  const settings = tools.settings()
  const folder = openKeyFolder(settings.keysDir)
  if (keyFile === undefined && !isMasterInFolder(settings)) {
    throw new Refused(
      exitCodes.usage,
      `The master key is ${placeOf(settings)}: make the new one there, and give it with --key-file.`,
    )
  }
  changeMasterKey(folder, settings, keyFile === undefined ? undefined : readKey(keyFile))
  const sealing = sealingOf(folder)
  const next =
    keyFile === undefined
      ? `${masterFile} holds the new master key: keep a copy of it apart, and destroy copies of the old.`
      : 'From now on the broker starts with this key only: change the settings before its next start.'
  tools.say({ sealing }, `The master key was changed (sealing ${sealing ?? 'unknown'}).\n${next}\n`)
}

function placeOf(settings: ReturnType<CommandTools['settings']>): string {
  if (settings.masterKey !== '') return 'in WARDKEY_MASTER_KEY'
  return isMasterInFolder(settings) ? `in ${masterFile}` : 'behind keys.masterCommand'
}

function readKey(file: string): string {
  if (!existsSync(file)) throw new Refused(exitCodes.usage, `${file}: there is no such file.`)
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new Refused(exitCodes.config, `${file}: others can read it; run chmod 600 on it.`)
  }
  return readFileSync(file, 'utf8')
}
