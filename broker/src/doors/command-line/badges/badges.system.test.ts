// badge import as it is used, against a whole broker: what is shown, what is applied, and what is
// said of a list that cannot be read.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { scopes } from '@wardkey/protocol/admin/scopes'
import { openBroker } from '../../../../../test/kit/broker.ts'
import type { Broker } from '../../../../../test/kit/broker.ts'
import { addPerson } from '../../../flows/add-person.ts'
import { makeAdminToken } from '../../../flows/admin-tokens.ts'
import { AdminClient } from '../admin-client.ts'
import { addLostCommands } from './loaner-commands.ts'
import { importBadges } from './import-badges.ts'
import type { BadgeImportOptions } from './import-badges.ts'

describe('badge import', () => {
  let broker: Broker
  let folder: string
  let file: string
  let token: string

  beforeAll(async () => {
    broker = await openBroker({ 'badges.allowed': ['H10301:123'] })
    const { needs } = broker.running
    const made = makeAdminToken({ name: 'kit', scopes }, needs)
    token = (await needs.perform(() => Promise.resolve(made))).answer.token
    for (const staffNumber of ['N-4711', 'N-4712']) {
      const order = { name: { given: 'Rosa', family: 'Santos' }, roles: [], staffNumber, by: 'kit' }
      await needs.perform(() => addPerson(order, needs))
    }
  })
  afterAll(async () => {
    await broker.close()
  })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardkey-badges-'))
    file = join(folder, 'badges.csv')
    return () => {
      rmSync(folder, { recursive: true })
    }
  })

  const run = async (options: BadgeImportOptions): Promise<string> => {
    let said = ''
    const url = broker.running.adminUrl
    await importBadges(file, options, {
      client: () => new AdminClient({ url, token, certFile: '' }),
      say: (_value, text) => {
        said = text
      },
    })
    return said
  }
  const digestIn = (text: string): string => / --apply ([0-9a-f]{32})/.exec(text)?.[1] ?? ''
  const badges = () => broker.running.needs.db.selectFrom('badge').selectAll().execute()

  it('shows whom each row means, how the first card is written elsewhere, and then does it', async () => {
    writeFileSync(
      file,
      'staff number;number;format\nN-4711;123-4567;\nN-4712;123-4568;\nN-4712;200-1;H10301\nN-9;123-9;\n',
    )
    const shown = await run({ preview: true, format: 'H10301' })
    expect(shown).toMatch(/ 2 {2}enrols {2}R\. Santos/)
    expect(shown).toMatch(/ 4 {2}refused R\. Santos .* badge-not-allowed/)
    expect(shown).toMatch(/ 5 {2}refused person-unknown/)
    expect(shown).toContain('10111101100010001110101110')
    expect(await badges()).toEqual([])
    expect(readFileSync(`${file}.plan.json`, 'utf8')).not.toMatch(/4567|Santos|N-47/)
    const digest = digestIn(shown)
    await expect(run({ apply: digest, format: 'H10306' })).rejects.toThrow('changed since')
    await expect(run({ apply: '0'.repeat(32), format: 'H10301' })).rejects.toThrow('digest')
    expect(await run({ apply: digest, format: 'H10301' })).toContain('enrols 2')
    expect(await badges()).toHaveLength(2)
    expect(await run({ apply: digest, format: 'H10301' })).toContain('same 2')
  })

  describe('report-lost', () => {
    const report = async (who: string): Promise<string> => {
      let said = ''
      const url = broker.running.adminUrl
      const program = new Command().exitOverride()
      addLostCommands(program, {
        client: () => new AdminClient({ url, token, certFile: '' }),
        say: (_value, text) => {
          said = text
        },
      })
      await program.parseAsync(['report-lost', who], { from: 'user' })
      return said
    }
    it('takes a staff number', async () => {
      expect(await report('N-4712')).toMatch(/badge/)
    })
    it.each(['N-9', 'Rosa'])(
      'says of %s what it took that for, and not the number',
      async (who) => {
        await expect(report(who)).rejects.toThrow(/Nobody has that staff number.*\n.*person list/)
        await expect(report(who)).rejects.not.toThrow(who)
      },
    )
    it('says of an id that nobody has nothing about staff numbers', async () => {
      await expect(report('0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55')).rejects.toThrow(
        /There is no such person\.\n.*person list/,
      )
    })
  })

  it.each([
    ['number,name\n1,2\n', { format: 'hex' }, 'there have to be a column number'],
    ['number,staff_number,user_name\n1,2,3\n', { format: 'hex' }, 'one of staff_number'],
    ['number,staff_number\n1,2\n', {}, 'how are the numbers written'],
    ['number,staff_number\n1,2\n', { format: 'morse' }, 'no such format'],
    ['number,staff_number\n1,2,3\n', { format: 'hex' }, ':2: it has 3 cells'],
  ])('says what is wrong with %j', async (text, options, what) => {
    writeFileSync(file, text)
    await expect(run({ preview: true, ...options })).rejects.toThrow(what)
  })

  it('takes neither of two rows with one card, whatever the form, and no number that is none', async () => {
    writeFileSync(
      file,
      'staff_number,number,format\nN-4711,123-77,H10301\nN-4712,77,H10301:123\nN-4712,12x,hex\nN-4712,1-2,what\n',
    )
    const shown = await run({ preview: true })
    expect(shown).toMatch(/ 2 {2}refused twice-in-file/)
    expect(shown).toMatch(/ 3 {2}refused twice-in-file/)
    expect(shown).toMatch(/ 4 {2}refused number-not-of-format/)
    expect(shown).toMatch(/ 5 {2}refused format-unknown/)
    expect(shown).toContain('enrols 0, same 0, refused 4')
  })
})
