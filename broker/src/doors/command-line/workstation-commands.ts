// workstation and zone: where people can sign in, and by which rules.

import type { Command } from 'commander'
import { z } from 'zod'
import {
  workstationRevoked,
  workstationsPage,
  zonesPage,
} from '@wardkey/protocol/admin/workstations'
import type { WorkstationShown } from '@wardkey/protocol/admin/workstations'
import type { CommandTools } from './command-tools.ts'
import { addEnrolmentCommands } from './fleet/enrolment-commands.ts'
import { textTable, textTime } from './text-table.ts'

/** Of all rules, those that a table has room for. */
const shownRules = z.object({ roles: z.array(z.string()), pin: z.string() })

export function addWorkstationCommands(program: Command, tools: CommandTools): void {
  const workstation = program
    .command('workstation')
    .description('workstations: token, tokens, asks, approve, refuse, list, reissue, revoke')
  addEnrolmentCommands(workstation, tools)
  workstation
    .command('list')
    .description('all workstations, and which of them are connected')
    .action(async () => {
      const { workstations } = await tools.client().ask('GET', '/workstations', workstationsPage)
      const text = workstations.length === 0 ? 'None is enrolled yet.\n' : tableOf(workstations)
      tools.say({ workstations }, text)
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
      tools.say({ zones }, zones.length === 0 ? 'Settings declare no zone.\n' : text)
    })
}

function tableOf(workstations: readonly WorkstationShown[]): string {
  const rows = workstations.map((one) => [
    one.workstationId,
    one.place,
    one.zoneId,
    one.status === 'revoked' ? 'revoked' : one.connection ? 'connected' : 'away',
    one.connection?.reader ?? '',
    textTime(one.certificateEndsMs),
  ])
  return textTable(['ID', 'PLACE', 'ZONE', 'STATE', 'READER', 'CERTIFICATE UNTIL (UTC)'], rows)
}
