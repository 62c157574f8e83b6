// What the log lets through, whatever it is handed.

import { expect, it } from 'vitest'
import { onlyAllowed } from './log.ts'

it('keeps fields that are on the list and drops every other', () => {
  const smuggled = { code: 'x', pin: '48215937', frame: '{"pin":"1"}', name: 'Rosa', __proto__: 1 }
  expect(onlyAllowed(smuggled)).toEqual({ code: 'x' })
})
it('drops what is neither text nor number, and cuts what is long', () => {
  const odd = { code: { pin: '1' }, reason: 'r'.repeat(500), count: 3 } as unknown as {
    reason: string
  }
  expect(onlyAllowed(odd)).toEqual({ reason: 'r'.repeat(200), count: 3 })
})
