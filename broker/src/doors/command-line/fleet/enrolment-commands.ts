// workstation token, tokens, revoke-token, reissue, asks, approve, refuse: how many workstations
// get their identity.

import type { Command } from 'commander'
import { z } from 'zod'
import { askDecided, enrolAsksPage, enrolTokensPage } from '@wardkey/protocol/admin/fleet/enrolling'
import type { EnrolAskShown, EnrolTokenShown } from '@wardkey/protocol/admin/fleet/enrolling'
import { tokenMinted } from '@wardkey/protocol/admin/workstations'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { textTable, textTime } from '../text-table.ts'
import { wholeNumber } from '../whole-number.ts'

const hourMs = 3_600_000
const hoursMax = 720
const usesMax = 1000
/** As much of an id as tells it from others. */
const shownId = 12

const each = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
]

interface TokenOptions {
  readonly zone: string
  readonly uses: string
  readonly hours: string
  readonly from?: readonly string[]
}

export function addEnrolmentCommands(workstation: Command, tools: CommandTools): void {
  workstation
    .command('token')
    .description('make a token to enrol workstations with; it is shown once, on standard output')
    .requiredOption('--zone <zone>', 'the zone they will be in')
    .option('--uses <n>', 'how many workstations may use it', '1')
    .option('--hours <n>', 'how long it is good for', '24')
    .option('--from <range>', 'addresses it is good from: 10.20.0.0/16; may be given again', each)
    .addHelpText(
      'after',
      '\nExample:\n' +
        '  wardkey-broker workstation token --zone 4-west --uses 12 --hours 8 --from 10.20.0.0/16',
    )
    .action(async ({ zone, uses, hours, from }: TokenOptions) => {
      const number = wholeNumber(uses, '--uses', usesMax)
      const body = {
        ...{ zoneId: zone, uses: number, lifeMs: hoursOf(hours) },
        ...(from ? { addresses: from } : {}),
      }
      await tellToken('/enrolment-tokens', body, `for ${String(number)}`, tools)
    })
  workstation
    .command('reissue <workstation>')
    .description('make a token that gives this workstation its identity anew, and nothing else')
    .option('--hours <n>', 'how long it is good for', '24')
    .action(async (id: string, { hours }: { readonly hours: string }) => {
      const path = `/workstations/${encodeURIComponent(id)}/reissue`
      await tellToken(path, { lifeMs: hoursOf(hours) }, 'for this workstation', tools)
    })
  addTokenLooks(workstation, tools)
  addAskCommands(workstation, tools)
}

const hoursOf = (text: string): number => wholeNumber(text, '--hours', hoursMax) * hourMs

async function tellToken(
  path: string,
  body: object,
  what: string,
  tools: CommandTools,
): Promise<void> {
  const minted = await tools.client().ask('POST', path, tokenMinted, body)
  tools.say(minted, `${minted.token}\n`)
  if (tools.isJson()) return
  // Standard output holds the token alone, so that it can be piped to where it is needed.
  process.stderr.write(
    `Good until ${textTime(minted.expiresMs)} UTC, ${what}. It is not shown again.\n` +
      `The broker’s authority, for the workstation to compare (SHA-256):\n  ${minted.caSha256}\n`,
  )
}

function addTokenLooks(workstation: Command, tools: CommandTools): void {
  workstation
    .command('tokens')
    .description('enrolment tokens: what is left of each, from where, and until when')
    .action(async () => {
      const { tokens } = await tools.client().ask('GET', '/enrolment-tokens', enrolTokensPage)
      const text = tokens.length === 0 ? 'There is none.\n' : tokenTable(tokens)
      tools.say({ tokens }, text)
    })
  workstation
    .command('revoke-token <id>')
    .description('take an enrolment token back: it enrols nothing from now on')
    .action(async (id: string) => {
      const client = tools.client()
      const { tokens } = await client.ask('GET', '/enrolment-tokens', enrolTokensPage)
      const one = theOne(
        tokens.filter(({ tokenId }) => beginsSo(tokenId, id)),
        'token',
      )
      await client.ask('POST', `/enrolment-tokens/${one.tokenId}/revocation`, z.null(), {})
      tools.say({ revoked: one.tokenId }, 'The token enrols nothing from now on.\n')
    })
}

function addAskCommands(workstation: Command, tools: CommandTools): void {
  workstation
    .command('asks')
    .description('computers that ask to be a workstation, with the words that their screens show')
    .action(async () => {
      const { asks } = await tools.client().ask('GET', '/enrolment-asks', enrolAsksPage)
      tools.say({ asks }, asks.length === 0 ? 'No computer asks.\n' : askTable(asks))
    })
  workstation
    .command('approve <words>')
    .description('let a computer in that asks: its words in quotes, or its id')
    .requiredOption('--zone <zone>', 'the zone it will be in')
    .addHelpText(
      'after',
      '\nExample:\n  wardkey-broker workstation approve "maple otter cabin tulip comet" --zone 4-west',
    )
    .action(async (words: string, { zone }: { readonly zone: string }) => {
      const said = await decide(words, { outcome: 'approved', zoneId: zone }, tools)
      tools.say(said, 'Approved. It has its identity within a few seconds.\n')
    })
  workstation
    .command('refuse <words>')
    .description('turn a computer away that asks')
    .action(async (words: string) => {
      tools.say(await decide(words, { outcome: 'refused' }, tools), 'Refused.\n')
    })
}

async function decide(words: string, decision: object, tools: CommandTools) {
  const client = tools.client()
  const { asks } = await client.ask('GET', '/enrolment-asks', enrolAsksPage)
  const said = words
    .trim()
    .toLowerCase()
    .split(/[\s-]+/)
    .join(' ')
  const meant = asks.filter(
    (ask) =>
      ask.state === 'waiting' && (ask.words.join(' ') === said || beginsSo(ask.askId, words)),
  )
  const { askId } = theOne(meant, 'computer that waits')
  const path = `/enrolment-asks/${askId}/decision`
  return { askId, ...(await client.ask('POST', path, askDecided, decision)) }
}

const beginsSo = (whole: string, begins: string): boolean =>
  begins.length >= 8 && whole.startsWith(begins)

function theOne<T>(meant: readonly T[], what: string): T {
  const [one, ...others] = meant
  if (one !== undefined && others.length === 0) return one
  throw new Refused(exitCodes.usage, `No ${what}, or more than one, is called that.`)
}

function tokenTable(tokens: readonly EnrolTokenShown[]): string {
  const rows = tokens.map((one) => [
    one.tokenId.slice(0, shownId),
    one.state,
    one.reissueOf === undefined ? one.zoneId : `${one.zoneId} (one workstation)`,
    one.uses === undefined
      ? String(one.usesLeft)
      : `${String(one.usesLeft)} of ${String(one.uses)}`,
    textTime(one.expiresMs),
    one.addresses?.join(' ') ?? 'anywhere',
    one.madeBy ?? '',
  ])
  return textTable(['ID', 'STATE', 'ZONE', 'LEFT', 'UNTIL (UTC)', 'FROM', 'MADE BY'], rows)
}

function askTable(asks: readonly EnrolAskShown[]): string {
  const rows = asks.map((one) => [
    one.askId.slice(0, shownId),
    one.state,
    one.words.join(' '),
    one.place,
    one.takesPlaceOf === undefined ? (one.assetTag ?? '') : `${one.assetTag ?? ''} (takes over)`,
    one.address,
    textTime(one.endsMs),
  ])
  return textTable(['ID', 'STATE', 'WORDS', 'PLACE', 'ASSET', 'ADDRESS', 'UNTIL (UTC)'], rows)
}
