// A program of its own in place of ours: one that opens, one that fails, one that never answers.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keyOpensElsewhere } from './key-opens.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-key-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})
const ask = (script: string, withinMs?: number) => {
  const path = join(folder, 'program.cjs')
  writeFileSync(path, script)
  return keyOpensElsewhere({ settings: 'x.yaml', set: { a: 'b=c' } }, [path], withinMs)
}

it('asks with the same settings, and hears that it opens', async () => {
  const told = join(folder, 'told')
  const script = `require('fs').writeFileSync(${JSON.stringify(told)}, process.argv.slice(2).join())`
  expect(await ask(script)).toBe('opens')
  expect(readFileSync(told, 'utf8')).toBe('key-opens,--settings,x.yaml,--set,a=b=c')
})
it('hears that it does not open', async () => {
  expect(await ask('process.exit(69)')).toBe('closed')
})
it('waits for nobody who never answers', async () => {
  expect(await ask('for (;;) {}', 300)).toBe('late')
})
