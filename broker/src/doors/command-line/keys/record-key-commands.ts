// keys prepare, keys rotate: other keys for the record, for sign-ins or for
// workstations, ordered on the host where the key folder is. The running broker carries it out.

import { Argument, Option } from 'commander'
import type { Command } from 'commander'
import { keyChangeReason } from '@wardkey/protocol/admin/keys/key-words'
import type { KeyChangeReason } from '@wardkey/protocol/admin/keys/key-words'
import { verifierKey } from '../../../audit/signed-note.ts'
import { openKeyFolder } from '../../../platform/keys/key-folder.ts'
import { orderRecordKey } from '../../../platform/keys/record-keys.ts'
import type { RecordKeyOrder } from '../../../platform/keys/record-keys.ts'
import { orderSignInKeys } from '../../../platform/keys/sign-in-keys.ts'
import { openRootKey } from '../../../platform/keys/root-key.ts'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { orderNextAuthority } from './authority-commands.ts'

export function addRecordKeyCommands(keys: Command, tools: CommandTools): void {
  keys
    .command('prepare')
    .description('make the next key and make it known: to witnesses, or to workstations')
    .addArgument(new Argument('<key>', 'which key').choices(['record', 'authority']))
    .action((key: string) => {
      if (key === 'authority') {
        orderNextAuthority('prepare', tools)
        return
      }
      const vkey = order({ reason: 'scheduled', state: 'prepared' }, tools)
      const text = `${vkey}\nIt signs nothing yet: tell witnesses of it, then keys rotate record.\n`
      tools.say({ vkey }, text)
    })
  keys
    .command('rotate')
    .description('put another key in the place of this one; the broker may run on')
    .addArgument(new Argument('<key>', 'which key').choices(['record', 'sign-in', 'authority']))
    .addOption(
      new Option('--reason <reason>', 'compromised where others may have it')
        .choices(keyChangeReason.options)
        .default('scheduled'),
    )
    .action((key: string, { reason }: { reason: KeyChangeReason }) => {
      if (key === 'sign-in') {
        orderSignIn(reason, tools)
        return
      }
      if (key === 'authority') {
        if (reason === 'compromised') throw new Refused(exitCodes.usage, vouchIsWorthNothing)
        orderNextAuthority('rotate', tools)
        return
      }
      const vkey = order({ reason, state: 'ordered' }, tools)
      const text =
        `${vkey}\nThe running broker signs with it within seconds, a stopped one from its start on.\n` +
        'Both keys sign the change; whoever verifies with the one before follows it by itself.\n'
      tools.say({ vkey, reason }, text)
    })
}

/** Whoever has the present key vouches as well (decision 0063). */
const vouchIsWorthNothing =
  'Where others may have the authority’s key, workstations must not believe what it says.\n' +
  'Prepare, rotate and end it at once by force, and enrol every workstation anew, also those that\n' +
  'still connect: they believe the old one, too (docs/keys-and-backup.md).'

function orderSignIn(reason: KeyChangeReason, tools: CommandTools): void {
  const settings = tools.settings()
  orderSignInKeys(openKeyFolder(settings.keysDir), reason)
  const hours = (settings['oidc.keyShownMs'] / 3_600_000).toFixed(1)
  const when =
    reason === 'compromised'
      ? 'The running broker signs with new keys within seconds, and shows the old ones no more.\n' +
        'EHRs that keep a copy of the keys have to fetch them again: look at their sign-ins.\n'
      : `The running broker shows the next keys within seconds, and signs with them in ${hours} h.\n`
  tools.say({ key: 'sign-in', reason }, when)
}

function order(what: Pick<RecordKeyOrder, 'reason' | 'state'>, tools: CommandTools): string {
  const settings = tools.settings()
  const folder = openKeyFolder(settings.keysDir)
  const key = orderRecordKey(folder, openRootKey(folder, settings), what)
  return verifierKey({ name: settings['record.origin'], key })
}
