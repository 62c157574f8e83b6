// people remap: whose roles a changed mapping would change, and then that and nothing else. What
// was shown is named by a digest of all of it; where anything moved since, one looks again.

import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { remap } from '@wardkey/protocol/admin/hr'
import type { RemapChange } from '@wardkey/protocol/admin/hr'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'

export interface RemapOptions {
  readonly preview?: boolean
  readonly apply?: string
}

type RemapTools = Pick<CommandTools, 'client' | 'say'>

/** In one unit: each is a row, a fact and perhaps a screen. */
const batch = 200

export async function remapEverybody(options: RemapOptions, tools: RemapTools): Promise<void> {
  if ((options.preview === true) === (options.apply !== undefined)) {
    throw new Refused(exitCodes.usage, 'Either --preview, or --apply with the digest it printed.')
  }
  const changes = await planned(tools)
  const digest = digestOf(changes)
  if (options.apply === undefined) {
    const text =
      changes.length === 0
        ? 'Everybody has the roles that the mapping gives.\n'
        : `${changes.map(lineOf).join('')}${summaryOf(changes)}\nNothing was changed. To do this ` +
          `and nothing else:\n  wardkey-broker people remap --apply ${digest}\n`
    tools.say({ digest, people: changes }, text)
    return
  }
  if (options.apply !== digest) {
    throw new Refused(
      exitCodes.refused,
      'This is not what would change now.\nLook first: wardkey-broker people remap --preview',
    )
  }
  await apply(changes, tools)
}

async function apply(changes: readonly RemapChange[], tools: RemapTools): Promise<void> {
  const client = tools.client()
  const changed: string[] = []
  const moved: string[] = []
  for (let from = 0; from < changes.length; from += batch) {
    const order = { people: changes.slice(from, from + batch) }
    const done = await client.ask('POST', '/people/remap', remap.done, order)
    changed.push(...done.changed)
    moved.push(...done.moved)
  }
  const text = `changed ${String(changed.length)}, moved since ${String(moved.length)}\n`
  tools.say({ changed, moved }, text)
  if (moved.length > 0) {
    throw new Refused(exitCodes.refused, 'Not everybody was changed: look at the preview again.')
  }
}

async function planned(tools: RemapTools): Promise<readonly RemapChange[]> {
  const client = tools.client()
  const all: RemapChange[] = []
  for (let path: string | undefined = '/people/remap?limit=500'; path !== undefined;) {
    const page: z.infer<typeof remap.page> = await client.ask('GET', path, remap.page)
    all.push(...page.people)
    path = page.next === undefined ? undefined : `/people/remap?limit=500&after=${page.next}`
  }
  return all
}

/** Short enough to type, long enough that nobody makes another plan of the same. */
function digestOf(changes: readonly RemapChange[]): string {
  const rows = changes.map(({ personId, had, roles }) => [personId, had, roles])
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 32)
}

const without = (all: readonly string[], some: readonly string[]): readonly string[] =>
  all.filter((one) => !some.includes(one))

function lineOf({ personId, had, roles }: RemapChange): string {
  const gained = without(roles, had).map((role) => ` +${role}`)
  const lost = without(had, roles).map((role) => ` -${role}`)
  return `${personId} ${[...gained, ...lost].join('')}${roles.length === 0 ? '  NO ROLE LEFT' : ''}\n`
}

function summaryOf(changes: readonly RemapChange[]): string {
  const losing = changes.filter(({ had, roles }) => without(had, roles).length > 0).length
  const bare = changes.filter(({ roles }) => roles.length === 0).length
  return (
    `${String(changes.length)} people, of whom ${String(losing)} lose a role: their open screens ` +
    `lock. ${String(bare)} have no role left.`
  )
}
