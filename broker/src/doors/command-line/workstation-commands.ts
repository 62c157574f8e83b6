// workstation and zone: where people can sign in, and by which rules.

import type { Command } from 'commander'
import { z } from 'zod'
import {
  tokenMinted,
  workstationRevoked,
  workstationsPage,
  zonesPage,
} from '@wardkey/protocol/admin/workstations'
import type { WorkstationShown } from '@wardkey/protocol/admin/workstations'
import type { CommandTools } from './command-tools.ts'
import { exitCodes, Refused } from './exit.ts'
import { textTable, textTime } from './text-table.ts'

const hourMs = 3_600_000
/** Of all rules, those that a table has room for. */
const shownRules = z.object({ roles: z.array(z.string()), pin: z.string() })

interface TokenOptions {
  readonly zone: string
  readonly uses: string
  readonly hours: string
}

export function addWorkstationCommands(program: Command, tools: CommandTools): void {
  const workstation = program
    .command('workstation')
    .description('workstations: token, list, revoke')
  workstation
    .command('token')
    .description('make a token to enrol workstations with; it is shown once, on standard output')
    .requiredOption('--zone <zone>', 'the zone they will be in')
    .option('--uses <n>', 'how many workstations may use it', '1')
    .option('--hours <n>', 'how long it is good for', '24')
    .addHelpText(
      'after',
      '\nExample:\n  wardkey-broker workstation token --zone 4-west --uses 12 --hours 8',
    )
    .action(async (options: TokenOptions) => {
      await makeToken(options, tools)
    })
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

async function makeToken({ zone, uses, hours }: TokenOptions, tools: CommandTools): Promise<void> {
  const body = {
    zoneId: zone,
    uses: wholeNumber(uses, '--uses'),
    lifeMs: wholeNumber(hours, '--hours') * hourMs,
  }
  const minted = await tools.client().ask('POST', '/enrolment-tokens', tokenMinted, body)
  tools.say(minted, `${minted.token}\n`)
  if (tools.isJson()) return
  // Standard output holds the token alone, so that it can be piped to where it is needed.
  process.stderr.write(
    `Good until ${textTime(minted.expiresMs)} UTC, for ${uses}. It is not shown again.\n` +
      `The broker’s authority, for the workstation to compare (SHA-256):\n  ${minted.caSha256}\n`,
  )
}

function wholeNumber(text: string, name: string): number {
  if (/^[1-9][0-9]{0,5}$/.test(text)) return Number(text)
  throw new Refused(exitCodes.usage, `${name} has to be a whole number above 0.`)
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
