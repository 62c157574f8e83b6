// Rows for a terminal: each is one line.

import { expect, it } from 'vitest'
import { textTable } from './text-table.ts'

it('never shows a row that is not there, whatever somebody wrote into a cell', () => {
  const note = 'more beds\r\n3   in force  token b'
  expect(textTable(['NO', 'NOTE'], [['2', note]])).toBe(
    'NO  NOTE\n2   more beds 3   in force  token b\n',
  )
})
