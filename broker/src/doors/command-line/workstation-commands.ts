// workstation and zone: where people can sign in, and by which rules.

import type { Command } from 'commander'
import { z } from 'zod'
import {
  workstationRevoked,
  workstationsPage,
  zonesPage,
} from '@wardkey/protocol/admin/workstations'
import type { CommandTools } from './command-tools.ts'
import { csvOf, picker, tableOf } from './fleet/workstation-list.ts'
import type { ListOptions } from './fleet/workstation-list.ts'
import { addEnrolmentCommands } from './fleet/enrolment-commands.ts'
import { textTable } from './text-table.ts'

const noZone =
  'Settings declare no zone.\n' +
  'Declare one under zones, and start the broker again: docs/first-tap.md has an example.\n'

/** Of all rules, those that a table has room for. */
const shownRules = z.object({ roles: z.array(z.string()), pin: z.string() })

export function addWorkstationCommands(program: Command, tools: CommandTools): void {
  const workstation = program
    .command('workstation')
    .description('workstations: token, tokens, asks, approve, refuse, list, reissue, revoke')
  addEnrolmentCommands(workstation, tools)
  workstation
    .command('list')
    .description('workstations: what each is made of, when it was last seen, what is wrong with it')
    .option('--zone <zone>', 'of this zone only')
    .option('--stale [days]', 'not seen for so many days, 7 unless said')
    .option('--unhealthy', 'with something wrong')
    .option('--version <version>', 'whose agent is of this version')
    .option('--csv', 'as CSV, for a spreadsheet')
    .action(async (options: ListOptions) => {
      const page = await tools.client().ask('GET', '/workstations', workstationsPage)
      const workstations = page.workstations.filter(picker(options, Date.now()))
      const none =
        page.workstations.length === 0 ? 'None is enrolled yet.\n' : 'None is like that.\n'
      const text = options.csv === true ? csvOf(workstations) : tableOf(workstations)
      tools.say({ workstations }, workstations.length === 0 ? none : text)
    })
  workstation
    .command('revoke <workstation>')
    .description('end a workstation’s identity: what is open there ends, at once')
    .action(async (id: string) => {
      const path = `/workstations/${encodeURIComponent(id)}/revocation`
      const { sessions } = await tools.client().ask('POST', path, workstationRevoked)
      tools.say({ sessions }, `Revoked. Sessions ended: ${String(sessions)}.\n`)
    })
  program
    .command('zone')
    .description('zones')
    .command('list')
    .description('the zones with their rules; they are declared in settings')
    .action(async () => {
      const { zones } = await tools.client().ask('GET', '/zones', zonesPage)
      const rows = zones.map(({ zoneId, kind, label, rules }) => {
        const { roles, pin } = shownRules.parse(rules)
        return [zoneId, kind, label, roles.join(' '), pin]
      })
      const text = textTable(['ZONE', 'KIND', 'LABEL', 'ROLES', 'PIN'], rows)
      tools.say({ zones }, zones.length === 0 ? noZone : text)
    })
}
