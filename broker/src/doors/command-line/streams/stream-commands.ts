// streams: how far each has come, moving one, and trying its receiver.

import type { Command } from 'commander'
import { streamMoved, streamsPage, streamTested } from '@wardkey/protocol/admin/streams/streams'
import type { StreamShown } from '@wardkey/protocol/admin/streams/streams'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { textTable, textTime } from '../text-table.ts'

export function addStreamCommands(program: Command, tools: CommandTools): void {
  const streams = program
    .command('streams')
    .description('streams of facts to other systems: list, show, rewind, test')
  streams
    .command('list')
    .description('how far each has come, and whether it fails')
    .action(async () => {
      const page = await tools.client().ask('GET', '/streams', streamsPage)
      tools.say(page, page.streams.length === 0 ? 'The settings name no stream.\n' : tableOf(page))
    })
  streams
    .command('show <name>')
    .description('all of one stream; of a FHIR one also the key that its server is told')
    .action(async (name: string) => {
      const { streams } = await tools.client().ask('GET', '/streams', streamsPage)
      const stream = streams.find((one) => one.name === name)
      if (!stream) throw new Refused(exitCodes.refused, `There is no stream ${name}.`)
      tools.say(stream, textOf(stream))
    })
  streams
    .command('rewind <name>')
    .description('send again from a fact on; or skip what a receiver never takes')
    .requiredOption('--to <fact>', 'the number of the fact that is sent next')
    .action(async (name: string, { to }: { to: string }) => {
      const path = `/streams/${encodeURIComponent(name)}/place`
      const moved = await tools.client().ask('POST', path, streamMoved, { to: numberOf(to) })
      tools.say(moved, `${name}: from ${String(moved.from)} to ${String(moved.to)}\n`)
    })
  streams
    .command('test <name>')
    .description('see whether the receiver is there, without a fact of anybody')
    .action(async (name: string) => {
      const path = `/streams/${encodeURIComponent(name)}/test`
      const tested = await tools.client().ask('POST', path, streamTested)
      const { isReached, reason = '', tookMs } = tested
      if (!isReached) throw new Refused(exitCodes.refused, `${name}: not reached (${reason}).`)
      tools.say(tested, `${name}: reached in ${String(tookMs)} ms\n`)
    })
}

function numberOf(text: string): number {
  if (/^(0|[1-9][0-9]{0,14})$/.test(text)) return Number(text)
  throw new Refused(exitCodes.usage, '--to is the number of a fact: 0, 1, 2 …')
}

function tableOf({ streams }: { readonly streams: readonly StreamShown[] }): string {
  const rows = streams.map((one) => [
    one.name,
    one.kind,
    one.identifiers,
    one.state,
    one.handedIndex === undefined ? '' : String(one.handedIndex),
    String(one.behind),
    one.sentMs === undefined ? '' : textTime(one.sentMs),
    one.reason ?? '',
  ])
  const heads = ['NAME', 'KIND', 'PEOPLE AS', 'STATE', 'NEXT', 'BEHIND', 'ARRIVED (UTC)', 'WHY NOT']
  return textTable(heads, rows)
}

function textOf(stream: StreamShown): string {
  const lines = Object.entries(stream).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`,
  )
  return lines.join('')
}
