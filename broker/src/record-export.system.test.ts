// Exports that break off in the middle, of a database and of a broker: no file bears the name of one
// that is not whole, and the same name can be given again.

import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { dayMs, RetentionHouse } from '../../test/kit/retention-house.ts'
import { Program } from '../../test/kit/processes/program.ts'
import { sqliteTestStore } from '../../test/kit/stores.ts'
import type { TestStore } from '../../test/kit/stores.ts'
import { AdminClient } from './doors/command-line/admin-client.ts'
import { addRecordCommands } from './doors/command-line/record-commands.ts'
import { recordMain } from './record-main.ts'

let root: string
let out: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-export-'))
  out = join(root, 'a.ndjson')
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(root, { recursive: true })
})

async function houseOn(opened: TestStore): Promise<{ house: RetentionHouse; sqlite: string }> {
  const house = await RetentionHouse.open({ open: () => Promise.resolve(opened) })
  const { place } = opened
  return { house, sqlite: place.kind === 'sqlite' ? place.path : '' }
}

it('of a database that cannot be read to its end leaves no file', async () => {
  const { house, sqlite } = await houseOn(await sqliteTestStore())
  await house.live(30)
  // The last that is read of it.
  await house.tamper('alter table retention_purge rename to elsewhere')
  const words = ['export', '--sqlite', sqlite, '--out', out]
  expect(await recordMain(words)).not.toBe(0)
  expect(readdirSync(root)).toEqual([])
  await house.tamper('alter table elsewhere rename to retention_purge')
  expect(await recordMain(words)).toBe(0)
  expect(readdirSync(root)).toEqual(['a.ndjson'])
  // And is not written over.
  expect(await recordMain(words)).not.toBe(0)
  await house.core.close()
})
it('of a database that is killed in the middle bears another name', async () => {
  const { house, sqlite } = await houseOn(await sqliteTestStore())
  house.core.pass(dayMs)
  const some = Array.from({ length: 5000 }, () => ({ code: 'PRE-001' as const }))
  for (let n = 0; n < 6; n++) await house.add(some)
  await house.sealer.sealNow()
  const words = ['export', '--sqlite', sqlite, '--out', out]
  const program = new Program('broker/bin/wardkey-record.js', words)
  while (program.isRunning && readdirSync(root).length === 0) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  await program.signal('SIGKILL')
  // It may have been faster: then it is all there.
  const lines = existsSync(out) ? readFileSync(out, 'utf8').split('\n').length : 0
  expect(lines === 0 || lines > 30_000).toBe(true)
  rmSync(out, { force: true })
  expect(await recordMain(words)).toBe(0)
  expect(readdirSync(root)).toEqual(['a.ndjson'])
  await house.core.close()
}, 60_000)

async function brokenBroker(): Promise<{ server: Server; url: string }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.write('{"kind":"header"}\n', () => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` }
}

it('from a broker that breaks off leaves no file, and says why', async () => {
  const { server, url } = await brokenBroker()
  const client = new AdminClient({ url, token: 'x', certFile: '' })
  const program = new Command().exitOverride()
  const no = (): never => {
    throw new Error('not asked for here')
  }
  const tools = { client: () => client, say: no, settings: no, isJson: () => false }
  addRecordCommands(program, { ...tools, adminTokenFile: '', verifyRecord: no })
  const run = () => program.parseAsync(['record', 'export', '--out', out], { from: 'user' })
  await expect(run()).rejects.toThrow('broke off')
  expect(readdirSync(root)).toEqual([])
  writeFileSync(out, 'of somebody')
  await expect(run()).rejects.toThrow('it is there already')
  server.close()
})
