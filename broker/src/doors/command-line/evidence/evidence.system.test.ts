// evidence as it is used, against a whole broker: made, written once, verified without the broker,
// and not valid with a byte changed, another key, or another record's checkpoint.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scopes } from '@wardkey/protocol/admin/scopes'
import { openBroker } from '../../../../../test/kit/broker.ts'
import type { Broker } from '../../../../../test/kit/broker.ts'
import { readZip } from '../../../audit/evidence/archive/stored-zip.ts'
import { addPerson } from '../../../flows/add-person.ts'
import { makeAdminToken } from '../../../flows/admin-tokens.ts'
import { AdminClient } from '../admin-client.ts'
import { exitCodes, Refused } from '../exit.ts'
import { addEvidenceCommands } from './evidence-commands.ts'

describe('evidence', () => {
  let broker: Broker
  let folder: string
  let token: string
  const today = new Date().toISOString().slice(0, 10)
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
  const place = (name: string): string => join(folder, name)

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wardkey-evidence-'))
    broker = await openBroker()
    const { needs } = broker.running
    const made = makeAdminToken({ name: 'kit', scopes }, needs)
    token = (await needs.perform(() => Promise.resolve(made))).answer.token
    const order = { name: { given: 'Rosalind', family: 'Quirk' }, roles: ['nurse'], by: 'kit' }
    await needs.perform(() => addPerson(order, needs))
    writeFileSync(place('record.vkey'), broker.running.recordKey)
  })
  afterAll(async () => {
    await broker.close()
    rmSync(folder, { recursive: true })
  })

  const run = async (...words: string[]): Promise<{ code: number; said: string }> => {
    let said = ''
    const program = new Command().exitOverride()
    addEvidenceCommands(program, {
      settings: () => {
        throw new Error('no settings are asked for')
      },
      isJson: () => false,
      adminTokenFile: '',
      verifyRecord: () => Promise.resolve(0),
      client: () => new AdminClient({ url: broker.running.adminUrl, token, certFile: '' }),
      say: (_value, text) => {
        said = text
      },
    })
    try {
      await program.parseAsync(['evidence', ...words], { from: 'user' })
      return { code: 0, said }
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown
      return { code: thrown.exitCode, said: thrown.message }
    }
  }
  const make = (out: string, ...more: string[]) =>
    run('--from', yesterday, '--to', today, '--out', place(out), ...more)
  const verify = (file: string, ...more: string[]) =>
    run('verify', place(file), '--vkey', place('record.vkey'), ...more)

  it('is written once, for nobody else to read, and says how it stands', async () => {
    const made = await make('one.zip', '--purpose', 'external-audit')
    expect(made).toMatchObject({ code: 0, said: expect.stringContaining('not applicable here') })
    expect(statSync(place('one.zip')).mode & 0o077).toBe(0)
    expect(readFileSync(place('one.zip'), 'latin1')).not.toMatch(/Rosalind|Quirk/)
    const again = await make('one.zip')
    expect(again).toMatchObject({
      code: exitCodes.refused,
      said: expect.stringContaining('already'),
    })
  })
  it('is valid by the key alone, and continues the one before', async () => {
    expect(await verify('one.zip')).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^Valid/),
    })
    const note = readZip(readFileSync(place('one.zip')))!.find((f) => f.name === 'checkpoint.note')!
    writeFileSync(place('visit.note'), note.bytes)
    expect((await make('two.zip', '--since', place('visit.note'))).code).toBe(0)
    const stands = await verify('two.zip', '--checkpoint', place('visit.note'))
    expect(stands).toMatchObject({ code: 0, said: expect.stringContaining('It continues') })
  })
  it('is not valid with a byte changed, by another key, or in place of another file', async () => {
    const bytes = readFileSync(place('one.zip'))
    bytes[Math.floor(bytes.length / 3)]! ^= 1
    writeFileSync(place('changed.zip'), bytes)
    expect(await verify('changed.zip')).toMatchObject({
      code: exitCodes.refused,
      said: expect.stringContaining('NOT valid'),
    })
    const other = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
    expect(await run('verify', place('one.zip'), '--vkey', other)).toMatchObject({
      code: exitCodes.refused,
      said: expect.stringContaining('not signed with this key'),
    })
    expect((await verify('record.vkey')).code).toBe(exitCodes.refused)
    expect((await verify('nowhere.zip')).code).toBe(exitCodes.usage)
    expect((await verify('one.zip', '--checkpoint', place('record.vkey'))).code).toBe(
      exitCodes.usage,
    )
  })
  it('is not made for days that are none, nor from what is no checkpoint', async () => {
    const turned = await run('--from', today, '--to', yesterday, '--out', place('no.zip'))
    expect(turned).toMatchObject({ code: 1, said: expect.stringContaining('evidence-days') })
    const since = await make('no.zip', '--since', place('record.vkey'))
    expect(since.code).toBe(exitCodes.usage)
    expect(() => statSync(place('no.zip'))).toThrow('ENOENT')
  })
})
