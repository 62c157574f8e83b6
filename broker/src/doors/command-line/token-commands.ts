// token: for HR's systems and for scripts.

import type { Command } from 'commander'
import { z } from 'zod'
import { tokenGrantsPage, tokenMade, tokensPage } from '@wardkey/protocol/admin/tokens'
import type { CommandTools } from './command-tools.ts'
import { exitCodes, Refused } from './exit.ts'
import { textTable, textTime } from './text-table.ts'

const dayMs = 86_400_000
const each = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
]

export function addTokenCommands(program: Command, tools: CommandTools): void {
  const token = program
    .command('token')
    .description('tokens: add, list, revoke; and by two people: ask, asked, approve, reject, take')
  addTokenGrantCommands(token, tools)
  token
    .command('add')
    .description('make a token; it is printed once')
    .requiredOption('--name <name>', 'who uses it: the record names it so')
    .requiredOption('--scope <scope>', 'what it may do; more than once for more', each)
    .option('--days <days>', 'how long it is good for', '365')
    .addHelpText(
      'after',
      '\nExample, for a program that makes figures:\n' +
        '  wardkey-broker token add --name reports --scope figures:read\n' +
        '\nWhat has power over others, HR’s systems among it, two people give: token ask. Only the\n' +
        'host’s first token makes such a one alone (HR’s for 30 days), until somebody else can approve.',
    )
    .action(async ({ name, scope, days }: AddOptions) => {
      const body = { name, scopes: scope, lifeMs: lifeMsOf(days) }
      const made = await tools.client().ask('POST', '/tokens', tokenMade, body)
      tools.say(made, `${made.token}\nGood until ${textTime(made.expiresMs)} UTC.\n`)
    })
  token
    .command('list')
    .description('all tokens: what each may do, and until when')
    .action(async () => {
      const { tokens } = await tools.client().ask('GET', '/tokens', tokensPage)
      const rows = tokens.map((one) => [
        one.tokenId.slice(0, 16),
        one.name,
        one.expiresMs === undefined ? 'no end' : textTime(one.expiresMs),
        makerText(one),
        one.scopes.join(' '),
      ])
      const heads = ['ID', 'NAME', 'UNTIL (UTC)', 'MADE BY', 'SCOPES']
      tools.say({ tokens }, textTable(heads, rows))
    })
  token
    .command('revoke <id>')
    .description('take a token back: it is good for nothing from now on')
    .action(async (id: string) => {
      const client = tools.client()
      const { tokens } = await client.ask('GET', '/tokens', tokensPage)
      const meant = tokens.filter(({ tokenId }) => tokenId.startsWith(id))
      const [one, ...others] = meant
      if (!one || others.length > 0 || id.length < 8) {
        throw new Refused(exitCodes.usage, 'No token, or more than one, has an id that begins so.')
      }
      await client.ask('POST', `/tokens/${one.tokenId}/revocation`, z.null(), {})
      tools.say({ revoked: one.tokenId }, 'The token is good for nothing from now on.\n')
    })
}

function addTokenGrantCommands(token: Command, tools: CommandTools): void {
  token
    .command('ask')
    .description('ask for one that has power over others; somebody else approves it')
    .addHelpText(
      'after',
      '\nExample, for HR’s system:\n' +
        '  wardkey-broker token ask --name entra --scope scim:read --scope scim:write \\\n' +
        '    --note "people from HR"\n' +
        '\nThe next token of the same system gets the same name.',
    )
    .requiredOption('--name <name>', 'who uses it: the record names it so')
    .requiredOption('--scope <scope>', 'what it may do; more than once for more', each)
    .requiredOption('--note <text>', 'why, without names')
    .option('--days <days>', 'how long it is good for', '365')
    .action(async ({ name, scope, days, note }: AddOptions & { readonly note: string }) => {
      const body = { name, scopes: scope, lifeMs: lifeMsOf(days), note }
      const { id } = await tools.client().ask('POST', '/token-grants', grantAsked, body)
      const next = `wardkey-broker token approve ${id}\nThen: wardkey-broker token take ${id}\n`
      tools.say({ id }, `Asked for. Somebody else approves it: ${next}`)
    })
  token
    .command('asked')
    .description('what was asked for, the newest first')
    .action(async () => {
      const { grants } = await tools.client().ask('GET', '/token-grants', tokenGrantsPage)
      const rows = grants.map(({ id, name, scopes, note, proposed, decided, madeMs }) => [
        ...[id, madeMs === undefined ? (decided?.outcome ?? 'asked for') : 'taken out'],
        ...[name, scopes.join(' '), proposed.by, decided?.by ?? '', note],
      ])
      const heads = ['ID', 'STATE', 'NAME', 'SCOPES', 'BY', 'DECIDED BY', 'NOTE']
      tools.say({ grants }, rows.length === 0 ? 'Nothing was asked for.\n' : textTable(heads, rows))
    })
  for (const [command, outcome] of [
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ] as const) {
    const one = token.command(`${command} <id>`)
    if (outcome === 'rejected') one.alias('withdraw')
    one
      .description(
        command === 'approve'
          ? 'approve what somebody else asked for'
          : 'reject what somebody asked for, or take back what you asked for',
      )
      .action(async (id: string) => {
        const path = `/token-grants/${encodeURIComponent(id)}/decision`
        await tools.client().ask('POST', path, z.unknown(), { outcome })
        tools.say({ id, outcome }, `${outcome === 'approved' ? 'Approved' : 'Rejected'}.\n`)
      })
  }
  token
    .command('take <id>')
    .description('take out what you asked for and somebody else approved; it is printed once')
    .action(async (id: string) => {
      const path = `/token-grants/${encodeURIComponent(id)}/token`
      const made = await tools.client().ask('POST', path, tokenMade, {})
      tools.say(made, `${made.token}\nGood until ${textTime(made.expiresMs)} UTC.\n`)
    })
}

type Listed = z.output<typeof tokensPage>['tokens'][number]

function makerText({ madeBy = 'the host', maker, isMadeAlone = false }: Listed): string {
  const by = isMadeAlone ? `${madeBy} alone` : madeBy
  if (!maker || maker.standing === 'here') return by
  const why = { away: 'is away', left: 'has left', 'not-signed-in': 'has not signed in lately' }
  return `${by}, who ${why[maker.standing]}${maker.isResting ? ': it rests' : ''}`
}

const grantAsked = z.object({ id: z.string() })

interface AddOptions {
  readonly name: string
  readonly scope: readonly string[]
  readonly days: string
}

function lifeMsOf(days: string): number {
  if (/^[1-9][0-9]{0,2}$/.test(days)) return Number(days) * dayMs
  throw new Refused(exitCodes.usage, '--days is a whole number, 1 to 999.')
}
