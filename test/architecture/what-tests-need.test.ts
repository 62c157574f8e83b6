// What tests ask for before they run is what test/run gives: a name misspelt on either side would
// skip them for ever, and nobody would see it.

import { describe, expect, it } from 'vitest'
import { filesEnding } from './source-tree.ts'
import type { SourceFile } from './source-tree.ts'

const asked = /process\.env\['(WARDKEY_(?:HAS|TEST)_[A-Z0-9_]+)'\]/g
const given = /export (WARDKEY_(?:HAS|TEST)_[A-Z0-9_]+)=/g

function neverGiven(tests: readonly SourceFile[], run: string): string[] {
  const names = new Set(Array.from(run.matchAll(given), ([, name]) => name))
  return tests.flatMap(({ path, text }) =>
    Array.from(text.matchAll(asked), ([, name]) => name)
      .filter((name) => !names.has(name))
      .map((name) => `${path} asks for ${String(name)}`),
  )
}

describe('what tests need', () => {
  const run = filesEnding('test/run')[0]?.text ?? ''
  it('is what test/run finds for them', () => {
    expect(neverGiven(filesEnding('.ts'), run)).toEqual([])
  })
  it('is asked for in each stage that can skip, or this test sees nothing', () => {
    expect(neverGiven(filesEnding('.ts'), '').length).toBeGreaterThan(5)
  })
  it('is seen to be misspelt', () => {
    const text = ["process.env['WARDKEY_HAS_", "CHROMUIM']"].join('')
    expect(neverGiven([{ path: 'a.test.ts', text }], run)).toHaveLength(1)
  })
})
