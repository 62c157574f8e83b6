// keys prepare, rotate, take-back and end authority: ordered on the host where the key folder is.
// An end that loses workstations is asked of the running broker, by two people.

import { Argument } from 'commander'
import type { Command } from 'commander'
import { z } from 'zod'
import { authorityShown } from '@wardkey/protocol/admin/keys/authority-end'
import type { AuthorityShown } from '@wardkey/protocol/admin/keys/authority-end'
import { orderAuthority } from '../../../platform/keys/authority-keys.ts'
import type { AuthorityOrder } from '../../../platform/keys/authority-keys.ts'
import { openKeyFolder } from '../../../platform/keys/key-folder.ts'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { wholeNumber } from '../whole-number.ts'
import { hinderedBy, lostTable } from './authority-text.ts'

const whichKey = (): Argument => new Argument('<key>', 'which key').choices(['authority'])

export function addAuthorityCommands(keys: Command, tools: CommandTools): void {
  keys
    .command('take-back')
    .description('show and use the next one no more; what it signed is taken to its end')
    .addArgument(whichKey())
    .action(() => {
      orderNextAuthority('take-back', tools)
    })
  keys
    .command('end')
    .description('end the present one; shows which workstations that would lose, and loses none')
    .addArgument(whichKey())
    .option('--force', 'ask to end it though those are lost: somebody else approves it')
    .action((_key: string, { force = false }: { readonly force?: boolean }) => end(force, tools))
  keys
    .command('approve')
    .description('end the present one as somebody else asked, losing so many workstations')
    .addArgument(whichKey())
    .option('--lost <count>', 'how many were shown; without it they are shown, and nothing is done')
    .action((_key: string, { lost }: { readonly lost?: string }) => approve(lost, tools))
  keys
    .command('reject')
    .description('the present one goes on, though somebody asked to end it')
    .addArgument(whichKey())
    .action(async () => {
      await decide('rejected', 0, tools)
      tools.say({ outcome: 'rejected' }, 'Rejected: the present authority goes on.\n')
    })
}

export function orderNextAuthority(step: AuthorityOrder['step'], tools: CommandTools): void {
  orderAuthority(openKeyFolder(tools.settings().keysDir), step)
  tools.say({ key: 'authority', step }, words[step])
}

const words: Readonly<Record<AuthorityOrder['step'], string>> = {
  prepare:
    'The running broker makes it within seconds and shows it to workstations that connect.\n' +
    'It signs nothing yet: wardkey-broker keys shows it, and how many have no certificate of it.\n',
  rotate:
    'Within seconds it renews who believes it, and everybody else is renewed as before.\n' +
    'Each broker must have its files, and no update may be going out: see wardkey-broker keys.\n' +
    'Where none was prepared, nothing happens, and the broker’s log says so.\n',
  end:
    'Within seconds brokers show the next one’s certificate and take the present one’s no more.\n' +
    'Where a workstation enrolled meanwhile nothing happens, and the broker’s log says so.\n' +
    'Enrol with the new fingerprint from then on, and back the key folder up anew.\n',
  'take-back':
    'Within seconds renewals are of the present one again. What the next one signed is taken\n' +
    'until it ends. To go on with it: wardkey-broker keys prepare authority.\n',
}

const approvedWords =
  'Within seconds brokers show the next one’s certificate and take the present one’s no more.\n' +
  'Enrol with the new fingerprint from then on, and back the key folder up anew.\n'

const look = (tools: CommandTools): Promise<AuthorityShown> =>
  tools.client().ask('GET', '/keys/authority', authorityShown)

/** At none left it is the host's to order, as all before it; the broker counts once more. */
async function end(isForced: boolean, tools: CommandTools): Promise<void> {
  const shown = await look(tools)
  const hindrance = hinderedBy(shown)
  if (hindrance !== undefined) throw new Refused(exitCodes.refused, hindrance)
  const { without } = shown
  if (without === 0) {
    orderNextAuthority('end', tools)
    return
  }
  if (!isForced) throw new Refused(exitCodes.refused, lostTable(shown))
  await tools.client().ask('POST', '/keys/authority/end', z.unknown(), { without })
  const next =
    'Somebody else looks at the list and approves it: wardkey-broker keys approve authority'
  const taken = 'Not to: wardkey-broker keys reject authority.'
  tools.say({ asked: true, without }, `${lostTable(shown)}\n\nAsked for. ${next}\n${taken}\n`)
}

async function approve(lost: string | undefined, tools: CommandTools): Promise<void> {
  const shown = await look(tools)
  if (lost === undefined) {
    const say = `To end it: wardkey-broker keys approve authority --lost ${String(shown.without)}`
    throw new Refused(exitCodes.usage, `${lostTable(shown)}\n\n${say}`)
  }
  await decide('approved', wholeNumber(lost, '--lost', 1_000_000), tools)
  tools.say({ outcome: 'approved', without: shown.without }, approvedWords)
}

async function decide(
  outcome: 'approved' | 'rejected',
  without: number,
  tools: CommandTools,
): Promise<void> {
  const body = { outcome, without }
  await tools.client().ask('POST', '/keys/authority/end/decision', z.unknown(), body)
}
