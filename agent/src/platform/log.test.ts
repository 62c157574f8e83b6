// What can be in a line of the log: names from a list, short values, and nothing else.

import { expect, it } from 'vitest'
import { onlyAllowed } from './log.ts'
import type { LogFields } from './log.ts'

it('keeps fields of the list, as text and numbers', () => {
  const fields: LogFields = { code: 'link-down', attempt: 3 }
  expect(onlyAllowed(fields)).toEqual({ code: 'link-down', attempt: 3 })
})
it('drops what slipped past the types', () => {
  const fields: LogFields = JSON.parse(
    '{"code":"x","pin":"1234","card":"04a1","token":"wke_","name":"Rosa","frame":{"a":1}}',
  )
  expect(onlyAllowed(fields)).toEqual({ code: 'x' })
})
it('drops what is neither text nor a number, and cuts what is long', () => {
  const fields: LogFields = JSON.parse(`{"reason":{"deep":1},"path":"${'x'.repeat(900)}"}`)
  expect(onlyAllowed(fields)).toEqual({ path: 'x'.repeat(200) })
})
