// people expiring: whose training or time ends soon.

import type { Command } from 'commander'
import { expiringShown } from '@wardkey/protocol/admin/modes'
import type { CommandTools } from '../command-tools.ts'
import { textTable, textTime } from '../text-table.ts'
import { wholeNumber } from '../whole-number.ts'

/** Beside the other reports about people, which are there already. */
export function addExpiringCommand(program: Command, tools: CommandTools): void {
  const people = program.commands.find((command) => command.name() === 'people')
  if (!people) throw new Error('there are no commands about people')
  people
    .command('expiring')
    .description('trainings, licences and contracts that end soon, or have ended')
    .option('--days <n>', 'how far ahead, and how far back', '30')
    .action(async ({ days }: { readonly days: string }) => {
      const ahead = String(wholeNumber(days, '--days', 400))
      const shown = await tools.client().ask('GET', `/expiring?days=${ahead}`, expiringShown)
      const rows = shown.expiring.map(({ personId, kind, atMs, due }) => [
        ...[due, textTime(atMs), kind, personId],
      ])
      const more = shown.isCut ? 'There are more than can be shown: ask for fewer days.\n' : ''
      const table = textTable(['DUE', 'ENDS (UTC)', 'WHAT', 'PERSON'], rows)
      tools.say(shown, rows.length === 0 ? 'Nothing ends soon.\n' : `${table}${more}`)
    })
}
