import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ClosableLog } from '../../platform/log.ts'
import { version } from '../../platform/version.ts'
import { beginFromCopy } from './begin-from-copy.ts'
import type { FromCopyNeeds } from './begin-from-copy.ts'

let scratch: string
beforeEach(() => {
  scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-from-copy-'))
  fs.mkdirSync(join(scratch, 'agent/lib'), { recursive: true })
  fs.writeFileSync(join(scratch, 'agent/wardkey-agent'), 'program')
})
afterEach(() => {
  fs.rmSync(scratch, { recursive: true })
})

const begin = async (change: Partial<FromCopyNeeds> = {}, key = 'a'.repeat(43), isOn = true) => {
  const said: string[] = []
  const note = (event: string, fields: object): void => {
    said.push(`${event} ${JSON.stringify(fields)}`)
  }
  const close = () => Promise.resolve(void said.push('closed'))
  const log: ClosableLog = { info: note, warn: note, error: note, close }
  const run: string[] = []
  const settings = {
    ...{ 'updates.releaseKey': key, 'updates.enabled': isOn },
    'updates.folder': join(scratch, 'updates'),
  }
  const code = await beginFromCopy(settings, log, {
    program: join(scratch, 'agent/wardkey-agent'),
    execute: (_file, words) => void run.push(words.join(' ')),
    whoElseWrites: () => undefined,
    ...change,
  })
  return { code, run, said }
}
const copies = () => fs.existsSync(join(scratch, 'updates/own/program', version))

describe('install-updates from a copy', () => {
  it('becomes the copy of this release', async () => {
    const { run } = await begin()
    const copy = join(scratch, 'updates/own/program', version, 'wardkey-agent')
    expect(run).toEqual([`${copy} install-updates`])
    expect(fs.readFileSync(copy, 'utf8')).toBe('program')
  })
  it('ends well, and copies nothing, where nothing is updated', async () => {
    for (const one of [await begin({}, ''), await begin({}, 'a'.repeat(43), false)]) {
      expect(one).toEqual({ code: 0, run: [], said: ['closed'] })
    }
    expect(copies()).toBe(false)
  })
  it('runs nothing that others could have written, and is begun again', async () => {
    const { code, run, said } = await begin({ whoElseWrites: () => 'everybody can write it' })
    expect([code, run]).toEqual([70, []])
    expect(said).toEqual(['updates.failed {"code":"internal"}', 'closed'])
  })
  it('is begun again where it could not become the copy', async () => {
    const { code } = await begin({
      execute: () => {
        throw new Error('EACCES /somewhere')
      },
    })
    expect(code).toBe(70)
    expect((await begin()).code).toBe(70)
  })
  it('is nothing for sources, nor where a process cannot become another', async () => {
    expect((await begin({ program: undefined })).code).toBe(64)
    expect((await begin({ execute: undefined })).code).toBe(64)
    expect(copies()).toBe(false)
  })
})
