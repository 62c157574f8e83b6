// people import as it is used, against a whole broker: what is shown, what is applied, what is
// said of a file that is wrong, and that a torn import goes on.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { scopes } from '@wardkey/protocol/admin/scopes'
import { openBroker } from '../../../../../test/kit/broker.ts'
import type { Broker } from '../../../../../test/kit/broker.ts'
import { makeAdminToken } from '../../../flows/admin-tokens.ts'
import { AdminClient } from '../admin-client.ts'
import type { CommandTools } from '../command-tools.ts'
import { importPeople } from './import-command.ts'
import type { ImportOptions } from './import-command.ts'

const head = 'user_name,given_name,family_name,job_code,shoe size'
const roles = [{ name: 'nurses', jobCode: 'RN*', roles: ['nurse'] }]

describe('people import', () => {
  let broker: Broker
  let folder: string
  let file: string
  let token: string
  let said: { value: unknown; text: string }[]

  beforeAll(async () => {
    broker = await openBroker({ 'people.roles': roles })
    const { needs } = broker.running
    const made = makeAdminToken({ name: 'kit', scopes }, needs)
    token = (await needs.perform(() => Promise.resolve(made))).answer.token
  })
  afterAll(async () => {
    await broker.close()
  })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardkey-import-'))
    file = join(folder, 'hr.csv')
    said = []
    return () => {
      rmSync(folder, { recursive: true })
    }
  })

  const run = async (options: ImportOptions): Promise<string> => {
    said = []
    const url = broker.running.adminUrl
    const tools: Pick<CommandTools, 'client' | 'say'> = {
      client: () => new AdminClient({ url, token, certFile: '' }),
      say: (value, text) => {
        said.push({ value, text })
      },
    }
    await importPeople(file, options, tools)
    return said[0]?.text ?? ''
  }
  const digestIn = (text: string): string => / --apply ([0-9a-f]{32})/.exec(text)?.[1] ?? ''
  const people = () =>
    broker.running.needs.db.selectFrom('person_hr').selectAll().orderBy('person_id').execute()

  it('shows each row with its line, then does that and nothing else, and once', async () => {
    writeFileSync(
      file,
      `\ufeff${head}\r\nana,Ana,"Quarter, maine",RN2,38\r\nben,Ben,Sample,X,40\r\n`,
    )
    const text = await run({ preview: true })
    expect(text).toContain('     2  joins     roles: nurse (by nurses)')
    expect(text).toContain('     3  joins     NO ROLE: no rule fits')
    expect(text).toContain('shoe size')
    expect(text).toContain(
      'joins 2, adopts 0, returns 0, changes 0, ends 0, same 0, refused 0; without a role 1',
    )
    expect(await people()).toEqual([])
    expect(readFileSync(`${file}.plan.json`, 'utf8')).not.toContain('maine')
    const digest = digestIn(text)
    expect(await run({ apply: digest })).toContain('joins 2')
    expect(await people()).toHaveLength(2)
    // Torn and repeated: the same digest, and what is done is done once.
    expect(await run({ apply: digest })).toContain(
      'joins 0, adopts 0, returns 0, changes 0, ends 0, same 2',
    )
    expect(await people()).toMatchObject([{ version: 1 }, { version: 1 }])
    expect(await run({ preview: true })).toContain('same 2')
  })
  it('applies no other file, no other digest, and nothing that nobody looked at', async () => {
    writeFileSync(file, `${head}\ncara,Cara,Sample,RN1,1\n`)
    await expect(run({ apply: 'a'.repeat(32) })).rejects.toThrow(/no preview/)
    const digest = digestIn(await run({ preview: true }))
    await expect(run({ apply: 'a'.repeat(32) })).rejects.toThrow(/digest/)
    writeFileSync(file, `${head}\ncara,Cara,Sample,X,1\n`)
    await expect(run({ apply: digest })).rejects.toThrow(/was changed/)
    expect((await people()).some((row) => row.job_code === 'RN1')).toBe(false)
  })
  it('says what moved since it was shown, and goes on with the rest', async () => {
    writeFileSync(file, `${head}\ndora,Dora,Sample,RN1,1\n`)
    await run({ apply: digestIn(await run({ preview: true })) })
    writeFileSync(file, `${head}\ndora,Dora,Sample,RN2,1\nemil,Emil,Sample,RN1,1\n`)
    const digest = digestIn(await run({ preview: true }))
    const plan = readFileSync(`${file}.plan.json`, 'utf8')
    writeFileSync(file, `${head}\ndora,Dora,Sample,RN3,1\n`)
    await run({ apply: digestIn(await run({ preview: true })) })
    writeFileSync(file, `${head}\ndora,Dora,Sample,RN2,1\nemil,Emil,Sample,RN1,1\n`)
    writeFileSync(`${file}.plan.json`, plan)
    await expect(run({ apply: digest })).rejects.toThrow(/Not every row/)
    expect(said[0]?.text).toContain('import-moved')
    const codes = (await people()).map((row) => row.job_code)
    expect(codes).toContain('RN3')
    expect(said[0]?.text).toContain('joins 1')
  })
  it('takes neither of two rows with one name', async () => {
    writeFileSync(file, `${head}\nfay,Fay,Sample,RN,1\nFAY,Fay,Sample,RN,1\n`)
    const text = await run({ preview: true })
    expect(text.match(/twice-in-file/g)).toHaveLength(2)
  })
  it.each([
    ['', /no rows/],
    [`${head}\n`, /no rows/],
    ['given_name\nAna\n', /column user_name/],
    ['user_name,login\na,b\n', /mean the same/],
    [`${head}\nana,"An"a,x,y,z\n`, /hr\.csv:2: something stands after/],
    [`${head}\nana\n`, /hr\.csv:2: it has 1 cells/],
    [Buffer.from(`${head}\nzo\xeb,a,b,c,d\n`, 'latin1'), /not utf-8/],
  ])('refuses %j', async (content, message) => {
    writeFileSync(file, content)
    await expect(run({ preview: true })).rejects.toThrow(message)
  })
  it('reads other encodings and separators where they are named or marked', async () => {
    writeFileSync(file, Buffer.from('user_name;given_name\ngil;Zo\xeb\n', 'latin1'))
    expect(await run({ preview: true, encoding: 'windows-1252' })).toContain('joins 1')
    writeFileSync(file, Buffer.from('\ufeffuser_name\tgiven_name\r\nhal\tZoë\r\n', 'utf16le'))
    expect(await run({ preview: true })).toContain('joins 1')
  })
})
