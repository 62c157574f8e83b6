// What the page says of each figure is what docs/figures.md says.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { figures } from '../src/pages/speed/figure-words.ts'

it('means what the documentation says, in its words', () => {
  // Codes of facts are for whoever reads the record.
  const plain = (text: string): string =>
    text.replace(/[`’'.]|\(`PER-003`, `PER-007`\) /g, '').replace(/\s+/g, ' ')
  const docs = plain(readFileSync(new URL('../../../docs/figures.md', import.meta.url), 'utf8'))
  for (const { name, means } of figures) {
    // Two figures share one line there.
    if (/xceptions/.test(name)) continue
    expect(docs).toContain(`| ${name}`)
    for (const part of plain(means).split(/, median|, within|: /))
      expect(docs, name).toContain(part)
  }
})
