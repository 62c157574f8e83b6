// keys prepare, keys rotate, keys take-back: other keys for the record, for sign-ins or for
// workstations, ordered on the host where the key folder is. The running broker carries it out.

import { Argument, Option } from 'commander'
import type { Command } from 'commander'
import { keyChangeReason } from '@wardkey/protocol/admin/keys/key-words'
import type { KeyChangeReason } from '@wardkey/protocol/admin/keys/key-words'
import { verifierKey } from '../../../audit/signed-note.ts'
import { orderAuthority } from '../../../platform/keys/authority-keys.ts'
import type { AuthorityOrder } from '../../../platform/keys/authority-keys.ts'
import { openKeyFolder } from '../../../platform/keys/key-folder.ts'
import { orderRecordKey } from '../../../platform/keys/record-keys.ts'
import type { RecordKeyOrder } from '../../../platform/keys/record-keys.ts'
import { orderSignInKeys } from '../../../platform/keys/sign-in-keys.ts'
import { openRootKey } from '../../../platform/keys/root-key.ts'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'

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
  keys
    .command('take-back')
    .description('show and use the next one no more; what it signed is taken to its end')
    .addArgument(new Argument('<key>', 'which key').choices(['authority']))
    .action(() => {
      orderNextAuthority('take-back', tools)
    })
  keys
    .command('end')
    .description('end the present one at zero workstations without a certificate of the next')
    .addArgument(new Argument('<key>', 'which key').choices(['authority']))
    .action(() => {
      orderNextAuthority('end', tools)
    })
}

/** Whoever has the present key vouches as well (decision 0063). */
const vouchIsWorthNothing =
  'Where others may have the authority’s key, workstations must not believe what it says:\n' +
  'enrol them anew with a broker of new keys (docs/keys-and-backup.md).'

const nextAuthorityWords: Readonly<Record<AuthorityOrder['step'], string>> = {
  prepare:
    'The running broker makes it within seconds and shows it to workstations that connect.\n' +
    'It signs nothing yet: wardkey-broker keys shows it, and how many have no certificate of it.\n',
  rotate:
    'Within seconds it renews who believes it, and everybody else is renewed as before.\n' +
    'Each broker must have its files, and no update may be going out: see wardkey-broker keys.\n' +
    'Where none was prepared, nothing happens, and the broker’s log says so.\n',
  end:
    'Within seconds brokers show the next one’s certificate and take the present one’s no more,\n' +
    'if by then every active workstation has a certificate of the next one, and every broker its\n' +
    'files. Where not, nothing happens, and the broker’s log says why.\n',
  'take-back':
    'Within seconds renewals are of the present one again. What the next one signed is taken\n' +
    'until it ends. To go on with it: wardkey-broker keys prepare authority.\n',
}

function orderNextAuthority(step: AuthorityOrder['step'], tools: CommandTools): void {
  orderAuthority(openKeyFolder(tools.settings().keysDir), step)
  tools.say({ key: 'authority', step }, nextAuthorityWords[step])
}

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
