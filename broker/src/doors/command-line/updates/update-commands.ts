// updates: releases for workstations are added with their files, rolled out in rings, looked at and
// stopped.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { releaseAdded } from '@wardkey/protocol/admin/updates/releases'
import {
  ringMembersShown,
  rolloutBegun,
  updatesShown,
} from '@wardkey/protocol/admin/updates/rollouts'
import type { UpdatesShown } from '@wardkey/protocol/admin/updates/rollouts'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { textTable, textTime } from '../text-table.ts'
import { wholeNumber } from '../whole-number.ts'
import { copyRelease } from './copy-release.ts'
import { ringTable } from './ring-table.ts'

const manifestFile = 'update-manifest.txt'
const numberMax = 1_000_000_000

export function addUpdateCommands(program: Command, tools: CommandTools): void {
  const updates = program
    .command('updates')
    .description('releases for workstations: add, show, rings, start, approve, pause, resume, stop')
  addReleaseCommands(updates, tools)
  addRolloutCommands(updates, tools)
}

function addReleaseCommands(updates: Command, tools: CommandTools): void {
  updates
    .command('add <folder>')
    .description(`take a release from a folder: ${manifestFile} and the files that it names`)
    .action(async (folder: string) => {
      const to = tools.settings()['updates.folder']
      if (to === '') throw new Refused(exitCodes.config, 'Set updates.folder first.')
      const file = join(folder, manifestFile)
      if (!existsSync(file)) throw new Refused(exitCodes.usage, `${file} is not there.`)
      const manifest = readFileSync(file, 'utf8').trim()
      await copyRelease(manifest, folder, to)
      const body = { manifest }
      const added = await tools.client().ask('POST', '/releases', releaseAdded, body)
      const text = `Added ${added.release}, number ${String(added.number)}. Nothing goes out yet.\n`
      tools.say(added, text)
    })
  updates
    .command('show')
    .description('releases, and how far each ring of their roll-outs is')
    .action(async () => {
      const shown = await tools.client().ask('GET', '/updates', updatesShown)
      tools.say(shown, textOf(shown))
    })
  updates
    .command('rings [rollout]')
    .description('which workstation is in which ring, how its update went, and why it waits')
    .action(async (given: string | undefined) => {
      const id = given ?? (await newest(tools))
      const path = `/rollouts/${encodeURIComponent(id)}/workstations`
      const { workstations } = await tools.client().ask('GET', path, ringMembersShown)
      const rows = workstations.map((one) => [
        ...[String(one.ring), one.workstationId, one.place, one.zoneId, one.state],
        ...[one.why ?? '', one.atMs === undefined ? '' : textTime(one.atMs)],
      ])
      const heads = ['RING', 'ID', 'PLACE', 'ZONE', 'STATE', 'WHY', 'SINCE (UTC)']
      tools.say({ workstations }, rows.length === 0 ? 'None.\n' : textTable(heads, rows))
    })
}

function addRolloutCommands(updates: Command, tools: CommandTools): void {
  updates
    .command('start <number>')
    .description('roll a release out to the first ring; further once somebody else approved it')
    .action(async (text: string) => {
      const number = wholeNumber(text, 'the number', numberMax)
      const body = { number }
      const begun = await tools.client().ask('POST', '/rollouts', rolloutBegun, body)
      const next = begun.isApproved
        ? 'It goes through all rings by itself.\n'
        : `A colleague lets it go further: wardkey-broker updates approve ${begun.rolloutId}\n`
      tools.say(begun, `Begun: ${begun.rolloutId}\n${next}`)
    })
  updates
    .command('approve <rollout>')
    .description('let a roll-out that somebody else began go beyond its first ring')
    .action(async (id: string) => {
      const path = `/rollouts/${encodeURIComponent(id)}/approval`
      await tools.client().ask('POST', path, z.null(), {})
      tools.say({ approved: id }, 'Approved.\n')
    })
  const words = {
    pause: ['nobody begins any more, until it is resumed', 'Paused.\n'],
    resume: ['go on: what failed so far is not counted any more', 'It goes on.\n'],
    stop: ['end a roll-out; what has the release keeps it', 'Stopped.\n'],
  } as const
  for (const what of ['pause', 'resume', 'stop'] as const) {
    const [description, text] = words[what]
    updates
      .command(`${what} [rollout]`)
      .description(description)
      .action(async (given: string | undefined) => {
        const id = given ?? (await newest(tools))
        const path = `/rollouts/${encodeURIComponent(id)}/steering`
        await tools.client().ask('POST', path, z.null(), { what })
        tools.say({ rolloutId: id, what }, text)
      })
  }
}

async function newest(tools: CommandTools): Promise<string> {
  const { rollouts } = await tools.client().ask('GET', '/updates', updatesShown)
  const [first] = rollouts
  if (first) return first.rolloutId
  throw new Refused(exitCodes.refused, 'Nothing was rolled out yet.')
}

function textOf({ releases, rollouts }: UpdatesShown): string {
  if (releases.length === 0) return 'There is no release.\n'
  const rows = releases.map((one) => [
    ...[String(one.number), one.release, one.targets.join(' '), textTime(one.addedMs)],
    ...[one.addedBy, textTime(one.expiresMs)],
  ])
  const heads = ['NUMBER', 'RELEASE', 'FOR', 'ADDED (UTC)', 'BY', 'UNTIL (UTC)']
  return [textTable(heads, rows), ...rollouts.map(ringTable)].join('\n')
}
