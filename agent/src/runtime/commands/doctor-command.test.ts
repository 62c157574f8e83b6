// How the doctor answers: its exit codes, its words, and the file that it writes, or does not.

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seen, wellFacts } from '../doctor/facts-for-tests.ts'
import type { Facts } from '../doctor/facts.ts'
import { doctorCommand } from './doctor-command.ts'
import type { DoctorOptions } from './doctor-command.ts'
import { exitCodes } from './exit-codes.ts'

const versions = { agent: '0.1.0', node: 'v22', platform: 'linux', arch: 'x64', system: '6.1' }
let folder: string
let answers: string[]
let says: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-doctor-'))
  answers = []
  says = []
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})
const run = (options: DoctorOptions, spoilt: Partial<Facts> = {}) =>
  doctorCommand(options, () => Promise.resolve({ ...wellFacts, ...spoilt }), versions, {
    answer: (text) => answers.push(text),
    say: (text) => says.push(text),
  })
const low = { freeBytes: seen(400 * 1024 * 1024) }
const full = { freeBytes: seen(0) }

describe('the doctor', () => {
  it('ends by the worst that it found', async () => {
    expect(await run({})).toBe(0)
    expect(await run({}, low)).toBe(1)
    expect(await run({}, { ...full, agent: seen({ kind: 'not-seen' }) })).toBe(2)
  })
  it('says what to do where something is to be done, and only there', async () => {
    await run({}, low)
    expect(answers).toContain('warn  disk-low: Less than 500 MB are left on the disk. [400 MB]')
    expect(answers).toContain('      Make room.')
    expect(answers.join()).not.toContain('Nothing.')
  })
  it('is one JSON object for programs', async () => {
    await run({ json: true }, full)
    expect(answers).toHaveLength(1)
    expect(JSON.parse(answers[0] ?? '')).toMatchObject({
      level: 'fail',
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'disk-full', level: 'fail', next: 'Make room now.' }),
      ]) as unknown,
    })
  })
  it('writes a bundle for its reader only, with the end of the log', async () => {
    const log = join(folder, 'agent.log')
    const line = { timestamp: '2031-05-05T12:00:00.000Z', level: 'info', message: 'link.up' }
    writeFileSync(log, `${'x'.repeat(600_000)}\n${JSON.stringify(line)}\n`)
    const bundle = join(folder, 'bundle.json')
    expect(await run({ bundle, log })).toBe(0)
    expect(JSON.parse(readFileSync(bundle, 'utf8'))).toMatchObject({ log: { lines: [line] } })
    if (process.platform !== 'win32') expect(statSync(bundle).mode & 0o777).toBe(0o600)
  })
})

describe('the doctor refuses', () => {
  it('to write over a file that is there', async () => {
    const bundle = join(folder, 'bundle.json')
    writeFileSync(bundle, 'mine')
    expect(await run({ bundle })).toBe(exitCodes.usage)
    expect(readFileSync(bundle, 'utf8')).toBe('mine')
  })
  it('a folder that is not there', async () => {
    expect(await run({ bundle: join(folder, 'none/bundle.json') })).toBe(exitCodes.usage)
  })
  it('a log that is not there, or without a bundle to put it in, before it looks', async () => {
    const bundle = join(folder, 'bundle.json')
    expect(await run({ bundle, log: join(folder, 'none.log') })).toBe(exitCodes.usage)
    expect(await run({ bundle, log: folder })).toBe(exitCodes.usage)
    expect(await run({ log: join(folder, 'x') })).toBe(exitCodes.usage)
    expect(existsSync(bundle)).toBe(false)
    expect(answers).toEqual([])
  })
})
