// people adopt: HR's system and its name for somebody who was added by hand.

import type { Command } from 'commander'
import { z } from 'zod'
import type { CommandTools } from '../command-tools.ts'

export function addAdoptCommand(people: Command, tools: CommandTools): void {
  people
    .command('adopt <person>')
    .description('say by which name HR’s system knows somebody who was added by hand')
    .requiredOption('--client <name>', 'HR’s system: the name of its token')
    .requiredOption('--user-name <name>', 'as HR’s system sends it')
    .addHelpText(
      'after',
      '\nNothing of her changes by it. HR’s system finds her by that name from its next cycle on,\n' +
        'and her roles are those that people.roles gives then: see wardkey-broker people map.',
    )
    .action(async (person: string, options: AdoptOptions) => {
      await adoptPerson(person, options, tools)
    })
}

interface AdoptOptions {
  readonly client: string
  readonly userName: string
}

async function adoptPerson(
  person: string,
  { client, userName }: AdoptOptions,
  tools: Pick<CommandTools, 'client' | 'say'>,
): Promise<void> {
  const path = `/people/${encodeURIComponent(person)}/adoption`
  await tools.client().ask('POST', path, z.null(), { client, userName })
  tools.say({ personId: person, client }, `HR’s ${client} finds her by that name from now on.\n`)
}
