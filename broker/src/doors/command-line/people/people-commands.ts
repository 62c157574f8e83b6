// people: HR's file, who is mapped to no role, and which rule gives which role and why.

import type { Command } from 'commander'
import type { z } from 'zod'
import { unmappedPage } from '@wardkey/protocol/admin/hr'
import type { UnmappedPerson } from '@wardkey/protocol/admin/hr'
import { mapRoles, missesOf } from '../../../flows/hr/map-roles.ts'
import type { Mappable } from '../../../flows/hr/map-roles.ts'
import type { CommandTools } from '../command-tools.ts'
import { textTable } from '../text-table.ts'
import { importPeople } from './import-command.ts'
import type { ImportOptions } from './import-command.ts'
import { addAdoptCommand } from './adopt-command.ts'
import { addCoverageCommand } from './coverage-command.ts'
import { remapEverybody } from './remap-command.ts'
import type { RemapOptions } from './remap-command.ts'

const each = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
]

export function addPeopleCommands(program: Command, tools: CommandTools): void {
  const people = program
    .command('people')
    .description('people from HR: import, adopt, mapping, unmapped; and who lacks what')
  people
    .command('import <file>')
    .description('take HR’s file (CSV): look at what it would do, then do that')
    .option('--preview', 'show row by row what would change; changes nothing')
    .option('--apply <digest>', 'do what the preview with this digest showed, and nothing else')
    .option('--delimiter <character>', 'between cells (default: comma, semicolon or tab)')
    .option('--encoding <name>', 'of the file (default: UTF-8, or by its byte order mark)')
    .addHelpText(
      'after',
      '\nA column that the file does not have changes nothing; an empty cell takes away.\n' +
        'Applying may be stopped and repeated: what is done is done once.\n' +
        'Columns and an example: docs/people-from-hr.md.',
    )
    .action(async (file: string, options: ImportOptions) => {
      await importPeople(file, options, tools)
    })
  addAdoptCommand(people, tools)
  addCoverageCommand(people, tools)
  people
    .command('remap')
    .description('apply a changed people.roles to people who are here: look first, then do that')
    .option('--preview', 'show who would gain or lose which roles; changes nothing')
    .option('--apply <digest>', 'do what the preview with this digest showed, and nothing else')
    .action(async (options: RemapOptions) => {
      await remapEverybody(options, tools)
    })
  people
    .command('unmapped')
    .description('people from HR to whom no rule of people.roles gives a role')
    .action(async () => {
      const all = await allUnmapped(tools)
      tools.say({ people: all }, all.length === 0 ? 'Everybody has a role.\n' : tableOf(all))
    })
  people
    .command('map')
    .description(
      'which rules of people.roles fit, which roles they give, and why the others do not',
    )
    .option('--job-code <code>')
    .option('--department <name>')
    .option('--division <name>')
    .option('--location <name>')
    .option('--company <name>')
    .option('--group <name>', 'more than once for more groups', each)
    .option('--scim-role <role>', 'more than once for more roles', each)
    .action((about: MapOptions) => {
      const rules = tools.settings()['people.roles']
      const { group = [], scimRole = [], ...words } = about
      const asked: Mappable = { ...words, groups: group, scimRoles: scimRole }
      const { roles, rules: fitting } = mapRoles(rules, asked)
      const misses = rules.map((rule) => ({ rule: rule.name, misses: missesOf(rule, asked) }))
      const lines = rules.map((rule, at) => {
        const missing = misses[at]?.misses ?? []
        return missing.length === 0
          ? `  fits   ${rule.name}: ${rule.roles.join(' ')}\n`
          : `  no     ${rule.name}: ${missing.join(', ')}\n`
      })
      const head = roles.length === 0 ? 'No role: no rule fits.\n' : `${roles.join(' ')}\n`
      const body = rules.length === 0 ? 'There are no rules: set people.roles.\n' : lines.join('')
      tools.say({ roles, rules: fitting, misses }, `${head}${body}`)
    })
}

interface MapOptions {
  readonly jobCode?: string
  readonly department?: string
  readonly division?: string
  readonly location?: string
  readonly company?: string
  readonly group?: readonly string[]
  readonly scimRole?: readonly string[]
}

async function allUnmapped(tools: CommandTools): Promise<readonly UnmappedPerson[]> {
  const client = tools.client()
  const all: UnmappedPerson[] = []
  for (let path: string | undefined = '/people/unmapped?limit=500'; path !== undefined;) {
    const page: z.infer<typeof unmappedPage> = await client.ask('GET', path, unmappedPage)
    all.push(...page.people)
    path = page.next === undefined ? undefined : `/people/unmapped?limit=500&after=${page.next}`
  }
  return all
}

function tableOf(people: readonly UnmappedPerson[]): string {
  const rows = people.map((one) => [
    one.personId,
    one.name ? `${one.name.given} ${one.name.family}` : '(forgotten)',
    one.jobCode ?? '-',
    one.department ?? '-',
    one.location ?? '-',
    one.groups.join(', '),
  ])
  return textTable(['ID', 'NAME', 'JOB CODE', 'DEPARTMENT', 'LOCATION', 'GROUPS'], rows)
}
