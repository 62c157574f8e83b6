// forget and hold: what a law wants destroyed, by two people, with a certificate; and what keeps
// it.

import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { z } from 'zod'
import {
  certificateShown,
  forgetAsked,
  forgettingsShown,
} from '@wardkey/protocol/admin/forget/forget'
import { holdPlaced, holdsShown } from '@wardkey/protocol/admin/forget/holds'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { textTable, textTime } from '../text-table.ts'

export function addForgetCommands(program: Command, tools: CommandTools): void {
  const forget = program
    .command('forget')
    .description('destroy a person’s identifiers: ask, approve, reject, list, certificate')
    .addHelpText('after', helpAfter)
  addForgetting(forget, tools)
  addCertificate(forget, tools)
  addHolds(program.command('hold').description('legal holds: place, list, ask-lift, lift'), tools)
}

const helpAfter = `
Her key is destroyed, and with it whatever was sealed under it, in the database and in the record.
Not a byte of the record changes: every proof and every export verifies as before. It cannot be
undone. It is refused while she works here, while a legal hold covers her, and until
retention.identifierDays after she left.

Examples:
  wardkey-broker forget ask <person> --law "GDPR Art. 17" --reason "case 4711"
  wardkey-broker forget approve <id>                       # by somebody else
  wardkey-broker forget certificate <id> --out certificate.txt
  wardkey-record verify-certificate certificate.txt --vkey record.vkey`

function addForgetting(forget: Command, tools: CommandTools): void {
  forget
    .command('ask <person>')
    .description('ask for it; somebody else approves it')
    .requiredOption('--law <text>', 'which law or contract says so')
    .requiredOption('--reason <text>', 'why, without names')
    .action(async (personId: string, about: { readonly law: string; readonly reason: string }) => {
      const { law, reason } = about
      const body = { personId, law, reason }
      const { id } = await tools.client().ask('POST', '/forgettings', forgetAsked, body)
      const next = `Somebody else approves it: wardkey-broker forget approve ${id}\n`
      tools.say({ id }, `Asked for.\n${next}`)
    })
  for (const [command, outcome, words] of [
    ['approve', 'approved', 'Destroyed. The certificate: wardkey-broker forget certificate'],
    ['reject', 'rejected', 'Rejected: nothing was destroyed.'],
  ] as const) {
    forget
      .command(`${command} <id>`)
      .description(`${command} what somebody asked for; decided once`)
      .action(async (id: string) => {
        const path = `/forgettings/${encodeURIComponent(id)}/decision`
        await tools.client().ask('POST', path, z.unknown(), { outcome })
        tools.say({ id, outcome }, `${words}${outcome === 'approved' ? ` ${id}` : ''}\n`)
      })
  }
  forget
    .command('list')
    .description('all that were asked for, the newest first')
    .action(async () => {
      const shown = await tools.client().ask('GET', '/forgettings', forgettingsShown)
      const rows = shown.forgettings.map((one) => [
        ...[one.id, one.state, one.personId, textTime(one.asked.atMs), one.asked.by],
        ...[one.decided?.by ?? '', one.law, one.reason],
      ])
      const heads = ['ID', 'STATE', 'PERSON', 'ASKED (UTC)', 'BY', 'DECIDED BY', 'LAW', 'REASON']
      tools.say(shown, rows.length === 0 ? 'There are none.\n' : textTable(heads, rows))
    })
}

function addCertificate(forget: Command, tools: CommandTools): void {
  forget
    .command('certificate <id>')
    .description('the certificate of destruction, provable by anybody with the verifier key')
    .option('--out <file>', 'where to (default: standard output); an existing file is not replaced')
    .action(async (id: string, { out }: { readonly out?: string }) => {
      const path = `/forgettings/${encodeURIComponent(id)}/certificate`
      const shown = await tools.client().ask('GET', path, certificateShown)
      if (out === undefined) {
        tools.say(shown, shown.certificate)
        return
      }
      writeFileSync(out, shown.certificate, { flag: 'wx', mode: 0o600 })
      tools.say({ file: out }, `${out}\n`)
    })
}

interface PlaceOptions {
  readonly person?: string
  readonly workstation?: string
  readonly from?: string
  readonly until?: string
  readonly reason: string
}

/** With its zone, so that it is the same moment on each machine. */
function timeOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(text)
  const ms = isTime ? Date.parse(text) : Number.NaN
  if (Number.isSafeInteger(ms)) return ms
  throw new Refused(exitCodes.usage, `${option} is a time with its zone: 2026-05-04T00:00Z.`)
}

function addHolds(hold: Command, tools: CommandTools): void {
  hold
    .command('place')
    .description('place one: it holds at once')
    .option('--person <person>', 'whom it is about (default: everybody)')
    .option('--workstation <workstation>', 'where (default: everywhere)')
    .option('--from <time>', 'since when, as 2026-05-04T00:00Z (default: ever)')
    .option('--until <time>', 'until when (default: without an end)')
    .requiredOption('--reason <text>', 'why, without names')
    .action(async (given: PlaceOptions) => {
      const { person, workstation, reason } = given
      const fromMs = timeOf(given.from, '--from')
      const untilMs = timeOf(given.until, '--until')
      const body = {
        ...(person === undefined ? {} : { personId: person }),
        ...(workstation === undefined ? {} : { workstationId: workstation }),
        ...(fromMs === undefined ? {} : { fromMs }),
        ...(untilMs === undefined ? {} : { untilMs }),
        reason,
      }
      const { id } = await tools.client().ask('POST', '/holds', holdPlaced, body)
      tools.say({ id }, `${id}\nNothing about ${person ?? 'anybody'} is destroyed from now on.\n`)
    })
  hold
    .command('list')
    .description('all of them, the newest first')
    .action(async () => {
      const shown = await tools.client().ask('GET', '/holds', holdsShown)
      const rows = shown.holds.map((one) => [
        ...[one.id, one.state, one.personId ?? 'everybody', one.workstationId ?? 'everywhere'],
        ...[one.fromMs === undefined ? '' : textTime(one.fromMs)],
        ...[one.untilMs === undefined ? '' : textTime(one.untilMs), textTime(one.placed.atMs)],
        ...[one.placed.by, one.liftAsked?.by ?? '', one.lifted?.by ?? '', one.reason],
      ])
      const heads = [
        'ID',
        'STATE',
        'PERSON',
        'WHERE',
        'FROM (UTC)',
        'UNTIL (UTC)',
        'PLACED (UTC)',
        'BY',
        'LIFT ASKED',
        'LIFTED',
        'REASON',
      ]
      tools.say(shown, rows.length === 0 ? 'There are none.\n' : textTable(heads, rows))
    })
  for (const [way, description, words] of [
    ['ask-lift', 'ask that one is lifted', 'Asked for: somebody else lifts it.'],
    ['lift', 'lift one, as somebody else asked for', 'Lifted.'],
  ] as const) {
    hold
      .command(`${way} <id>`)
      .description(description)
      .action(async (id: string) => {
        const path = `/holds/${encodeURIComponent(id)}/${way}`
        await tools.client().ask('POST', path, z.unknown(), {})
        tools.say({ id }, `${words}\n`)
      })
  }
}
