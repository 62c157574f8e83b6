// person, pin and session: who there is, what they prove themselves with, and where they are now.

import type { Command } from 'commander'
import { z } from 'zod'
import {
  peoplePage,
  personAdded,
  personShown,
  revoked,
  sessionsPage,
} from '@wardkey/protocol/admin/people'
import type { PersonChange, PersonShown, PersonSummary } from '@wardkey/protocol/admin/people'
import type { CommandTools } from './command-tools.ts'
import { exitCodes, Refused } from './exit.ts'
import { readPin } from './read-pin.ts'
import { textTable, textTime } from './text-table.ts'

const nothing = z.null()
const each = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
]

export function addPersonCommands(program: Command, tools: CommandTools): void {
  const person = program.command('person').description('people: add, list, show, change, revoke')
  person
    .command('add')
    .description('add a person')
    .requiredOption('--given <name>', 'given name')
    .requiredOption('--family <name>', 'family name')
    .requiredOption('--role <role>', 'a role; more than once for more roles', each)
    .option('--staff-number <number>', 'HR’s number, for emergency access without the badge')
    .addHelpText(
      'after',
      '\nExample:\n  wardkey-broker person add --given Rosa --family Santos --role nurse\n' +
        '\nUser names are HR’s, and come by SCIM or a list: docs/badges.md.',
    )
    .action(async (asked: AddOptions) => {
      const { given, family, role, staffNumber } = asked
      const number = staffNumber === undefined ? {} : { staffNumber }
      const body = { name: { given, family }, roles: role, ...number }
      const added = await tools.client().ask('POST', '/people', personAdded, body)
      tools.say(added, `${added.personId}\n`)
    })
  person
    .command('list')
    .description('list all people')
    .action(async () => {
      const people = await allPeople(tools)
      tools.say({ people }, people.length === 0 ? 'There is nobody yet.\n' : tableOf(people))
    })
  person
    .command('show <person>')
    .description('show one person, and where she is now')
    .action(async (id: string) => {
      const path = `/people/${encodeURIComponent(id)}`
      const shown = await tools.client().ask('GET', path, personShown)
      tools.say(shown, textOf(shown))
    })
  person
    .command('change <person>')
    .description('change names, roles or staff number, or bring somebody back to work')
    .option('--given <name>', 'given name; with --family')
    .option('--family <name>', 'family name; with --given')
    .option('--role <role>', 'the roles from now on; more than once for more', each)
    .option('--staff-number <number>', 'HR’s number; - takes it away')
    .option('--active', 'back from leave or suspension')
    .action(async (id: string, asked: ChangeOptions) => {
      const path = `/people/${encodeURIComponent(id)}`
      await tools.client().ask('PATCH', path, nothing, changeOf(asked))
      tools.say({ changed: true }, 'Changed.\n')
    })
  addRevoke(person, tools)
  addPin(program, tools)
  addSession(program, tools)
}

function addRevoke(person: Command, tools: CommandTools): void {
  person
    .command('revoke <person>')
    .description('end a person’s access: her sessions end and her screens lock, at once')
    .requiredOption('--status <status>', 'on-leave, suspended, or terminated (for good)')
    .action(async (id: string, { status }: { status: string }) => {
      const path = `/people/${encodeURIComponent(id)}/revocation`
      const { sessions } = await tools.client().ask('POST', path, revoked, { status })
      tools.say({ sessions }, `Revoked. Sessions ended: ${String(sessions)}.\n`)
    })
}

function addPin(program: Command, tools: CommandTools): void {
  program
    .command('pin')
    .description('PINs')
    .command('set <person>')
    .description('set or reset a PIN: typed unseen, or one line on standard input')
    .addHelpText('after', '\nA PIN is never an argument: others could read it in the process list.')
    .action(async (id: string) => {
      const client = tools.client()
      const pin = await readPin(process.stdin, (text) => {
        process.stderr.write(text)
      })
      await client.ask('PUT', `/people/${encodeURIComponent(id)}/pin`, nothing, { pin })
      tools.say({ set: true }, 'The PIN is set.\n')
    })
}

function addSession(program: Command, tools: CommandTools): void {
  program
    .command('session')
    .description('sessions')
    .command('list')
    .description('who is where now')
    .action(async () => {
      const { sessions } = await tools.client().ask('GET', '/sessions', sessionsPage)
      const rows = sessions.map((session) => [
        session.place,
        session.zoneId,
        session.name ? `${session.name.given} ${session.name.family}` : session.personId,
        session.state,
        textTime(session.changedMs),
      ])
      const text = textTable(['PLACE', 'ZONE', 'PERSON', 'STATE', 'SINCE (UTC)'], rows)
      tools.say({ sessions }, sessions.length === 0 ? 'Nobody is signed in.\n' : text)
    })
}

interface AddOptions {
  readonly given: string
  readonly family: string
  readonly role: readonly string[]
  readonly staffNumber?: string
}

interface ChangeOptions {
  readonly staffNumber?: string
  readonly given?: string
  readonly family?: string
  readonly role?: string[]
  readonly active?: boolean
}

function changeOf({ given, family, role, active, staffNumber }: ChangeOptions): PersonChange {
  if ((given === undefined) !== (family === undefined)) {
    throw new Refused(exitCodes.usage, '--given and --family belong together.')
  }
  return {
    ...(given !== undefined && family !== undefined ? { name: { given, family } } : {}),
    ...(role === undefined ? {} : { roles: role }),
    ...(staffNumber === undefined ? {} : { staffNumber: staffNumber === '-' ? null : staffNumber }),
    ...(active === true ? { isActive: true } : {}),
  }
}

async function allPeople(tools: CommandTools): Promise<readonly PersonSummary[]> {
  const client = tools.client()
  const people: PersonSummary[] = []
  for (let path: string | undefined = '/people?limit=500'; path !== undefined;) {
    const page: z.infer<typeof peoplePage> = await client.ask('GET', path, peoplePage)
    people.push(...page.people)
    path = page.next === undefined ? undefined : `/people?limit=500&after=${page.next}`
  }
  return people
}

const nameOf = ({ name }: Pick<PersonSummary, 'name'>): string =>
  name ? `${name.given} ${name.family}` : '(forgotten)'

function tableOf(people: readonly PersonSummary[]): string {
  const rows = people.map((person) => [
    person.personId,
    nameOf(person),
    person.status,
    person.roles.join(' '),
  ])
  return textTable(['ID', 'NAME', 'STATUS', 'ROLES'], rows)
}

function textOf(shown: PersonShown): string {
  const { session } = shown
  const where = session
    ? `${session.state} at ${session.place} since ${textTime(session.changedMs)} UTC`
    : 'not signed in'
  return [
    `${nameOf(shown)}  ${shown.personId}`,
    `  status   ${shown.status}`,
    `  roles    ${shown.roles.join(' ')}`,
    `  PIN      ${shown.pin}`,
    ...(shown.staffNumber === undefined ? [] : [`  number   ${shown.staffNumber}`]),
    `  badges   ${String(shown.badges)}`,
    `  session  ${where}`,
    '',
  ].join('\n')
}
