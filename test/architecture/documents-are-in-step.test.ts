// What is made from the code is what the code says, and a document that lags is found.

import { describe, expect, it } from 'vitest'
import { generatedDocuments } from '../../docs/generate/generated-documents.ts'
import { filesEnding } from './source-tree.ts'
import type { SourceFile } from './source-tree.ts'

/** Generated documents that say something else than the code, or are not there. */
function behind(made: ReadonlyMap<string, string>, found: readonly SourceFile[]): string[] {
  return [...made].flatMap(([name, text]) =>
    found.find(({ path }) => path === name)?.text === text ? [] : [name],
  )
}

describe('generated documents', () => {
  const made = generatedDocuments()
  it('are what npm run docs would write', () => {
    expect(behind(made, filesEnding('.md', '.admx', '.adml', '.mobileconfig', '.yaml'))).toEqual([])
  })
  it('are seen to lag', () => {
    const [name = '', text = ''] = [...made][0] ?? []
    expect(behind(made, [])).toHaveLength(made.size)
    expect(behind(made, [{ path: name, text: `${text} ` }])).toContain(name)
  })
  it('leave no setting without a sentence and no code without one', () => {
    const empty = [...made].flatMap(([name, text]) =>
      text.split('\n').flatMap((line) => (/^\| `[^`]+` \| +\|/.test(line) ? [name + line] : [])),
    )
    expect(empty).toEqual([])
  })
})
